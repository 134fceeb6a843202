import type { ReactNode } from "react";
import { DocsNav, type DocsNavGroup } from "@/components/docs/docs-nav";
import { PublicHeader, type PublicPlace } from "@/components/docs/public-header";

interface DocsLayoutProps {
  readonly title: string;
  readonly lead: ReactNode;
  readonly current: PublicPlace;
  readonly contents: readonly DocsNavGroup[];
  readonly children: ReactNode;
}

/** A page of the documentation: its contents beside it, or folded above it where there is no room. */
export function DocsLayout({ title, lead, current, contents, children }: DocsLayoutProps) {
  return (
    <>
      <PublicHeader title={title} current={current} />
      <div className="mx-auto max-w-[90rem] lg:grid lg:grid-cols-[15rem_minmax(0,1fr)]">
        <div className="sticky top-14 h-[calc(100dvh-3.5rem)] overflow-y-auto border-r px-3 py-6 max-lg:hidden">
          <DocsNav groups={contents} />
        </div>
        <main id="main" tabIndex={-1} className="min-w-0 px-4 pt-8 pb-24 sm:px-8 lg:px-10">
          <h1 className="font-semibold text-2xl">{title}</h1>
          <p className="mt-2 max-w-2xl text-ink-muted text-lg">{lead}</p>
          <details className="mt-6 rounded-lg border lg:hidden">
            <summary className="rounded-lg px-3 py-2.5 font-medium text-base">Contents</summary>
            <DocsNav groups={contents} className="border-t px-1 py-4" />
          </details>
          <div className="mt-4">{children}</div>
        </main>
      </div>
    </>
  );
}
