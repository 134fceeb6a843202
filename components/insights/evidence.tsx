import type { ReactNode } from "react";
import type { ResultView } from "@/lib/insights/schema";

interface EvidenceProps {
  readonly quotes: readonly {
    readonly quote: ResultView["evidence"][number];
    /** The way to the place, or the place in words. */
    readonly place: ReactNode;
  }[];
}

/** The words of the meeting that an answer rests on. */
export function Evidence({ quotes }: EvidenceProps) {
  if (quotes.length === 0) return null;
  return (
    <ul aria-label="Evidence" className="flex flex-col gap-2">
      {quotes.map(({ quote, place }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the same words can be cited twice, and the list never moves
        <li key={index} className="border-l-2 pl-3 text-sm">
          <p className="flex flex-wrap items-baseline gap-x-2 text-ink-muted">
            <span className="font-medium">{quote.speaker}</span>
            {place}
          </p>
          <blockquote className="max-w-prose break-words text-ink">{quote.text}</blockquote>
        </li>
      ))}
    </ul>
  );
}
