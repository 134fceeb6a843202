"use client";

import { useEffect, useRef, useState } from "react";
import { ApiClientError } from "@/components/hooks/api-client";
import {
  type OutgoingUpload,
  sendUpload,
  type UploadProgress,
} from "@/components/uploads/send-upload";
import type { UploadView } from "@/lib/uploads/schema";

type Wanted = Pick<OutgoingUpload, "file" | "fields" | "source">;

/** One upload at a time: `progress` while it runs (null otherwise), the last refusal, start and cancel. */
export function useUpload(onDone: (upload: UploadView) => void) {
  const [progress, setProgress] = useState<UploadProgress | null>(null);
  const [error, setError] = useState<ApiClientError | null>(null);
  const running = useRef<AbortController | null>(null);
  const sending = progress !== null;

  useEffect(() => () => running.current?.abort(), []);

  useEffect(() => {
    if (!sending) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [sending]);

  const start = async (wanted: Wanted) => {
    const control = new AbortController();
    running.current = control;
    setError(null);
    setProgress({ sent: 0, total: wanted.file.size });
    try {
      onDone(await sendUpload({ ...wanted, signal: control.signal, onProgress: setProgress }));
    } catch (problem) {
      setProgress(null);
      if (problem instanceof ApiClientError) setError(problem);
      else if (!control.signal.aborted) throw problem;
    }
  };
  const cancel = () => {
    running.current?.abort();
    setProgress(null);
  };
  return { progress, error, start, cancel, clearError: () => setError(null) };
}
