import type { ReactNode } from "react";
import { Logo } from "@/components/ui/logo";

interface FullPageProps {
  /** A number or short word above the title: "404". */
  readonly overline?: string;
  readonly title: string;
  readonly children: ReactNode;
  readonly actions: ReactNode;
  readonly footnote?: ReactNode;
}

/** A page that says one thing, outside the shell: not found, failed, signed out. */
export function FullPage({ overline, title, children, actions, footnote }: FullPageProps) {
  return (
    <main className="grid min-h-dvh grid-rows-[auto_1fr_auto] bg-canvas px-6 py-6">
      <div>
        <Logo wordmark />
      </div>
      <div className="flex w-full max-w-md flex-col justify-center justify-self-center py-12">
        {overline === undefined ? null : (
          <p className="font-medium font-mono text-brand-ink text-sm">{overline}</p>
        )}
        <h1 className="mt-2 text-balance font-semibold text-2xl">{title}</h1>
        <div className="mt-3 text-pretty text-ink-muted text-lg">{children}</div>
        <div className="mt-8 flex flex-wrap gap-2">{actions}</div>
        {footnote === undefined ? null : (
          <div className="mt-8 border-t pt-4 text-ink-muted text-sm">{footnote}</div>
        )}
      </div>
      <div className="h-6" />
    </main>
  );
}
