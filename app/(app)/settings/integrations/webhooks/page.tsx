import { BookOpen, List } from "lucide-react";
import type { Metadata } from "next";
import { NoAccess } from "@/app/(app)/no-access";
import { requireSession } from "@/app/(app)/require-session";
import { readChoices } from "@/app/(app)/settings/integrations/webhooks/choices";
import { HelpLink } from "@/app/(app)/settings/integrations/webhooks/help-link";
import { WebhookList } from "@/app/(app)/settings/integrations/webhooks/webhook-list";
import { WebhookTasks } from "@/app/(app)/settings/integrations/webhooks/webhook-tasks";
import { ViewOnly } from "@/app/(app)/settings/view-only";
import { PageHeader } from "@/components/ui/page-header";
import { hasGrant } from "@/lib/auth/roles";
import { contextOf } from "@/lib/http/action";
import { PLANS, planNames } from "@/lib/plans/plans";
import { listWebhooks } from "@/lib/webhooks/service";

export const metadata: Metadata = { title: "Webhooks" };

export default async function WebhooksPage() {
  const session = await requireSession();
  if (!hasGrant(session.grants, "organization:read", "all"))
    return <NoAccess title="Webhooks" what="webhooks" />;
  const ctx = await contextOf(session);
  const mayManage = hasGrant(session.grants, "organization:update", "all");
  const [webhooks, choices] = await Promise.all([
    listWebhooks(ctx),
    mayManage ? readChoices(ctx) : null,
  ]);
  const { label, webhooksMax } = PLANS[session.workspace.plan];
  const larger = planNames.find((name) => PLANS[name].webhooksMax > webhooksMax);
  const list = (
    <WebhookList
      webhooks={webhooks}
      mayManage={mayManage}
      plan={{ label, webhooksMax, largerPlan: larger ? PLANS[larger].label : null }}
    />
  );
  return (
    <>
      <PageHeader
        title="Webhooks"
        description={
          <>
            Harmony tells your own server as soon as something happens to a meeting.{" "}
            <HelpLink href="/settings/integrations/webhooks/events" icon={List}>
              Event catalogue
            </HelpLink>{" "}
            <HelpLink href="/docs/webhooks" icon={BookOpen}>
              How to receive webhooks
            </HelpLink>
          </>
        }
        aside={mayManage ? undefined : <ViewOnly />}
      />
      {choices === null ? (
        list
      ) : (
        <WebhookTasks webhooks={webhooks} choices={choices}>
          {list}
        </WebhookTasks>
      )}
    </>
  );
}
