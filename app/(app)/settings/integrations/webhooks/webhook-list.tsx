import { Webhook } from "lucide-react";
import { AddWebhookButton } from "@/app/(app)/settings/integrations/webhooks/add-webhook-button";
import { WebhookTable } from "@/app/(app)/settings/integrations/webhooks/webhook-table";
import { EmptyState } from "@/components/ui/empty-state";
import { formatCount, formatNumber } from "@/components/ui/format";
import { Notice } from "@/components/ui/notice";
import type { WebhookView } from "@/lib/webhooks/schema";

/** What the workspace's plan says about webhooks. */
interface WebhookPlan {
  readonly label: string;
  readonly webhooksMax: number;
  /** The next plan with more, or null on the largest. */
  readonly largerPlan: string | null;
}

interface WebhookListProps {
  readonly webhooks: readonly WebhookView[];
  readonly plan: WebhookPlan;
  readonly mayManage: boolean;
}

/** The webhooks of the workspace, how many the plan has room for, and the button that adds one. */
export function WebhookList({ webhooks, plan, mayManage }: WebhookListProps) {
  const used = webhooks.length;
  const isFull = used >= plan.webhooksMax;
  const add = mayManage ? <AddWebhookButton disabled={isFull} /> : undefined;
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 pb-4">
        <p className="text-ink-muted text-sm tabular-nums">
          {formatNumber(used)} of {formatCount(plan.webhooksMax, "webhook")} on the {plan.label}{" "}
          plan
        </p>
        {used === 0 ? null : add}
      </div>
      {mayManage && isFull ? <AllInUse plan={plan} /> : null}
      {used === 0 ? (
        <EmptyState icon={Webhook} title="No webhooks yet" action={add}>
          {mayManage
            ? "Give the address of your server and choose events. Harmony then sends each one there, signed, and tries again for three days when the server is down."
            : "An admin of the workspace can add one."}
        </EmptyState>
      ) : (
        <WebhookTable webhooks={webhooks} mayManage={mayManage} />
      )}
    </>
  );
}

function AllInUse({ plan }: { readonly plan: WebhookPlan }) {
  return (
    <Notice tone="warning" title="Every webhook of the plan is in use" className="mb-4">
      The {plan.label} plan includes {formatCount(plan.webhooksMax, "webhook")}. Delete one that is
      no longer needed{plan.largerPlan === null ? "" : `, or move to the ${plan.largerPlan} plan`}.
    </Notice>
  );
}
