import { sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { auditEvents, notifications } from "@/db/schema/activity";
import { env } from "@/lib/core/env";
import { webhookDisabledMail, webhookFailingMail } from "@/lib/mail/letters";
import { sendMail } from "@/lib/mail/send-mail";

// What happens around a webhook that fails: admins are told early, and again before and when it is disabled.

interface FailingWebhook extends Record<string, unknown> {
  readonly id: string;
  readonly workspace_id: string;
  readonly name: string;
  readonly last_status: number | null;
  readonly last_error: string | null;
  readonly failing_since: Date | string | null;
}

export interface DisabledWebhook extends FailingWebhook {
  readonly disabled_reason: "failing" | "gone";
}

function lastError(webhook: FailingWebhook): string {
  if (webhook.last_status !== null) return `It last answered ${webhook.last_status}.`;
  return webhook.last_error ?? "It does not answer.";
}

const day = (at: Date | string | null) => (at ? new Date(at).toISOString().slice(0, 10) : "today");

interface Alert {
  readonly type: string;
  readonly severity: "warning" | "error";
  readonly title: string;
  readonly body: string;
  readonly mail: (to: string, link: string) => Parameters<typeof sendMail>[1];
}

/** Tells everyone who may manage webhooks, in the app and by mail (handbook 13). */
async function tellAdmins(tx: Tx, webhook: FailingWebhook, alert: Alert): Promise<void> {
  const link = `/settings/integrations/webhooks/${webhook.id}`;
  const people = await tx.execute<{ user_id: string; email: string }>(sql`
    select m.user_id, u.email from memberships m join roles r on r.id = m.role_id
    join users u on u.id = m.user_id
    where m.workspace_id = ${webhook.workspace_id} and m.removed_at is null
      and (r.key = 'admin' or 'organization:update:all' = any(r.permissions)) limit 100`);
  for (const { user_id: userId, email } of people) {
    await tx.insert(notifications).values({
      workspaceId: webhook.workspace_id,
      userId,
      type: alert.type,
      severity: alert.severity,
      title: alert.title,
      body: alert.body,
      link,
    });
    await sendMail(tx, alert.mail(email, `${env().appUrl}${link}`));
  }
}

/** The alert and the audit entry of a webhook that the delivery engine disabled. */
export async function tellDisabled(tx: Tx, webhook: DisabledWebhook, now: Date): Promise<void> {
  const why =
    webhook.disabled_reason === "gone"
      ? "The receiver answered 410 Gone, which asks us to stop."
      : `It has been failing since ${day(webhook.failing_since)}. ${lastError(webhook)}`;
  await tx.insert(auditEvents).values({
    workspaceId: webhook.workspace_id,
    at: now,
    actorType: "system",
    actorLabel: "Harmony",
    category: "errors",
    action: "webhook.disabled",
    targetType: "webhook",
    targetId: webhook.id,
    targetLabel: webhook.name,
    result: "failure",
    metadata: { reason: webhook.disabled_reason, last_status: webhook.last_status },
  });
  await tellAdmins(tx, webhook, {
    type: "webhook_disabled",
    severity: "error",
    title: `Webhook “${webhook.name}” was disabled`,
    body: `${why} Repair the receiver, then re-enable the webhook; missed events can be sent then.`,
    mail: (to, link) => webhookDisabledMail(to, { name: webhook.name, why, link }),
  });
}

const warnAfterHours = 1;
const warnAgainAfterDays = 4;

/**
 * Warns about webhooks that have been failing for an hour, and once more a day before they are disabled. Safe to run
 * at any time and twice at once: each is marked in the transaction that tells.
 * @returns how many warnings went out.
 */
export async function warnAboutFailing(now: Date): Promise<number> {
  return await db().transaction(async (tx) => {
    const at = sql`${now.toISOString()}::timestamptz`;
    const failing = await tx.execute<FailingWebhook>(sql`
      update webhooks set warned_at = ${at} where id in (
        select id from webhooks where status = 'active' and deleted_at is null and (
            (warned_at is null and failing_since < ${at} - ${`${warnAfterHours} hours`}::interval)
            or (failing_since < ${at} - ${`${warnAgainAfterDays} days`}::interval
              and warned_at < failing_since + ${`${warnAgainAfterDays} days`}::interval))
        order by id limit 100 for update skip locked)
      returning id, workspace_id, name, last_status, last_error, failing_since`);
    for (const webhook of failing) {
      const since = day(webhook.failing_since);
      await tellAdmins(tx, webhook, {
        type: "webhook_failing",
        severity: "warning",
        title: `Webhook “${webhook.name}” is failing since ${since}`,
        body: `${lastError(webhook)} It is disabled when it has failed for five days.`,
        mail: (to, link) =>
          webhookFailingMail(to, { name: webhook.name, since, error: lastError(webhook), link }),
      });
    }
    return failing.length;
  });
}

/**
 * Puts right what a race or a crash left behind: deliveries that wait for a webhook which is no longer active, and
 * tests that nobody attempted within a minute of their making.
 * @returns how many deliveries were ended.
 */
export async function endStrandedDeliveries(now: Date): Promise<number> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const ended = await db().execute(sql`
    update webhook_deliveries d set next_attempt_at = null, claimed_until = null, completed_at = ${at},
      status = case when d.is_test then 'failed' else 'cancelled' end,
      reason = case when d.is_test then 'exhausted' when w.deleted_at is not null then 'deleted' else w.status end
    from webhooks w
    where w.id = d.webhook_id and d.next_attempt_at is not null
      and (d.claimed_until is null or d.claimed_until < ${at})
      and case when d.is_test then d.created_at < ${at} - interval '1 minute'
        else w.status <> 'active' or w.deleted_at is not null end
    returning d.id`);
  return ended.length;
}
