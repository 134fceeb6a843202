import { Hash } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";

interface SectionProps {
  /** Anchor; links from outside lead to it, so it does not change. */
  readonly id: string;
  readonly title: string;
  /** 2 for a chapter, 3 for what stands in one. */
  readonly level?: 2 | 3;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A part of the reference under its heading, with an address of its own. */
export function Section({ id, title, level = 2, className, children }: SectionProps) {
  const Heading = level === 2 ? "h2" : "h3";
  return (
    <section
      id={id}
      aria-labelledby={`${id}-title`}
      className={cn(
        "min-w-0 scroll-mt-20",
        level === 2 ? "border-t py-10 first:border-t-0" : "py-8",
        className,
      )}
    >
      <Heading
        id={`${id}-title`}
        className={cn("group font-semibold", level === 2 ? "text-xl" : "text-lg")}
      >
        {title}
        <a
          href={`#${id}`}
          aria-label={`Link to ${title}`}
          className="ml-1.5 inline-grid size-6 place-items-center rounded-md align-middle text-ink-faint opacity-0 transition-opacity hover:text-ink focus-visible:opacity-100 group-hover:opacity-100"
        >
          <Hash aria-hidden className="size-4" />
        </a>
      </Heading>
      {children}
    </section>
  );
}

interface ProseProps {
  readonly className?: string;
  readonly children: ReactNode;
}

/** Paragraphs and lists at a width that reads well. */
export function Prose({ className, children }: ProseProps) {
  return (
    <div
      className={cn(
        "mt-3 max-w-2xl space-y-3 text-base text-ink-muted leading-6",
        "[&_ol]:list-decimal [&_ol]:space-y-1 [&_ol]:pl-5 [&_ul]:list-disc [&_ul]:space-y-1 [&_ul]:pl-5 [&_li::marker]:text-ink-faint [&_strong]:font-semibold [&_strong]:text-ink",
        "[&_a]:rounded-sm [&_a]:text-brand-ink [&_a]:underline [&_a]:decoration-brand-line [&_a]:underline-offset-4 hover:[&_a]:decoration-current",
        className,
      )}
    >
      {children}
    </div>
  );
}
