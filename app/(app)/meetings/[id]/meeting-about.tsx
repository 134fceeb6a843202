import Link from "next/link";
import { AboutDisclosure } from "@/app/(app)/meetings/[id]/about-disclosure";
import { MadeBy } from "@/app/(app)/meetings/[id]/made-by";
import { MeetingContacts } from "@/app/(app)/meetings/[id]/meeting-contacts";
import { mediumWords, sourceWords } from "@/components/meetings/words";
import { Avatar } from "@/components/ui/avatar";
import { Badge } from "@/components/ui/badge";
import { DataList } from "@/components/ui/data-list";
import { formatBytes, formatDuration } from "@/components/ui/format";
import { RelativeTime } from "@/components/ui/relative-time";
import type { MeetingHead, PageParticipant } from "@/lib/meetings/page-queries";
import { sharesOf } from "@/lib/meetings/talk-facts";

const languageNames = new Intl.DisplayNames("en", { type: "language", fallback: "code" });

/** `de-DE` → `German (Germany)`; a tag that is none stays as it is. */
function languageName(tag: string): string {
  try {
    return languageNames.of(tag) ?? tag;
  } catch {
    return tag;
  }
}

function fileFact(file: MeetingHead["file"]): string | null {
  if (file === null) return null;
  const size = file.bytes === null ? "" : ` (${formatBytes(file.bytes)})`;
  return `${file.name === "" ? file.kind : file.name}${size}`;
}

/** The facts of a meeting and who took part, beside its content. */
export function MeetingAbout({ head }: { readonly head: MeetingHead }) {
  const facts = [
    { term: "Date", value: <RelativeTime value={head.date} format="datetime" /> },
    {
      term: "Duration",
      value: head.durationSeconds === 0 ? null : formatDuration(head.durationSeconds),
    },
    { term: "Medium", value: mediumWords[head.medium] },
    { term: "Source", value: sourceWords[head.source] },
    { term: "Owner", value: head.owner },
    { term: "Team", value: head.team },
    ...(head.language === null ? [] : [{ term: "Language", value: languageName(head.language) }]),
    ...(head.engine === null || head.engine.id === "file"
      ? []
      : [{ term: "Transcript by", value: <MadeBy engine={head.engine} /> }]),
    ...(head.file === null
      ? []
      : [{ term: "File", value: <span className="line-clamp-3">{fileFact(head.file)}</span> }]),
  ];
  return (
    <aside
      aria-label="About this meeting"
      className="min-w-0 lg:sticky lg:top-18 lg:col-start-2 lg:row-start-1 lg:self-start"
    >
      <AboutDisclosure label="Details and participants">
        <DataList items={facts} layout="grid" className="lg:grid-cols-2" />
        {head.tags.length === 0 ? null : (
          <p className="mt-4 flex flex-wrap gap-1">
            {head.tags.map((tag) => (
              <Badge key={tag}>{tag}</Badge>
            ))}
          </p>
        )}
        <Participants people={head.participants} />
        <MeetingContacts meetingId={head.id} contacts={head.contacts} mayUpdate={head.mayUpdate} />
      </AboutDisclosure>
    </aside>
  );
}

const link =
  "rounded-sm underline decoration-line-control underline-offset-4 hover:decoration-current";

const shownAtFirst = 12;

function Participants({ people }: { readonly people: readonly PageParticipant[] }) {
  if (people.length === 0) return null;
  const parts = sharesOf(people);
  const lines = people.map((person, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a participant has no id on the page, and the list never moves
    <Participant key={index} person={person} share={parts[index] ?? 0} />
  ));
  return (
    <section aria-labelledby="participants-title" className="mt-6">
      <h2 id="participants-title" className="pb-2 text-ink-muted text-sm">
        Participants and their share of the talk
      </h2>
      <ul className="flex flex-col gap-3">{lines.slice(0, shownAtFirst)}</ul>
      {lines.length > shownAtFirst ? (
        <details className="mt-3">
          <summary className="w-fit rounded-sm font-medium text-ink-muted text-sm hover:text-ink">
            {lines.length - shownAtFirst} more
          </summary>
          <ul className="mt-3 flex flex-col gap-3">{lines.slice(shownAtFirst)}</ul>
        </details>
      ) : null}
    </section>
  );
}

interface ParticipantProps {
  readonly person: PageParticipant;
  /** 0 to 1. */
  readonly share: number;
}

function Participant({ person, share }: ParticipantProps) {
  const percent = Math.round(share * 100);
  return (
    <li className="flex items-center gap-2.5">
      <Avatar name={person.name} />
      <div className="min-w-0 flex-1">
        <p className="flex items-baseline justify-between gap-3">
          <span className="min-w-0 truncate text-base">
            {person.contactId === null ? (
              person.name
            ) : (
              <Link href={`/contacts/${person.contactId}`} className={link}>
                {person.name}
              </Link>
            )}
            <span className="text-ink-faint text-xs">
              {" "}
              {person.company ?? (person.type === "internal" ? "Internal" : "External")}
            </span>
          </span>
          <span className="shrink-0 text-ink-muted text-xs tabular-nums">{percent}%</span>
        </p>
        <div aria-hidden className="mt-1 h-1 overflow-hidden rounded-full bg-hover">
          <div
            className={person.type === "internal" ? "h-full bg-brand" : "h-full bg-ink-faint"}
            style={{ width: `${percent}%` }}
          />
        </div>
      </div>
    </li>
  );
}
