import { ChartColumn, Download } from "lucide-react";
import type { Metadata } from "next";
import { z } from "zod";
import { NoAccess } from "@/app/(app)/no-access";
import { readSearch } from "@/app/(app)/page-search";
import { requireSession } from "@/app/(app)/require-session";
import { DayChart } from "@/app/(app)/settings/integrations/api/day-chart";
import {
  OperationTable,
  ProgramTable,
} from "@/app/(app)/settings/integrations/api/usage/usage-tables";
import { UsageTotals } from "@/app/(app)/settings/integrations/api/usage/usage-totals";
import { nameOf, usageHref } from "@/app/(app)/settings/integrations/api/usage/words";
import { NoMatch } from "@/components/meetings/no-match";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { FilterSelect } from "@/components/ui/filter-select";
import { formatNumber } from "@/components/ui/format";
import { PageHeader } from "@/components/ui/page-header";
import type { PageSearchParams } from "@/components/ui/query-string";
import type { ApiUsage } from "@/lib/api-usage/schema";
import { readApiUsage } from "@/lib/api-usage/service";
import { hasGrant } from "@/lib/auth/roles";
import { contextOf } from "@/lib/http/action";

export const metadata: Metadata = { title: "API usage" };

const usageQuery = z.object({ program: z.string().max(60).optional() });

interface UsagePageProps {
  readonly searchParams: Promise<PageSearchParams>;
}

export default async function UsagePage(props: UsagePageProps) {
  const session = await requireSession();
  if (!hasGrant(session.grants, "api-keys:read", "all"))
    return <NoAccess title="Usage" what="how the API is used" />;
  const ctx = await contextOf(session);
  const query = readSearch(usageQuery, await props.searchParams);
  const program = query?.program ?? null;
  const usage = await readApiUsage(ctx, program);
  return (
    <>
      <PageHeader
        title="Usage"
        description="What programs asked of the API in the last 30 days, in days of UTC, and how it was answered. New requests appear within seconds; Harmony’s own pages are not counted."
      />
      {usage.programs.length === 0 ? (
        <EmptyState icon={ChartColumn} title="No program has called the API yet">
          Requests with API keys, apps and service accounts are counted here, by day, by program and
          by what they ask for.
        </EmptyState>
      ) : (
        <>
          <Toolbar usage={usage} />
          <Content usage={usage} program={program} isKnown={query !== null} />
        </>
      )}
    </>
  );
}

function Toolbar({ usage }: { readonly usage: ApiUsage }) {
  const options = usage.programs.map((one) => ({ value: one.id, label: nameOf(one) }));
  return (
    <div className="flex flex-wrap gap-2 pb-4">
      <FilterSelect
        label="Program"
        param="program"
        options={options}
        allLabel="All programs"
        className="sm:max-w-72"
      />
      <Button asChild className="max-sm:flex-1">
        <a
          href={`${usageHref()}/export`}
          download
          title="Every program of the last 30 days, a line for each day and operation"
        >
          <Download />
          Export CSV
        </a>
      </Button>
    </div>
  );
}

interface ContentProps {
  readonly usage: ApiUsage;
  readonly program: string | null;
  /** False when the address has a program that none can be. */
  readonly isKnown: boolean;
}

function Content({ usage, program, isKnown }: ContentProps) {
  const { days, operations, programs, limitPerMinute } = usage;
  if (!isKnown || operations.length === 0) {
    return (
      <NoMatch title="Nothing from this program" clearHref="?" clearLabel="Show all programs">
        It asked nothing of the API in the last 30 days, or it does not exist.
      </NoMatch>
    );
  }
  return (
    <div className="flex flex-col gap-6">
      <Card>
        <CardHeader
          title="Requests"
          description={`All API keys together may send ${formatNumber(limitPerMinute)} requests a minute, and each app as many for itself.`}
        />
        <CardBody className="flex flex-col gap-5">
          <UsageTotals days={days} />
          <DayChart
            days={days.map(({ day, answered, refused, limited, failed }) => ({
              day,
              answered,
              unanswered: refused + limited + failed,
            }))}
          />
        </CardBody>
      </Card>
      {program === null ? <ProgramTable programs={programs} /> : null}
      <OperationTable operations={operations} />
    </div>
  );
}
