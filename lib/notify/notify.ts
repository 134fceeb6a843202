import { type SQL, sql } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import {
  type incidents,
  notifications,
  type Audience as StoredAudience,
} from "@/db/schema/activity";
import { env } from "@/lib/core/env";
import { newId } from "@/lib/core/ids";
import { alertMail } from "@/lib/mail/letters";
import { sendMail } from "@/lib/mail/send-mail";
import { type Audience, findRecipients } from "@/lib/notify/find-recipients";
import { readWants } from "@/lib/notify/preferences";
import {
  type NotificationType,
  notificationTypes,
  type Severity,
  severities,
} from "@/lib/notify/schema";
import { tellChats } from "@/lib/notify/tell-chats";

// The one writer of notifications (handbook 13). Everything happens in the transaction of the change that it tells:
// the rows in the app, the mails and the state of the incident.

interface Words {
  readonly type: NotificationType;
  readonly severity: Severity;
  /** One sentence without its full stop, which also is the subject of the mail: "Webhook “X” was disabled". */
  readonly title: string;
  /** What happened, why, and what to do. */
  readonly body: string;
  /** A path of ours, such as `/settings/integrations/api`. */
  readonly link: string | null;
}

export interface Notice extends Words {
  readonly workspaceId: string;
  readonly to: Audience;
  readonly now: Date;
  /**
   * Names trouble that lasts, such as `webhook:whk_…`. While an incident of this name is open, a repeat only raises
   * its count; a turn for the worse (another type, or a higher severity) is told again.
   */
  readonly incidentKey?: string;
}

interface Telling extends Words {
  readonly workspaceId: string;
  readonly to: StoredAudience;
  readonly now: Date;
  readonly incidentId: string | null;
}

/** Writes the rows and mails of one telling, as each recipient chose it. */
async function tell(tx: Tx, telling: Telling): Promise<void> {
  const { workspaceId, type, severity, title, body, link, incidentId, now } = telling;
  const people = await findRecipients(tx, workspaceId, telling.to);
  if (people.length === 0) return;
  const { alert } = notificationTypes[type];
  const ids = people.map(({ userId }) => userId);
  const about = telling.to.exceptConnectionId;
  const wants = alert === null ? null : await readWants(tx, workspaceId, alert, ids, about);
  const inApp = people.filter(({ userId }) => wants?.(userId, "in_app") ?? true);
  if (inApp.length > 0) {
    await tx.insert(notifications).values(
      inApp.map(({ userId }) => ({
        ...{ workspaceId, userId, type, severity, title, body, link, incidentId },
        createdAt: now,
      })),
    );
  }
  if (wants) await tellChats(tx, telling, people, wants);
  const { appUrl } = env();
  for (const { userId, email } of people) {
    if (!wants?.(userId, "email")) continue;
    const href = `${appUrl}${link ?? "/notifications"}`;
    const preferences = `${appUrl}/settings/integrations/notifications`;
    await sendMail(tx, alertMail(email, { title, body, link: href, preferences }));
  }
}

interface OpenIncident extends Record<string, unknown> {
  readonly id: string;
  readonly count: number;
  readonly type: string;
  readonly severity: Severity;
}

const instant = (at: Date): SQL => sql`${at.toISOString()}::timestamptz`;

/** Opens the incident or counts the repeat, as it was before the call; two callers at once are one after the other. */
async function openOrCount(tx: Tx, notice: Notice, key: string): Promise<OpenIncident> {
  const { workspaceId, type, severity, title, body, link, to, now } = notice;
  const at = instant(now);
  const [row] = await tx.execute<OpenIncident>(sql`
    insert into incidents as i (id, workspace_id, key, type, severity, title, body, link, audience,
      opened_at, last_at, told_at)
    values (${newId("incident")}, ${workspaceId}, ${key}, ${type}, ${severity}, ${title}, ${body}, ${link},
      ${JSON.stringify(to)}::text::jsonb, ${at}, ${at}, ${at})
    on conflict (workspace_id, key) where resolved_at is null
      do update set count = i.count + 1, last_at = ${at}
    returning id, count, type, severity`);
  if (!row) throw new Error("the incident was not returned");
  return row;
}

function isWorse(notice: Notice, before: OpenIncident): boolean {
  const rank = (severity: Severity) => severities.indexOf(severity);
  return notice.type !== before.type || rank(notice.severity) > rank(before.severity);
}

async function recordTurn(tx: Tx, notice: Notice, incidentId: string): Promise<void> {
  const { workspaceId, type, severity, title, body, link, to, now } = notice;
  await tx.execute(sql`
    update incidents set type = ${type}, severity = ${severity}, title = ${title}, body = ${body},
      link = ${link}, audience = ${JSON.stringify(to)}::text::jsonb, told_at = ${instant(now)}
    where id = ${incidentId} and workspace_id = ${workspaceId}`);
}

/**
 * Tells people something, as each of them wants to be told: in the app, by e-mail, or both.
 * @returns false when it was a repeat of an open incident, which was only counted.
 */
export async function notify(tx: Tx, notice: Notice): Promise<boolean> {
  if (notice.incidentKey === undefined) {
    await tell(tx, { ...notice, incidentId: null });
    return true;
  }
  const incident = await openOrCount(tx, notice, notice.incidentKey);
  if (incident.count > 1) {
    if (!isWorse(notice, incident)) return false;
    await recordTurn(tx, notice, incident.id);
  }
  await tell(tx, { ...notice, incidentId: incident.id });
  return true;
}

type IncidentRow = typeof incidents.$inferSelect;
type Closed = Pick<IncidentRow, "id" | "audience" | "link">;

async function closeIncident(
  tx: Tx,
  workspaceId: string,
  key: string,
  now: Date,
): Promise<Closed | null> {
  const [row] = await tx.execute<Closed>(sql`
    update incidents set resolved_at = ${instant(now)}
    where workspace_id = ${workspaceId} and key = ${key} and resolved_at is null
    returning id, audience, link`);
  return row ?? null;
}

/**
 * Ends an incident and tells its audience once that it is over. Nothing happens where none is open, so it is safe to
 * call at every success.
 * @param words null ends it without a word: somebody ended it on purpose.
 */
export async function resolveIncident(
  tx: Tx,
  workspaceId: string,
  incidentKey: string,
  words: Pick<Words, "type" | "title" | "body"> | null,
  now: Date,
): Promise<void> {
  const closed = await closeIncident(tx, workspaceId, incidentKey, now);
  if (closed === null || words === null) return;
  await tell(tx, {
    ...words,
    ...{ workspaceId, now, severity: "info", to: closed.audience },
    link: closed.link,
    incidentId: closed.id,
  });
}

const remindersMax = 500;
const reminderEvery = "24 hours";

interface Due extends Words, Record<string, unknown> {
  readonly id: string;
  readonly workspace_id: string;
  readonly audience: StoredAudience;
  readonly opened_on: string;
}

async function remindOne(now: Date): Promise<boolean> {
  return await db().transaction(async (tx) => {
    const [due] = await tx.execute<Due>(sql`
      update incidents set told_at = ${instant(now)} where id = (
        select id from incidents
        where resolved_at is null and told_at <= ${instant(now)} - ${reminderEvery}::interval
        order by told_at limit 1 for update skip locked)
      returning id, workspace_id, type, severity, title, body, link, audience,
        to_char(opened_at at time zone 'UTC', 'YYYY-MM-DD') as opened_on`);
    if (!due) return false;
    await tell(tx, {
      ...{ type: due.type, severity: due.severity, link: due.link },
      ...{ workspaceId: due.workspace_id, to: due.audience, incidentId: due.id, now },
      title: `Reminder: ${due.title}`,
      body: `${due.body} This is open since ${due.opened_on}.`,
    });
    return true;
  });
}

/**
 * Reminds of incidents that nobody has been told about for a day, at most 500 a run. Safe to run at any time and
 * twice at once: each is marked in the transaction that tells.
 * @returns how many reminders went out.
 */
export async function remindOpenIncidents(now: Date): Promise<number> {
  let reminded = 0;
  while (reminded < remindersMax && (await remindOne(now))) reminded += 1;
  return reminded;
}
