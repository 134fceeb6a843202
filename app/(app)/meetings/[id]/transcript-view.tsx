"use client";

import { useDeferredValue, useMemo, useState } from "react";
import { TranscriptSearch } from "@/app/(app)/meetings/[id]/transcript-search";
import { type Target, TurnList } from "@/app/(app)/meetings/[id]/turn-list";
import { findMatches, matchPattern } from "@/components/meetings/find-matches";
import { formatClock } from "@/components/ui/format";
import type { PageTranscript } from "@/lib/meetings/page-queries";

interface TranscriptViewProps extends Pick<PageTranscript, "speakers" | "turns"> {
  readonly meetingId: string;
  readonly title: string;
  /** The turn to begin at, when the address names one. */
  readonly start: number | null;
}

/** The transcript with its search. */
export function TranscriptView({ meetingId, title, speakers, turns, start }: TranscriptViewProps) {
  const [query, setQuery] = useState("");
  const wanted = useDeferredValue(query.trim());
  const pattern = useMemo(() => matchPattern(wanted), [wanted]);
  const matches = useMemo(() => findMatches(turns, pattern), [turns, pattern]);
  const [at, setAt] = useState(0);
  const [target, setTarget] = useState<Target | null>(() =>
    start === null ? null : { turn: start, takeFocus: true },
  );
  const [seenStart, setSeenStart] = useState(start);
  // A link to another turn was followed while the transcript was on screen.
  if (start !== seenStart) {
    setSeenStart(start);
    if (start !== null) setTarget({ turn: start, takeFocus: true });
  }

  const current = matches[Math.min(at, matches.length - 1)] ?? null;
  const go = (step: number) => {
    if (matches.length === 0) return;
    const next = (Math.min(at, matches.length - 1) + step + matches.length) % matches.length;
    const match = matches[next];
    setAt(next);
    if (match !== undefined) setTarget({ turn: match.turn, takeFocus: false });
  };
  const search = (text: string) => {
    setQuery(text);
    setAt(0);
    const first = findMatches(turns, matchPattern(text.trim()), 1)[0];
    if (first !== undefined) setTarget({ turn: first.turn, takeFocus: false });
  };
  const place = current === null ? undefined : turns[current.turn];
  return (
    <>
      <TranscriptSearch
        query={query}
        count={matches.length}
        pending={query.trim() !== wanted}
        position={Math.min(at, matches.length - 1) + 1}
        place={
          place === undefined
            ? ""
            : `${speakers[place[0]] ?? "Speaker"}, ${formatClock(place[1] / 1000)}`
        }
        onQuery={search}
        onStep={go}
      />
      <TurnList
        label={`Transcript of ${title}`}
        meetingId={meetingId}
        speakers={speakers}
        turns={turns}
        pattern={pattern}
        current={current}
        target={target}
      />
    </>
  );
}
