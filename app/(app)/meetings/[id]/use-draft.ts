"use client";

import { useCallback, useEffect, useState } from "react";

export interface NotesDraft {
  readonly markdown: string;
  /** The version of the notes that it was begun on. */
  readonly version: number;
}

function read(key: string): NotesDraft | null {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(key) ?? "null");
    if (typeof value !== "object" || value === null) return null;
    if (!("markdown" in value) || typeof value.markdown !== "string") return null;
    if (!("version" in value) || typeof value.version !== "number") return null;
    return { markdown: value.markdown, version: value.version };
  } catch {
    // Storage may be forbidden or hold what we did not write.
    return null;
  }
}

/** Unsaved notes of this tab: they outlive a change of view and a reload, and end with the tab. */
export function useDraft(meetingId: string) {
  const key = `harmony-notes-${meetingId}`;
  const [stored, setStored] = useState<NotesDraft | null>(null);
  useEffect(() => setStored(read(key)), [key]);

  const keep = useCallback(
    (draft: NotesDraft) => {
      try {
        sessionStorage.setItem(key, JSON.stringify(draft));
      } catch {
        // Without storage the text lives as long as the editor is open.
      }
    },
    [key],
  );
  const clear = useCallback(() => {
    setStored(null);
    try {
      sessionStorage.removeItem(key);
    } catch {
      // Nothing was stored then.
    }
  }, [key]);
  return { stored, keep, clear };
}
