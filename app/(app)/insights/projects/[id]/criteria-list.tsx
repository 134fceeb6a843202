import { mediumWords, sourceWords } from "@/components/meetings/words";
import { formatDuration } from "@/components/ui/format";
import { formatWhen } from "@/components/ui/when";
import type { Criterion } from "@/lib/insights/criteria";

interface CriteriaListProps {
  readonly criteria: readonly Criterion[];
  /** Names of teams by id. */
  readonly teams: ReadonlyMap<string, string>;
}

const either = (words: readonly string[]) => words.join(" or ");
const dayOf = (day: string) =>
  formatWhen(new Date(`${day}T00:00:00Z`), { timeZone: "UTC", now: null }, "date");

/** From one end to another, of which either may be open. */
function between(from: string | null, to: string | null): string {
  if (to === null) return `from ${from} on`;
  return from === null ? `up to ${to}` : `from ${from} to ${to}`;
}

function wordsOf(criterion: Criterion, teams: ReadonlyMap<string, string>): string {
  if (criterion.kind === "boolean") return `Yes to “${criterion.question}”`;
  if (criterion.kind === "category") return `${criterion.question}: ${either(criterion.any)}`;
  switch (criterion.field) {
    case "length": {
      const [min, max] = [criterion.min, criterion.max].map((seconds) =>
        seconds === null ? null : formatDuration(seconds),
      );
      return `Length ${between(min ?? null, max ?? null)}`;
    }
    case "date":
      return `Held ${between(
        criterion.from === null ? null : dayOf(criterion.from),
        criterion.to === null ? null : dayOf(criterion.to),
      )}`;
    case "tags":
      return `Tag ${either(criterion.any)}`;
    case "source":
      return `Source ${either(criterion.any.map((source) => sourceWords[source]))}`;
    case "medium":
      return `Medium ${either(criterion.any.map((medium) => mediumWords[medium]))}`;
    case "team":
      return `Team ${either(criterion.any.map((id) => teams.get(id) ?? "of other people"))}`;
    case "attribute":
      return `Attribute ${criterion.name} is “${criterion.equals}”`;
  }
}

/** The criteria in words, for those who may not change them. */
export function CriteriaList({ criteria, teams }: CriteriaListProps) {
  if (criteria.length === 0) return null;
  return (
    <ul aria-label="Criteria" className="list-disc pl-5 text-base">
      {criteria.map((criterion) => (
        <li key={JSON.stringify(criterion)} className="wrap-anywhere">
          {wordsOf(criterion, teams)}
        </li>
      ))}
    </ul>
  );
}
