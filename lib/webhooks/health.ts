import { sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { recordOwnAudit } from "@/lib/audit/record-audit";
import { notify, resolveIncident } from "@/lib/notify/notify";

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

const incidentKey = (webhookId: string) => `webhook:${webhookId}`;

/** What everyone who may manage webhooks is told about one; what it does badly is one incident until it works again. */
function noticeOf(webhook: Pick<FailingWebhook, "id" | "workspace_id">, now: Date) {
  return {
    workspaceId: webhook.workspace_id,
    to: { permission: "organization:update:all" },
    link: `/settings/integrations/webhooks/${webhook.id}`,
    incidentKey: incidentKey(webhook.id),
    now,
  } as const;
}

/** The alert and the audit entry of a webhook that the delivery engine disabled. */
export async function tellDisabled(tx: Tx, webhook: DisabledWebhook, now: Date): Promise<void> {
  const why =
    webhook.disabled_reason === "gone"
      ? "The receiver answered 410 Gone, which asks us to stop."
      : `It has been failing since ${day(webhook.failing_since)}. ${lastError(webhook)}`;
  await recordOwnAudit(tx, webhook.workspace_id, now, {
    category: "errors",
    action: "webhook.disabled",
    target: { type: "webhook", id: webhook.id, label: webhook.name },
    result: "failure",
    metadata: { reason: webhook.disabled_reason, last_status: webhook.last_status },
  });
  await notify(tx, {
    ...noticeOf(webhook, now),
    type: "webhook_disabled",
    severity: "error",
    title: `Webhook “${webhook.name}” was disabled`,
    body: `${why} Repair the receiver, then re-enable the webhook; missed events can be sent then.`,
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
    const failing = await tx.execute<FailingWebhook & { readonly is_second: boolean }>(sql`
      update webhooks w set warned_at = ${at} from (
        select id, warned_at is not null as is_second from webhooks where status = 'active' and deleted_at is null and (
            (warned_at is null and failing_since < ${at} - ${`${warnAfterHours} hours`}::interval)
            or (failing_since < ${at} - ${`${warnAgainAfterDays} days`}::interval
              and warned_at < failing_since + ${`${warnAgainAfterDays} days`}::interval))
        order by id limit 100 for update skip locked) due
      where w.id = due.id
      returning w.id, workspace_id, name, last_status, last_error, failing_since, is_second`);
    for (const webhook of failing) {
      const since = day(webhook.failing_since);
      await notify(tx, {
        ...noticeOf(webhook, now),
        type: "webhook_failing",
        // The second warning comes a day before the end: it is worse, so it is told although the first one is open.
        severity: webhook.is_second ? "error" : "warning",
        title: `Webhook “${webhook.name}” is failing since ${since}`,
        body: `${lastError(webhook)} It is disabled when it has failed for five days.`,
      });
    }
    return failing.length;
  });
}

interface Recovered extends Record<string, unknown> {
  readonly id: string;
  readonly workspace_id: string;
  readonly name: string | null;
  /** Null: somebody paused or deleted it, which needs no words. */
  readonly how: "works" | "re_enabled" | null;
}

const recoveryWords = {
  works: {
    title: (name: string) => `Webhook “${name}” works again`,
    body: "Its receiver accepts events again. Nothing has to be done.",
  },
  re_enabled: {
    title: (name: string) => `Webhook “${name}” starts anew`,
    body: "It was re-enabled or got another URL. The next event shows whether its receiver works.",
  },
} as const;

/**
 * Ends the incidents of webhooks that no longer fail, and tells so once: those that work again, that were re-enabled
 * or changed, and, without a word, those that somebody paused or deleted. Safe to run at any time and twice at once.
 * @returns how many incidents ended.
 */
export async function endWebhookIncidents(now: Date): Promise<number> {
  return await db().transaction(async (tx) => {
    const over = await tx.execute<Recovered>(sql`
      select substr(i.key, 9) as id, i.workspace_id, w.name,
        case when w.id is null or w.deleted_at is not null or w.status = 'paused' then null
          when w.last_success_at >= i.opened_at then 'works' else 're_enabled' end as how
      from incidents i left join webhooks w on w.id = substr(i.key, 9) and w.workspace_id = i.workspace_id
      where i.resolved_at is null and i.key like 'webhook:%'
        and (w.id is null or w.deleted_at is not null or w.status = 'paused'
          or (w.status = 'active' and w.failing_since is null))
      order by i.id limit 100 for update of i skip locked`);
    for (const { id, workspace_id: workspaceId, name, how } of over) {
      const words =
        how === null
          ? null
          : {
              type: "webhook_recovered" as const,
              title: recoveryWords[how].title(name ?? id),
              body: recoveryWords[how].body,
            };
      await resolveIncident(tx, workspaceId, incidentKey(id), words, now);
    }
    return over.length;
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
