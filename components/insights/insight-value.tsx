import { Check, CircleCheck, CircleHelp, CircleX, Minus } from "lucide-react";
import { cn } from "@/components/ui/cn";
import { Markdown } from "@/components/ui/markdown";
import type { ResultView } from "@/lib/insights/schema";

type Value = ResultView["value"];

const yesNo = {
  yes: { icon: CircleCheck, ink: "text-success-ink", word: "Yes" },
  no: { icon: CircleX, ink: "text-danger-ink", word: "No" },
  unknown: { icon: CircleHelp, ink: "text-ink-muted", word: "Not discussed" },
} as const;

function YesNo({ value }: { readonly value: Value }) {
  const look = yesNo[value === null ? "unknown" : value === true ? "yes" : "no"];
  return (
    <p className={cn("flex items-center gap-1.5 font-medium text-base", look.ink)}>
      <look.icon aria-hidden className="size-4" />
      {look.word}
    </p>
  );
}

function Checklist({ items }: { readonly items: readonly { item: string; done: boolean }[] }) {
  return (
    <ul className="flex flex-col gap-1.5 text-base">
      {items.map(({ item, done }) => (
        <li key={item} className="flex gap-2">
          {done ? (
            <Check aria-hidden className="mt-0.5 size-4 shrink-0 text-success-solid" />
          ) : (
            <Minus aria-hidden className="mt-0.5 size-4 shrink-0 text-ink-faint" />
          )}
          <span className={cn("min-w-0 break-words", !done && "text-ink-muted")}>
            <span className="sr-only">{done ? "Done: " : "Not done: "}</span>
            {item}
          </span>
        </li>
      ))}
    </ul>
  );
}

interface InsightValueProps {
  readonly type: ResultView["type"];
  readonly value: Value;
}

/** One answer, as its type wants to be read (handbook 20.2). */
export function InsightValue({ type, value }: InsightValueProps) {
  if (type === "yes_no") return <YesNo value={value} />;
  if (Array.isArray(value)) return <Checklist items={value} />;
  if (typeof value === "string") return <Markdown className="max-w-prose">{value}</Markdown>;
  if (value === null) return <p className="text-base text-ink-muted">No answer</p>;
  return <p className="font-semibold text-xl tabular-nums">{String(value)}</p>;
}
