import { Check, ChevronRight, CircleX } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { type ToolTab, tabHref } from "@/app/(app)/settings/integrations/[provider]/tool-tabs";
import { UpcomingEvents } from "@/components/integrations/upcoming-events";
import { listWords, textLink } from "@/components/integrations/words";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { formatCount, formatNumber } from "@/components/ui/format";
import { RelativeTime } from "@/components/ui/relative-time";
import type { Context } from "@/lib/auth/principal";
import { upcomingDays } from "@/lib/calendar/schema";
import { eventsOfConnection } from "@/lib/calendar/service";
import { env } from "@/lib/core/env";
import type { ToolView } from "@/lib/integrations/schema";
import type { WaitingView } from "@/lib/sync/schema";
import { listWaiting } from "@/lib/sync/service";

interface OverviewTabProps {
  readonly ctx: Context;
  readonly tool: ToolView;
}

const eventsShown = 10;

/** What Harmony may do at the tool, what waits to go there, and where to look when it does not work. */
export async function OverviewTab({ ctx, tool }: OverviewTabProps) {
  const { connection, maySeeLog, category } = tool;
  const live = connection !== null && connection.status !== "disconnected" ? connection.id : null;
  const [waiting, events] = await Promise.all([
    live !== null && maySeeLog ? listWaiting(ctx, live) : null,
    live !== null && category === "calendar" ? eventsOfConnection(ctx, live) : null,
  ]);
  return (
    <div className="grid items-start gap-5 xl:grid-cols-[minmax(0,1fr)_20rem]">
      <div className="flex min-w-0 flex-col gap-5">
        {events === null ? null : (
          <Card>
            <CardHeader
              title="Upcoming events"
              description={`The next ${upcomingDays} days of the chosen calendars. Events are not meetings: they are yours alone to see.`}
            />
            <CardBody>
              <UpcomingEvents
                events={events.slice(0, eventsShown)}
                more={Math.max(0, events.length - eventsShown)}
              />
            </CardBody>
          </Card>
        )}
        {waiting === null || waiting.count === 0 ? null : <Waiting tool={tool} waiting={waiting} />}
        <Permissions tool={tool} />
      </div>
      <Troubleshooting tool={tool} />
    </div>
  );
}

function Permissions({ tool }: { readonly tool: ToolView }) {
  const { connection, permissions, reads, writes } = tool;
  const isOn = connection !== null && connection.status !== "disconnected";
  const missing = new Set(isOn ? connection.missingScopes : []);
  return (
    <Card>
      <CardHeader
        title={isOn ? "Harmony is able to…" : "Harmony will be able to…"}
        description="Only what the chosen options need is asked for. Nothing else of the account is read."
      />
      <CardBody className="flex flex-col gap-4">
        <ul className="flex flex-col gap-2.5">
          {permissions.map(({ scope, words }) => (
            <li key={scope} className="flex gap-2">
              {missing.has(scope) ? (
                <CircleX aria-hidden className="mt-0.5 size-4 shrink-0 text-danger-ink" />
              ) : (
                <Check aria-hidden className="mt-0.5 size-4 shrink-0 text-success-ink" />
              )}
              <span className="min-w-0">
                <span className="block text-base">
                  {words}
                  {missing.has(scope) ? (
                    <span className="font-medium text-danger-ink"> Not granted.</span>
                  ) : null}
                </span>
                <code className="break-all font-mono text-ink-faint text-xs">{scope}</code>
              </span>
            </li>
          ))}
        </ul>
        <p className="text-ink-muted text-sm">{accessWords(reads, writes)}</p>
      </CardBody>
    </Card>
  );
}

function accessWords(reads: readonly string[], writes: readonly string[]): string {
  const read = reads.length === 0 ? "Reads nothing." : `Reads ${listWords(reads)}.`;
  const write = writes.length === 0 ? "Writes nothing." : `Writes ${listWords(writes)}.`;
  return `${read} ${write}`;
}

/** What is waiting to go out, by topic of lib/events/offer.ts. */
const topicWords: Readonly<Record<string, string>> = {
  "meeting.processed": "A processed meeting",
  "meeting.failed": "A failed meeting",
  "insight.generated": "An insight",
  "action_item.changed": "An action item",
  "contact.changed": "A contact",
  "note.changed": "A note",
  alert: "An alert",
  share: "A shared meeting",
  test: "A test message",
};

function Waiting({ tool, waiting }: { readonly tool: ToolView; readonly waiting: WaitingView }) {
  const { count, items } = waiting;
  const isHeld = tool.connection?.status === "needs_attention";
  return (
    <Card>
      <CardHeader
        title={`${formatCount(count, "item")} waiting`}
        description={
          isHeld
            ? `Kept, and sent by itself after ${tool.name} is reconnected.`
            : `On the way to ${tool.name}.`
        }
      />
      <CardBody>
        <ul className="divide-y">
          {items.map((item) => (
            <li key={item.id} className="flex flex-wrap justify-between gap-x-4 py-2 text-base">
              <span className="min-w-0">
                {topicWords[item.topic] ?? item.topic}
                {item.errorMessage === null ? null : (
                  <span className="block text-sm text-warning-ink">
                    {item.errorMessage} Tried {formatCount(item.attempts, "time")}.
                  </span>
                )}
              </span>
              <span className="whitespace-nowrap text-ink-muted text-sm">
                since <RelativeTime value={item.since} format="datetime" />
              </span>
            </li>
          ))}
        </ul>
        {count > items.length ? (
          <p className="pt-2 text-ink-muted text-sm">
            and {formatNumber(count - items.length)} more
          </p>
        ) : null}
      </CardBody>
    </Card>
  );
}

/** Handbook 4.5. */
function Troubleshooting({ tool }: { readonly tool: ToolView }) {
  const { name, slug } = tool;
  const support = env().SUPPORT_EMAIL;
  const tab = (key: ToolTab, words: string) => (
    <Link href={tabHref(slug, key)} className={textLink}>
      {words}
    </Link>
  );
  return (
    <Card>
      <CardHeader title="Troubleshooting" />
      <CardBody className="flex flex-col divide-y py-0 pb-2">
        <Problem title="Connection failed">
          <li>Check that your user in {name} may authorise apps.</li>
          <li>Check that you signed in with the right account.</li>
          <li>Disconnect, then connect again.</li>
          <li>
            Write to{" "}
            <a href={`mailto:${support}`} className={textLink}>
              {support}
            </a>
            .
          </li>
        </Problem>
        <Problem title="Sync not working">
          <li>Check the status at the top of this page.</li>
          <li>Check what is selected in the {tab("sync", "sync settings")}.</li>
          <li>
            Look at the {tab("log", "sync log")}: each error says what happened and how to mend it.
          </li>
        </Problem>
        <Problem title="Permission denied">
          <li>Check that your user has the rights in {name}; some need an admin there.</li>
          <li>
            Policies of your organisation can forbid apps: ask an admin of {name} to approve
            Harmony.
          </li>
          <li>Connect with another account that has the rights.</li>
        </Problem>
      </CardBody>
    </Card>
  );
}

function Problem({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <details className="group/problem py-1">
      <summary className="flex list-none items-center gap-1.5 rounded-md py-1.5 font-medium text-base [&::-webkit-details-marker]:hidden">
        <ChevronRight
          aria-hidden
          className="size-4 text-ink-faint transition-transform group-open/problem:rotate-90"
        />
        {title}
      </summary>
      <ul className="flex list-disc flex-col gap-1 pt-1 pb-2 pl-10 text-ink-muted text-sm">
        {children}
      </ul>
    </details>
  );
}
