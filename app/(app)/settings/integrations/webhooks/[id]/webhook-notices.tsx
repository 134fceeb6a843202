import { TaskButton } from "@/app/(app)/settings/integrations/webhooks/task-button";
import { formatCount } from "@/components/ui/format";
import { Notice } from "@/components/ui/notice";
import { RelativeTime } from "@/components/ui/relative-time";
import { logRetentionDays, type WebhookView } from "@/lib/webhooks/schema";

interface WebhookNoticesProps {
  readonly webhook: WebhookView;
  readonly missed: number;
}

/** What somebody must know about the webhook now, and the button that puts it right. */
export function WebhookNotices({ webhook, missed }: WebhookNoticesProps) {
  const state = <StateNotice webhook={webhook} missed={missed} />;
  return (
    <div className="flex flex-col gap-3 pb-5 empty:hidden">
      {state}
      {webhook.deletedAt === null ? <RotationNotice webhook={webhook} /> : null}
    </div>
  );
}

function StateNotice({ webhook, missed }: WebhookNoticesProps) {
  if (webhook.deletedAt !== null) return <Deleted deletedAt={webhook.deletedAt} />;
  if (webhook.status === "disabled") return <Disabled webhook={webhook} missed={missed} />;
  if (webhook.status === "paused") return <Paused webhook={webhook} missed={missed} />;
  return <Failing webhook={webhook} />;
}

function Deleted({ deletedAt }: { readonly deletedAt: Date }) {
  return (
    <Notice title="This webhook was deleted">
      It was deleted on <RelativeTime value={deletedAt.toISOString()} format="datetime" /> and sends
      nothing. Its log can be read for {logRetentionDays} days from then.
    </Notice>
  );
}

/** What the receiver did last, as a sentence. */
function lastAnswer({ lastStatus, lastError }: WebhookView): string {
  if (lastStatus !== null) return `It last answered ${lastStatus}.`;
  return lastError ?? "It did not answer.";
}

function missedWords(missed: number): string {
  return missed === 0
    ? "No event has been missed."
    : `${formatCount(missed, "event")} missed; you can have ${missed === 1 ? "it" : "them"} sent.`;
}

function Disabled({ webhook, missed }: WebhookNoticesProps) {
  const { disabledAt, disabledReason, failingSince } = webhook;
  return (
    <Notice
      tone="danger"
      title={
        <>
          Disabled
          {disabledAt === null ? null : (
            <>
              {" "}
              since <RelativeTime value={disabledAt.toISOString()} format="datetime" />
            </>
          )}
        </>
      }
      action={
        <TaskButton task="start_again" webhook={webhook} variant="primary">
          Re-enable
        </TaskButton>
      }
    >
      <p>
        {disabledReason === "gone" ? (
          "The receiver answered 410 Gone, which asks Harmony to stop. "
        ) : (
          <>
            The receiver had been failing
            {failingSince === null ? " for more than five days. " : " since "}
            {failingSince === null ? null : (
              <>
                <RelativeTime value={failingSince.toISOString()} format="datetime" />.{" "}
              </>
            )}
            {lastAnswer(webhook)}{" "}
          </>
        )}
        Repair the receiver or correct the URL, send a test, then re-enable the webhook.
      </p>
      <p className="mt-1">{missedWords(missed)}</p>
    </Notice>
  );
}

function Paused({ webhook, missed }: WebhookNoticesProps) {
  return (
    <Notice
      title="Paused: nothing is sent"
      action={
        <TaskButton task="start_again" webhook={webhook} variant="primary">
          Resume
        </TaskButton>
      }
    >
      Events are kept for {logRetentionDays} days. {missedWords(missed)}
    </Notice>
  );
}

function Failing({ webhook }: { readonly webhook: WebhookView }) {
  const { failingSince, consecutiveFailures } = webhook;
  if (failingSince === null) return null;
  return (
    <Notice
      tone="warning"
      title={
        <>
          Failing since <RelativeTime value={failingSince.toISOString()} format="datetime" />
        </>
      }
    >
      {formatCount(consecutiveFailures, "attempt")} failed without a success between.{" "}
      {lastAnswer(webhook)} What failed is tried again for three days; when the receiver fails for
      more than five days, the webhook is disabled.
    </Notice>
  );
}

function RotationNotice({ webhook }: { readonly webhook: WebhookView }) {
  const { rotation, secretLast4 } = webhook;
  if (rotation === null) return null;
  return (
    <Notice
      title="Two secrets sign"
      action={
        <TaskButton task="switch" webhook={webhook}>
          Switch now
        </TaskButton>
      }
    >
      Until <RelativeTime value={rotation.endsAt.toISOString()} format="datetime" /> the secret that
      ends in <code className="font-mono">{secretLast4}</code> signs as before, and the new one that
      ends in <code className="font-mono">{rotation.nextLast4}</code> beside it. Then only the new
      one signs.
    </Notice>
  );
}
