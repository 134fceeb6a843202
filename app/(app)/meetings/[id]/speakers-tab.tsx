import { Users } from "lucide-react";
import { SpeakerButton } from "@/app/(app)/meetings/[id]/speaker-button";
import { TalkTimeline } from "@/app/(app)/meetings/[id]/talk-timeline";
import { TurnLink } from "@/app/(app)/meetings/[id]/turn-link";
import { requireSession } from "@/app/(app)/require-session";
import { EmptyState } from "@/components/ui/empty-state";
import { formatDuration, formatNumber } from "@/components/ui/format";
import {
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import { contextOf } from "@/lib/http/action";
import { type PageTalk, readPageTalk } from "@/lib/meetings/page-queries";

interface SpeakersTabProps {
  readonly id: string;
  readonly mayUpdate: boolean;
}

/** Rows of the table; the time line has as many lanes. A recognised crowd would fill pages. */
const speakersMax = 50;

/** Who talked how much, when and how: the picture, and the same as a table. */
export async function SpeakersTab({ id, mayUpdate }: SpeakersTabProps) {
  const talk = await readPageTalk(await contextOf(await requireSession()), id);
  if (talk === null || talk.facts.length === 0) {
    return (
      <EmptyState icon={Users} title="Nobody spoke">
        Nothing was said in this meeting, as far as its file tells.
      </EmptyState>
    );
  }
  const facts = talk.facts.slice(0, speakersMax);
  const hasQuestions = facts.some(({ questions }) => questions > 0);
  return (
    <div className="flex flex-col gap-8">
      <section aria-labelledby="timeline-title">
        <h2 id="timeline-title" className="pb-3 font-semibold text-base">
          Who spoke when
        </h2>
        <TalkTimeline meetingId={id} talk={talk} facts={facts} />
      </section>
      <section aria-labelledby="shares-title">
        <h2 id="shares-title" className="pb-1 font-semibold text-base">
          Who spoke how much
        </h2>
        <p className="pb-3 text-ink-muted text-sm">
          {talk.timing === "estimated" ? "Times are estimated at 150 words a minute. " : null}
          {hasQuestions
            ? null
            : "Recognised speech has no question marks, so questions are not counted."}
        </p>
        <Table label="Speakers">
          <TableHeader>
            <TableRow>
              <TableHead>Speaker</TableHead>
              <TableHead>Share of the talk</TableHead>
              <TableHead>Words</TableHead>
              <TableHead>Words a minute</TableHead>
              <TableHead>Longest monologue</TableHead>
              {hasQuestions ? <TableHead>Questions</TableHead> : null}
            </TableRow>
          </TableHeader>
          <TableBody>
            {facts.map((row) => (
              <SpeakerRow
                key={row.speaker}
                id={id}
                talk={talk}
                row={row}
                mayUpdate={mayUpdate}
                hasQuestions={hasQuestions}
              />
            ))}
          </TableBody>
        </Table>
        {talk.facts.length > facts.length ? (
          <p className="pt-3 text-ink-muted text-sm">
            {formatNumber(talk.facts.length - facts.length)} more spoke less than these.
          </p>
        ) : null}
      </section>
    </div>
  );
}

interface SpeakerRowProps {
  readonly id: string;
  readonly talk: PageTalk;
  readonly row: PageTalk["facts"][number];
  readonly mayUpdate: boolean;
  readonly hasQuestions: boolean;
}

function SpeakerRow({ id, talk, row, mayUpdate, hasQuestions }: SpeakerRowProps) {
  const percent = Math.round(row.share * 100);
  const name = talk.speakers[row.speaker] ?? "Speaker";
  return (
    <TableRow>
      <TableCell label="Speaker">
        {mayUpdate ? (
          <SpeakerButton
            meetingId={id}
            version={talk.version}
            speakers={talk.speakers}
            spoken={talk.facts.map(({ speaker }) => speaker)}
            speaker={row.speaker}
          />
        ) : (
          name
        )}
      </TableCell>
      <TableCell label="Share of the talk">
        <span className="inline-block tabular-nums">
          {percent}%
          <span className="text-ink-muted text-sm"> {formatDuration(row.talkMs / 1000)}</span>
          <span aria-hidden className="mt-1 block h-1.5 w-28 overflow-hidden rounded-full bg-hover">
            <span className="block h-full bg-brand" style={{ width: `${percent}%` }} />
          </span>
        </span>
      </TableCell>
      <TableCell label="Words">{formatNumber(row.words)}</TableCell>
      <TableCell label="Words a minute">
        {row.wordsPerMinute === null ? "Too little" : formatNumber(row.wordsPerMinute)}
      </TableCell>
      <TableCell label="Longest monologue">
        <span className="inline-flex items-baseline gap-2 whitespace-nowrap">
          {formatDuration(row.longest.ms / 1000)}
          <TurnLink meetingId={id} turn={row.longest.turn} startMs={row.longest.startMs} />
        </span>
      </TableCell>
      {hasQuestions ? <TableCell label="Questions">{formatNumber(row.questions)}</TableCell> : null}
    </TableRow>
  );
}
