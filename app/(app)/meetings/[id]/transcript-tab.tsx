import { FileX2 } from "lucide-react";
import { TranscriptView } from "@/app/(app)/meetings/[id]/lazy-parts";
import { MadeBy } from "@/app/(app)/meetings/[id]/made-by";
import { turnAt } from "@/app/(app)/meetings/[id]/turn-at";
import { requireSession } from "@/app/(app)/require-session";
import { EmptyState } from "@/components/ui/empty-state";
import { formatCount } from "@/components/ui/format";
import { RelativeTime } from "@/components/ui/relative-time";
import { contextOf } from "@/lib/http/action";
import {
  type MeetingHead,
  type PageTranscript,
  readPageTranscript,
} from "@/lib/meetings/page-queries";

interface TranscriptTabProps {
  readonly head: Pick<MeetingHead, "id" | "title" | "mayUpdate">;
  /** The turn that the address points at; NaN for none. */
  readonly turn: number;
  /** The moment that the address points at, in milliseconds; NaN for none. */
  readonly momentMs: number;
}

/** Where the transcript begins: at the turn of the address, or at the one of its moment. */
function startOf({ turns }: PageTranscript, turn: number, momentMs: number) {
  const named = turns[turn];
  if (named !== undefined) return { start: turn, startMs: named[1] };
  if (Number.isNaN(momentMs)) return { start: null, startMs: null };
  return { start: turnAt(turns, momentMs), startMs: momentMs };
}

/** Who said what, and when. */
export async function TranscriptTab({ head, turn, momentMs }: TranscriptTabProps) {
  const ctx = await contextOf(await requireSession());
  const transcript = await readPageTranscript(ctx, head.id);
  if (transcript === null || transcript.turns.length === 0) {
    return (
      <EmptyState icon={FileX2} title="This meeting has no transcript">
        Nothing was said in it, as far as its file tells.
      </EmptyState>
    );
  }
  const { turns, speakers, timing, wordCount, engine, version, editedBy, editedAt } = transcript;
  const heard = new Set(turns.map(([speaker]) => speaker)).size;
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 pb-3">
        <p className="text-ink-muted text-sm">
          {formatCount(turns.length, "turn")} by {formatCount(heard, "speaker")},{" "}
          {formatCount(wordCount, "word")}
          {timing === "estimated"
            ? ". The file had no times; these are estimated at 150 words a minute."
            : null}
          {editedAt === null ? null : (
            <>
              {timing === "estimated" ? " " : ". "}Corrected by{" "}
              {editedBy ?? "somebody who has left"}, <RelativeTime value={editedAt} />.
            </>
          )}
        </p>
        <MadeBy engine={engine} honest />
      </div>
      <TranscriptView
        meetingId={head.id}
        title={head.title}
        mayUpdate={head.mayUpdate}
        speakers={speakers}
        turns={turns}
        version={version}
        {...startOf(transcript, turn, momentMs)}
      />
    </>
  );
}
