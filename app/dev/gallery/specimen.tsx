import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";

interface SectionProps {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly children: ReactNode;
}

/** A chapter of the gallery. */
export function Section({ id, title, text, children }: SectionProps) {
  return (
    <section
      id={id}
      aria-labelledby={`${id}-title`}
      className="grid gap-x-10 gap-y-4 border-t py-8 lg:grid-cols-[13rem_minmax(0,1fr)]"
    >
      <div className="lg:sticky lg:top-20 lg:self-start">
        <h2 id={`${id}-title`} className="font-semibold text-lg">
          {title}
        </h2>
        <p className="mt-1 max-w-prose text-ink-muted text-sm">{text}</p>
      </div>
      <div className="flex min-w-0 flex-col gap-6">{children}</div>
    </section>
  );
}

interface SpecimenProps {
  readonly name: string;
  readonly row?: boolean;
  readonly children: ReactNode;
}

/** One state or group of states, named. */
export function Specimen({ name, row = false, children }: SpecimenProps) {
  return (
    <div className="min-w-0">
      <p className="mb-2 text-ink-faint text-xs">{name}</p>
      <div className={cn("min-w-0", row && "flex flex-wrap items-center gap-2")}>{children}</div>
    </div>
  );
}
