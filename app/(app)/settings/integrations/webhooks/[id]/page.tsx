import type { Metadata } from "next";
import { cache, Suspense } from "react";
import { NoAccess } from "@/app/(app)/no-access";
import { readOrNotFound } from "@/app/(app)/read-or-not-found";
import { requireSession } from "@/app/(app)/require-session";
import { DeliveryLog } from "@/app/(app)/settings/integrations/webhooks/[id]/log/delivery-log";
import { SettingsTab } from "@/app/(app)/settings/integrations/webhooks/[id]/settings-tab";
import { WebhookNotices } from "@/app/(app)/settings/integrations/webhooks/[id]/webhook-notices";
import {
  readChoices,
  type WebhookChoices,
} from "@/app/(app)/settings/integrations/webhooks/choices";
import { TaskButton } from "@/app/(app)/settings/integrations/webhooks/task-button";
import { WebhookMenu } from "@/app/(app)/settings/integrations/webhooks/webhook-menu";
import { WebhookTasks } from "@/app/(app)/settings/integrations/webhooks/webhook-tasks";
import { ViewOnly } from "@/app/(app)/settings/view-only";
import { CopyButton } from "@/components/ui/copy-button";
import { DataList } from "@/components/ui/data-list";
import { LinkTabs } from "@/components/ui/link-tabs";
import { PageHeader } from "@/components/ui/page-header";
import type { PageSearchParams } from "@/components/ui/query-string";
import { SkeletonRows } from "@/components/ui/skeleton";
import { LastDelivery, WebhookHealth, WebhookStatus } from "@/components/webhooks/webhook-status";
import { hostOf, webhookHref } from "@/components/webhooks/words";
import type { Context } from "@/lib/auth/principal";
import { hasGrant } from "@/lib/auth/roles";
import { contextOf } from "@/lib/http/action";
import { countMissed } from "@/lib/webhooks/deliveries";
import type { WebhookView } from "@/lib/webhooks/schema";
import { getWebhook } from "@/lib/webhooks/service";

interface WebhookPageProps {
  readonly params: Promise<{ readonly id: string }>;
  readonly searchParams: Promise<PageSearchParams>;
}

interface PageData {
  readonly webhook: WebhookView;
  readonly choices: WebhookChoices;
  /** How many events a stopped webhook has missed; 0 while it is active. */
  readonly missed: number;
  readonly mayManage: boolean;
}

async function readPage(ctx: Context, id: string): Promise<PageData> {
  const webhook = await readOrNotFound(id, (known) => getWebhook(ctx, known));
  const isStopped = webhook.status !== "active" && webhook.deletedAt === null;
  return {
    webhook,
    choices: await readChoices(ctx),
    missed: isStopped ? await countMissed(ctx, { id }) : 0,
    mayManage: hasGrant(ctx.principal.grants, "organization:update", "all"),
  };
}

/** Read once a request, for the title and the page; null for somebody who may not see webhooks. */
const pageOf = cache(async (id: string): Promise<PageData | null> => {
  const session = await requireSession();
  if (!hasGrant(session.grants, "organization:read", "all")) return null;
  return readPage(await contextOf(session), id);
});

export async function generateMetadata({ params }: WebhookPageProps): Promise<Metadata> {
  return { title: (await pageOf((await params).id))?.webhook.name ?? "Webhooks" };
}

export default async function WebhookPage(props: WebhookPageProps) {
  const data = await pageOf((await props.params).id);
  if (data === null) return <NoAccess title="Webhooks" what="webhooks" />;
  const { webhook, choices, mayManage } = data;
  const searchParams = await props.searchParams;
  const content = <WebhookContent {...data} searchParams={searchParams} />;
  if (!mayManage) return content;
  return (
    <WebhookTasks webhooks={[webhook]} choices={choices}>
      {content}
    </WebhookTasks>
  );
}

interface WebhookContentProps extends PageData {
  readonly searchParams: PageSearchParams;
}

function WebhookContent(props: WebhookContentProps) {
  const { webhook, choices, missed, mayManage, searchParams } = props;
  const href = webhookHref(webhook.id);
  const showsSettings = searchParams.tab === "settings";
  return (
    <>
      <PageHeader
        title={webhook.name}
        description={webhook.description ?? undefined}
        aside={
          <>
            <WebhookStatus webhook={webhook} />
            {mayManage ? null : <ViewOnly />}
          </>
        }
        actions={
          mayManage && webhook.deletedAt === null ? (
            <>
              <TaskButton task="test" webhook={webhook}>
                Send test
              </TaskButton>
              <WebhookMenu webhook={webhook} />
            </>
          ) : undefined
        }
      />
      <WebhookNotices webhook={webhook} missed={missed} />
      <Facts webhook={webhook} />
      <div className="pt-6">
        <LinkTabs
          label="Parts of the webhook"
          items={[
            { href, label: "Deliveries" },
            { href: `${href}?tab=settings`, label: "Settings" },
          ]}
          current={showsSettings ? `${href}?tab=settings` : href}
        />
      </div>
      <div className="pt-5">
        {showsSettings ? (
          <SettingsTab webhook={webhook} choices={choices} />
        ) : (
          <Suspense fallback={<SkeletonRows rows={8} />}>
            <DeliveryLog webhook={webhook} searchParams={searchParams} mayManage={mayManage} />
          </Suspense>
        )}
      </div>
    </>
  );
}

function Facts({ webhook }: { readonly webhook: WebhookView }) {
  return (
    <DataList
      layout="grid"
      items={[
        {
          term: "Sends to",
          value: (
            <span className="flex min-w-0 items-center gap-1">
              <span className="min-w-0 truncate font-mono text-sm">{hostOf(webhook.url)}</span>
              <CopyButton value={webhook.url} label="Copy URL" />
            </span>
          ),
        },
        { term: "Health", value: <WebhookHealth webhook={webhook} /> },
        { term: "Last delivery", value: <LastDelivery webhook={webhook} /> },
        {
          term: "Webhook id",
          value: (
            <span className="flex min-w-0 items-center gap-1">
              <span className="min-w-0 truncate font-mono text-sm">{webhook.id}</span>
              <CopyButton value={webhook.id} label="Copy webhook id" />
            </span>
          ),
        },
      ]}
    />
  );
}
