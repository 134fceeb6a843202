"use client";

import { LocateFixed } from "lucide-react";
import dynamic from "next/dynamic";
import { useDeferredValue, useEffect, useMemo, useState } from "react";
import {
  usePlayer,
  usePlayerState,
  usePosition,
} from "@/app/(app)/meetings/[id]/player/player-provider";
import { TranscriptSearch } from "@/app/(app)/meetings/[id]/transcript-search";
import { type TurnActions, turnId } from "@/app/(app)/meetings/[id]/turn";
import { turnAt } from "@/app/(app)/meetings/[id]/turn-at";
import { type Target, TurnList } from "@/app/(app)/meetings/[id]/turn-list";
import { useFollowing } from "@/app/(app)/meetings/[id]/use-following";
import { findMatches, matchPattern } from "@/components/meetings/find-matches";
import { Button } from "@/components/ui/button";
import { formatClock } from "@/components/ui/format";
import type { PageTranscript } from "@/lib/meetings/page-queries";

// Few correct, many read: their code comes with the first correction.
const TurnEditor = dynamic(() =>
  import("@/app/(app)/meetings/[id]/turn-editor").then((module) => module.TurnEditor),
);
const SpeakerDialog = dynamic(() =>
  import("@/app/(app)/meetings/[id]/speaker-dialog").then((module) => module.SpeakerDialog),
);

interface TranscriptViewProps extends Pick<PageTranscript, "speakers" | "turns" | "version"> {
  readonly meetingId: string;
  readonly title: string;
  readonly mayUpdate: boolean;
  /** The turn to begin at, when the address names one or a moment in it. */
  readonly start: number | null;
  /** That moment. */
  readonly startMs: number | null;
}

/** The transcript with its search, in step with the recording where there is one. */
export function TranscriptView(props: TranscriptViewProps) {
  const { meetingId, title, speakers, turns, version, mayUpdate, start, startMs } = props;
  const search = useSearch(turns);
  const [target, setTarget] = useTarget(start, turns.length);
  const [editing, setEditing] = useState<number | null>(null);
  const [speaker, setSpeaker] = useState<number | null>(null);

  const player = usePlayer();
  const isPlaying = usePlayerState(player)?.isPlaying ?? false;
  // Before anything was played no turn is the present one.
  const now = usePosition(player, (ms) => (ms === 0 ? null : turnAt(turns, ms)));
  const [isFollowing, setFollowing] = useFollowing(isPlaying);

  // The address points at a turn: the recording is there when somebody presses Play.
  useEffect(() => {
    if (startMs !== null) player?.seek(startMs);
  }, [player, startMs]);

  const actions = useMemo<TurnActions>(
    () => ({
      meetingId,
      play:
        player === null
          ? null
          : (turn) => {
              player.seek(turns[turn]?.[1] ?? 0);
              player.play();
              setFollowing(true);
            },
      edit: mayUpdate ? setEditing : null,
      openSpeaker: mayUpdate ? setSpeaker : null,
    }),
    [meetingId, player, turns, mayUpdate, setFollowing],
  );

  const find = (turn: number | null) => {
    if (turn === null) return;
    setFollowing(false);
    setTarget({ turn, takeFocus: false });
  };
  const place = search.match === null ? undefined : turns[search.match.turn];
  const edited = editing === null ? undefined : turns[editing];
  return (
    <>
      <TranscriptSearch
        query={search.query}
        count={search.count}
        pending={search.isPending}
        position={search.position}
        place={
          place === undefined
            ? ""
            : `${speakers[place[0]] ?? "Speaker"}, ${formatClock(place[1] / 1000)}`
        }
        onQuery={(text) => find(search.type(text))}
        onStep={(step) => find(search.step(step))}
        aside={
          isPlaying && !isFollowing && now !== null ? (
            <Button size="sm" onClick={() => setFollowing(true)}>
              <LocateFixed />
              Back to now
            </Button>
          ) : null
        }
      />
      <TurnList
        label={`Transcript of ${title}`}
        speakers={speakers}
        turns={turns}
        actions={actions}
        pattern={search.pattern}
        match={search.match}
        target={target}
        now={now}
        isFollowing={isPlaying && isFollowing && editing === null}
        editing={editing}
        editor={
          editing === null || edited === undefined ? null : (
            <TurnEditor
              key={editing}
              meetingId={meetingId}
              version={version}
              turn={editing}
              content={edited}
              speakers={speakers}
              spoken={spokenOf(turns)}
              onDone={() => {
                setEditing(null);
                document.getElementById(turnId(editing))?.focus({ preventScroll: true });
              }}
            />
          )
        }
      />
      {speaker === null ? null : (
        <SpeakerDialog
          meetingId={meetingId}
          version={version}
          speakers={speakers}
          spoken={spokenOf(turns)}
          speaker={speaker}
          onClose={() => setSpeaker(null)}
        />
      )}
    </>
  );
}

/** The speakers who have a turn, by index. */
function spokenOf(turns: PageTranscript["turns"]): readonly number[] {
  return [...new Set(turns.map(([speaker]) => speaker))].sort((left, right) => left - right);
}

/** The turn that the address names, in its query or as `#turn-12`; afterwards whatever was looked for. */
function useTarget(start: number | null, count: number) {
  const [target, setTarget] = useState<Target | null>(() =>
    start === null ? null : { turn: start, takeFocus: true },
  );
  const [seenStart, setSeenStart] = useState(start);
  // A link to another turn was followed while the transcript was on screen.
  if (start !== seenStart) {
    setSeenStart(start);
    if (start !== null) setTarget({ turn: start, takeFocus: true });
  }
  useEffect(() => {
    const named = /^#turn-(\d{1,7})$/.exec(location.hash)?.[1];
    if (named !== undefined && Number(named) < count) {
      setTarget({ turn: Number(named), takeFocus: true });
    }
  }, [count]);
  return [target, setTarget] as const;
}

/** The search: what is typed, what it finds, and which match is the current one. */
function useSearch(turns: PageTranscript["turns"]) {
  const [query, setQuery] = useState("");
  const wanted = useDeferredValue(query.trim());
  const pattern = useMemo(() => matchPattern(wanted), [wanted]);
  const matches = useMemo(() => findMatches(turns, pattern), [turns, pattern]);
  const [at, setAt] = useState(0);
  const last = matches.length - 1;
  return {
    query,
    pattern,
    count: matches.length,
    isPending: query.trim() !== wanted,
    position: Math.min(at, last) + 1,
    match: matches[Math.min(at, last)] ?? null,
    /** @returns the turn of the first match. */
    type: (text: string): number | null => {
      setQuery(text);
      setAt(0);
      return findMatches(turns, matchPattern(text.trim()), 1)[0]?.turn ?? null;
    },
    /** @returns the turn of the match that it goes to. */
    step: (step: 1 | -1): number | null => {
      if (matches.length === 0) return null;
      const next = (Math.min(at, last) + step + matches.length) % matches.length;
      setAt(next);
      return matches[next]?.turn ?? null;
    },
  };
}
