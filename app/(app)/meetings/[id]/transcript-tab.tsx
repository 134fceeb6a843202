import { FileX2 } from "lucide-react";
import { TranscriptView } from "@/app/(app)/meetings/[id]/lazy-parts";
import { MadeBy } from "@/app/(app)/meetings/[id]/made-by";
import { requireSession } from "@/app/(app)/require-session";
import { EmptyState } from "@/components/ui/empty-state";
import { formatCount } from "@/components/ui/format";
import { contextOf } from "@/lib/http/action";
import { type MeetingHead, readPageTranscript } from "@/lib/meetings/page-queries";

interface TranscriptTabProps {
  readonly head: Pick<MeetingHead, "id" | "title">;
  /** The turn that the address points at; NaN for none. */
  readonly turn: number;
}

/** Who said what, and when. */
export async function TranscriptTab({ head, turn }: TranscriptTabProps) {
  const ctx = await contextOf(await requireSession());
  const transcript = await readPageTranscript(ctx, head.id);
  if (transcript === null || transcript.turns.length === 0) {
    return (
      <EmptyState icon={FileX2} title="This meeting has no transcript">
        Nothing was said in it, as far as its file tells.
      </EmptyState>
    );
  }
  const { turns, speakers, timing, wordCount, engine } = transcript;
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 pb-3">
        <p className="text-ink-muted text-sm">
          {formatCount(turns.length, "turn")} by {formatCount(speakers.length, "speaker")},{" "}
          {formatCount(wordCount, "word")}
          {timing === "estimated"
            ? ". The file had no times; these are estimated at 150 words a minute."
            : null}
        </p>
        <MadeBy engine={engine} />
      </div>
      <TranscriptView
        meetingId={head.id}
        title={head.title}
        speakers={speakers}
        turns={turns}
        start={Number.isInteger(turn) && turn >= 0 && turn < turns.length ? turn : null}
      />
    </>
  );
}
