import { RelativeTime } from "@/components/ui/relative-time";
import { Status } from "@/components/ui/status";
import { healthOf } from "@/components/webhooks/words";
import type { WebhookView } from "@/lib/webhooks/schema";

/** Active, Paused or Disabled (handbook 21.3); Deleted for one whose log can still be read. */
export function WebhookStatus({ webhook }: { readonly webhook: WebhookView }) {
  if (webhook.deletedAt !== null) return <Status kind="cancelled" label="Deleted" />;
  return <Status kind={webhook.status} />;
}

/** Working, Failing since …, or Never used. */
export function WebhookHealth({ webhook }: { readonly webhook: WebhookView }) {
  const health = healthOf(webhook);
  if (health === "unused") return <Status plain kind="neutral" label="Never used" />;
  if (health === "working") return <Status plain kind="success" label="Working" />;
  return (
    <span className="block">
      <Status plain kind="warning" label="Failing" />
      {webhook.failingSince === null ? null : (
        <span className="block whitespace-nowrap text-ink-muted text-xs">
          since <RelativeTime value={webhook.failingSince.toISOString()} />
        </span>
      )}
    </span>
  );
}

/** When something was last sent, and what came back. */
export function LastDelivery({ webhook }: { readonly webhook: WebhookView }) {
  const { lastDeliveryAt, lastStatus } = webhook;
  if (lastDeliveryAt === null) return <span className="text-ink-muted">None yet</span>;
  return (
    <span className="block">
      <RelativeTime value={lastDeliveryAt.toISOString()} className="whitespace-nowrap" />
      <span className="block whitespace-nowrap text-ink-muted text-xs tabular-nums">
        {lastStatus === null ? "No answer" : `Answered ${lastStatus}`}
      </span>
    </span>
  );
}
