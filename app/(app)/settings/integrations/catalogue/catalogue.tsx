import type { ReactNode } from "react";
import { AvailableTile } from "@/app/(app)/settings/integrations/catalogue/available-tile";
import { ConnectedRow } from "@/app/(app)/settings/integrations/catalogue/connected-row";
import { findTools } from "@/components/integrations/find-tools";
import { FollowTabs } from "@/components/integrations/follow-tabs";
import { isOff, stateOf } from "@/components/integrations/words";
import { NoMatch } from "@/components/meetings/no-match";
import { formatNumber } from "@/components/ui/format";
import { type PageSearchParams, toQuery, withQuery } from "@/components/ui/query-string";
import type { Context } from "@/lib/auth/principal";
import { type CatalogueEntry, categoryWords } from "@/lib/integrations/schema";
import { listCatalogue } from "@/lib/integrations/service";

interface CatalogueProps {
  readonly ctx: Context;
  readonly searchParams: PageSearchParams;
}

const one = (value: PageSearchParams[string]): string => (typeof value === "string" ? value : "");

/** What is connected on top, then what can be, by category (handbook 2.2). */
export async function Catalogue({ ctx, searchParams }: CatalogueProps) {
  const filter = { q: one(searchParams.q), category: one(searchParams.category) };
  const tools = findTools(await listCatalogue(ctx), filter, categoryWords);
  if (tools.length === 0) {
    const clear = withQuery(toQuery(searchParams), { q: null, category: null }) || "?";
    return (
      <NoMatch title="No integrations match" clearHref={clear} clearLabel="Clear search">
        No tool has these words in its name, category or purpose.
      </NoMatch>
    );
  }
  const connected = tools.filter(({ connection }) => !isOff(connection));
  const available = tools.filter(({ connection }) => isOff(connection));
  const shown = tools.map(({ slug, connection }) => [slug, stateOf(connection)] as const);
  return (
    <>
      <FollowTabs shown={Object.fromEntries(shown)} />
      {connected.length === 0 ? null : (
        <Section title="Connected" count={connected.length}>
          <ul className="divide-y rounded-lg border bg-surface shadow-lift">
            {connected.map((tool) => (
              <ConnectedRow key={tool.slug} tool={tool} />
            ))}
          </ul>
        </Section>
      )}
      {available.length === 0 ? null : (
        <Section title="Available" count={available.length}>
          <div className="flex flex-col gap-6">
            {byCategory(available).map(([category, entries]) => (
              <section key={category} aria-labelledby={`category-${category}`}>
                <h3 id={`category-${category}`} className="pb-2 font-medium text-ink-muted text-sm">
                  {categoryWords[category]}
                </h3>
                <ul className="grid gap-3 sm:grid-cols-2 2xl:grid-cols-3">
                  {entries.map((tool) => (
                    <AvailableTile key={tool.slug} tool={tool} />
                  ))}
                </ul>
              </section>
            ))}
          </div>
        </Section>
      )}
    </>
  );
}

/** The categories that have something, in their order. */
function byCategory(tools: readonly CatalogueEntry[]) {
  const categories = Object.keys(categoryWords) as CatalogueEntry["category"][];
  return categories
    .map((category) => [category, tools.filter((tool) => tool.category === category)] as const)
    .filter(([, entries]) => entries.length > 0);
}

interface SectionProps {
  readonly title: string;
  readonly count: number;
  readonly children: ReactNode;
}

function Section({ title, count, children }: SectionProps) {
  const id = `tools-${title.toLowerCase()}`;
  return (
    <section aria-labelledby={id}>
      <h2 id={id} className="flex items-baseline gap-2 pb-3 font-semibold text-lg">
        {title}
        <span className="font-normal text-ink-muted text-sm tabular-nums">
          {formatNumber(count)}
        </span>
      </h2>
      {children}
    </section>
  );
}
