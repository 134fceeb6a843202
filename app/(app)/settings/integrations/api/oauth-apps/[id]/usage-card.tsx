import { DayChart } from "@/app/(app)/settings/integrations/api/day-chart";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { formatCount, formatNumber } from "@/components/ui/format";
import { Stat } from "@/components/ui/stat";
import type { OAuthAppUsage, OAuthAppView } from "@/lib/oauth-server/schema";

interface UsageCardProps {
  readonly app: OAuthAppView;
  readonly usage: OAuthAppUsage;
}

/** How the app was used in the last 30 days. */
export function UsageCard({ app, usage }: UsageCardProps) {
  const total = usage.days.reduce((sum, { requests }) => sum + requests, 0);
  return (
    <Card>
      <CardHeader
        title="Use in the last 30 days"
        description="Over all workspaces that connect the app."
      />
      <CardBody className="flex flex-col gap-5">
        <dl className="grid grid-cols-[repeat(auto-fill,minmax(6.5rem,1fr))] gap-x-6 gap-y-4">
          <Stat label="Requests" value={formatNumber(total)} />
          <Stat
            label="People now"
            value={formatNumber(app.people)}
            hint={`in ${formatCount(usage.workspaces, "workspace")}`}
          />
          <Stat label="Allowed" value={formatNumber(usage.allowed)} hint="times" />
          <Stat label="Withdrawn" value={formatNumber(usage.ended)} hint="times" />
        </dl>
        {total === 0 ? (
          <p className="text-ink-muted text-sm">
            No requests yet. Here come the requests of each day and what they read.
          </p>
        ) : (
          <>
            <DayChart
              days={usage.days.map(({ day, requests }) => ({
                day,
                answered: requests,
                unanswered: 0,
              }))}
            />
            <EndpointTable endpoints={usage.endpoints} />
          </>
        )}
      </CardBody>
    </Card>
  );
}

function EndpointTable({ endpoints }: Pick<OAuthAppUsage, "endpoints">) {
  return (
    <table className="w-full text-sm">
      <caption className="pb-1 text-left text-ink-muted text-sm">
        Requests by what they read
      </caption>
      <thead className="sr-only">
        <tr>
          <th scope="col">What</th>
          <th scope="col">Requests</th>
        </tr>
      </thead>
      <tbody className="divide-y">
        {endpoints.map(({ endpoint, requests }) => (
          <tr key={endpoint}>
            <th scope="row" className="break-words py-1.5 pr-4 text-left font-normal">
              {endpoint}
            </th>
            <td className="py-1.5 text-right tabular-nums">{formatNumber(requests)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
