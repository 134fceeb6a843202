import { WebhookMenu } from "@/app/(app)/settings/integrations/webhooks/webhook-menu";
import { formatCount } from "@/components/ui/format";
import {
  ActionsHead,
  RowLink,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import { LastDelivery, WebhookHealth, WebhookStatus } from "@/components/webhooks/webhook-status";
import { hostOf, webhookHref } from "@/components/webhooks/words";
import type { WebhookView } from "@/lib/webhooks/schema";

interface WebhookTableProps {
  readonly webhooks: readonly WebhookView[];
  readonly mayManage: boolean;
}

/** The webhooks with where they send, what, and how they are doing. */
export function WebhookTable({ webhooks, mayManage }: WebhookTableProps) {
  return (
    <Table crowded label="Webhooks">
      <TableHeader>
        <TableRow>
          <TableHead>Name and host</TableHead>
          <TableHead>Events</TableHead>
          <TableHead>Status</TableHead>
          <TableHead>Health</TableHead>
          <TableHead>Last delivery</TableHead>
          {mayManage ? <ActionsHead /> : null}
        </TableRow>
      </TableHeader>
      <TableBody>
        {webhooks.map((webhook) => (
          <WebhookRow key={webhook.id} webhook={webhook} mayManage={mayManage} />
        ))}
      </TableBody>
    </Table>
  );
}

function WebhookRow({ webhook, mayManage }: { webhook: WebhookView; mayManage: boolean }) {
  const { id, name, url, events } = webhook;
  const host = hostOf(url);
  return (
    <TableRow>
      <TableCell className="sm:w-full sm:min-w-44 sm:max-w-0">
        <span className="block min-w-0">
          <RowLink href={webhookHref(id)} className="block truncate max-sm:whitespace-normal">
            {name}
          </RowLink>
          {name === host ? null : (
            <span className="block truncate font-mono text-ink-muted text-xs">{host}</span>
          )}
        </span>
      </TableCell>
      <TableCell label="Events">
        <span className="block max-sm:text-right">
          <EventNames events={events} />
        </span>
      </TableCell>
      <TableCell label="Status">
        <WebhookStatus webhook={webhook} />
      </TableCell>
      <TableCell label="Health">
        <span className="block max-sm:text-right">
          <WebhookHealth webhook={webhook} />
        </span>
      </TableCell>
      <TableCell label="Last delivery">
        <span className="block max-sm:text-right">
          <LastDelivery webhook={webhook} />
        </span>
      </TableCell>
      {mayManage ? (
        <TableCell label="Actions" className="text-right">
          <span className="relative z-[1]">
            <WebhookMenu webhook={webhook} />
          </span>
        </TableCell>
      ) : null}
    </TableRow>
  );
}

/** One or two by name, more as a number. */
function EventNames({ events }: Pick<WebhookView, "events">) {
  if (events.length > 2) {
    return (
      <span title={events.join(", ")} className="whitespace-nowrap">
        {formatCount(events.length, "event")}
      </span>
    );
  }
  return events.map((type) => (
    <span key={type} className="block whitespace-nowrap font-mono text-xs">
      {type}
    </span>
  ));
}
