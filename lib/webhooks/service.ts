import { and, count, desc, eq, gt, inArray, isNotNull, isNull, or } from "drizzle-orm";
import { db, type Tx } from "@/db/client";
import { memberships, teams } from "@/db/schema/members";
import { webhookDeliveries, webhooks } from "@/db/schema/webhooks";
import { recordAudit } from "@/lib/audit/record-audit";
import type { AuditAction } from "@/lib/audit/schema";
import { type Context, requirePermission } from "@/lib/auth/principal";
import { AppError, invalidRequest, notFound } from "@/lib/core/errors";
import { newId } from "@/lib/core/ids";
import { eventTypes } from "@/lib/events/schema";
import { lockWorkspace } from "@/lib/members/service";
import { checkOutboundUrl } from "@/lib/outbound/check-url";
import { OutboundError } from "@/lib/outbound/outbound-error";
import { requireRoom } from "@/lib/plans/plans";
import { sendMissed } from "@/lib/webhooks/deliveries";
import {
  type IssuedSecret,
  logRetentionDays,
  type WebhookInput,
  type WebhookView,
} from "@/lib/webhooks/schema";
import {
  makeSecret,
  noRotation,
  sealedSecret,
  secretsAt,
  switchedOver,
} from "@/lib/webhooks/secrets";

export type WebhookRow = typeof webhooks.$inferSelect;

const listedMax = 500;
const nameLengthMax = 100;
const dayMs = 86_400_000;

const mayRead = (ctx: Context) => requirePermission(ctx, "organization:read", "all");
const mayChange = (ctx: Context) => requirePermission(ctx, "organization:update", "all");

/** What the audit trail calls a webhook. The URL stays out: its path or query may hold a token of the receiver. */
export const auditTarget = ({ id, name }: Pick<WebhookRow, "id" | "name">) => ({
  type: "webhook",
  id,
  label: name,
});

function viewOf(row: WebhookRow, now: Date): WebhookView {
  const secrets = secretsAt(row, now);
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    url: row.url,
    events: eventTypes.filter((type) => row.events.includes(type)),
    teamIds: row.teamIds,
    userIds: row.userIds,
    sources: row.sources,
    minDurationSeconds: row.minDurationSeconds,
    status: row.status,
    disabledAt: row.disabledAt,
    disabledReason: row.disabledReason,
    secretLast4: secrets.secretLast4,
    rotation:
      secrets.nextSecretLast4 === null || secrets.rotationEndsAt === null
        ? null
        : { nextLast4: secrets.nextSecretLast4, endsAt: secrets.rotationEndsAt },
    consecutiveFailures: row.consecutiveFailures,
    failingSince: row.failingSince,
    lastDeliveryAt: row.lastDeliveryAt,
    lastSuccessAt: row.lastSuccessAt,
    lastStatus: row.lastStatus,
    lastError: row.lastError,
    createdBy: row.createdByLabel,
    createdAt: row.createdAt,
    deletedAt: row.deletedAt,
  };
}

/** The workspace's webhooks, newest first, at most 500; deleted ones are left out. */
export async function listWebhooks(ctx: Context): Promise<WebhookView[]> {
  mayRead(ctx);
  const rows = await db()
    .select()
    .from(webhooks)
    .where(and(eq(webhooks.workspaceId, ctx.principal.workspaceId), isNull(webhooks.deletedAt)))
    .orderBy(desc(webhooks.createdAt), desc(webhooks.id))
    .limit(listedMax);
  return rows.map((row) => viewOf(row, ctx.now()));
}

/** One webhook. A deleted one can be read until its log has expired. */
export async function getWebhook(ctx: Context, id: string): Promise<WebhookView> {
  mayRead(ctx);
  const logStart = new Date(ctx.now().getTime() - logRetentionDays * dayMs);
  const [row] = await db()
    .select()
    .from(webhooks)
    .where(
      and(
        eq(webhooks.id, id),
        eq(webhooks.workspaceId, ctx.principal.workspaceId),
        or(isNull(webhooks.deletedAt), gt(webhooks.deletedAt, logStart)),
      ),
    );
  if (!row) throw notFound("Webhook");
  return viewOf(row, ctx.now());
}

// --- Checks -------------------------------------------------------------------------------------------------

/** The parsed URL; `invalid_request` beside the field `url` when events may not be sent there. */
export function requireOutboundUrl(text: string): URL {
  try {
    return checkOutboundUrl(text);
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    // Its sentence also says what to do.
    throw new AppError("invalid_request", error.message.replace(/\.$/, ""), {
      details: { fields: { url: error.message } },
    });
  }
}

/** Counts the webhooks that are not deleted, under a lock that makes two concurrent creations wait for each other. */
async function requireRoomForWebhook(tx: Tx, ctx: Context): Promise<void> {
  const { workspaceId, plan } = ctx.principal;
  await lockWorkspace(tx, ctx);
  const [used] = await tx
    .select({ n: count() })
    .from(webhooks)
    .where(and(eq(webhooks.workspaceId, workspaceId), isNull(webhooks.deletedAt)));
  requireRoom(plan, "webhooks", used?.n ?? 0, (limits) => limits.webhooksMax);
}

/** The ids that are not teams of the workspace. */
async function unknownTeams(tx: Tx, ctx: Context, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await tx
    .select({ id: teams.id })
    .from(teams)
    .where(and(eq(teams.workspaceId, ctx.principal.workspaceId), inArray(teams.id, [...ids])));
  return ids.filter((id) => !rows.some((row) => row.id === id));
}

/** The ids of people who never were members of the workspace. Former members are known: their meetings remain. */
async function unknownPeople(tx: Tx, ctx: Context, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await tx
    .select({ id: memberships.userId })
    .from(memberships)
    .where(
      and(
        eq(memberships.workspaceId, ctx.principal.workspaceId),
        inArray(memberships.userId, [...ids]),
      ),
    );
  return ids.filter((id) => !rows.some((row) => row.id === id));
}

/**
 * Refuses filters that name what the workspace does not have. What the webhook names already passes: a team may
 * have been deleted since, and that must not keep anybody from correcting the URL.
 */
async function checkFilters(
  tx: Tx,
  ctx: Context,
  input: Pick<WebhookInput, "team_ids" | "user_ids">,
  present: Pick<WebhookRow, "teamIds" | "userIds"> = { teamIds: [], userIds: [] },
): Promise<void> {
  const teamIds = input.team_ids.filter((id) => !present.teamIds.includes(id));
  const userIds = input.user_ids.filter((id) => !present.userIds.includes(id));
  const noTeam = await unknownTeams(tx, ctx, teamIds);
  const nobody = await unknownPeople(tx, ctx, userIds);
  if (noTeam.length === 0 && nobody.length === 0) return;
  throw invalidRequest("The filters name what this workspace does not have", {
    ...(noTeam.length > 0 ? { team_ids: `Unknown team: ${noTeam.join(", ")}.` } : {}),
    ...(nobody.length > 0 ? { user_ids: `Unknown person: ${nobody.join(", ")}.` } : {}),
  });
}

function columnsOf(input: WebhookInput, url: URL) {
  return {
    url: url.href,
    name: input.name || url.host.slice(0, nameLengthMax),
    description: input.description || null,
    events: input.events,
    teamIds: [...new Set(input.team_ids)],
    userIds: [...new Set(input.user_ids)],
    sources: [...new Set(input.sources)],
    minDurationSeconds: input.min_duration_seconds,
  };
}

const inputColumns = [
  ...(["url", "name", "description", "events"] as const),
  ...(["teamIds", "userIds", "sources", "minDurationSeconds"] as const),
];

// --- Changes ------------------------------------------------------------------------------------------------

/** Adds a webhook; URL and events are enough. `quota_exceeded` when the plan's number is used up. */
export async function createWebhook(ctx: Context, input: WebhookInput): Promise<IssuedSecret> {
  mayChange(ctx);
  const columns = columnsOf(input, requireOutboundUrl(input.url));
  const id = newId("webhook");
  const secret = makeSecret();
  return db().transaction(async (tx) => {
    await requireRoomForWebhook(tx, ctx);
    await checkFilters(tx, ctx, input);
    await tx.insert(webhooks).values({
      ...columns,
      ...sealedSecret(secret, id),
      id,
      workspaceId: ctx.principal.workspaceId,
      createdBy: ctx.principal.userId,
      createdByLabel: ctx.principal.label,
    });
    await recordAudit(tx, ctx, {
      category: "webhooks",
      action: "webhook.created",
      target: auditTarget({ id, name: columns.name }),
      metadata: { host: new URL(columns.url).host, events: columns.events },
    });
    return { id, name: columns.name, secret };
  });
}

/** The row, locked for a change; a deleted webhook is not found. */
export async function lockWebhook(tx: Tx, ctx: Context, id: string): Promise<WebhookRow> {
  const [row] = await tx
    .select()
    .from(webhooks)
    .where(
      and(
        eq(webhooks.id, id),
        eq(webhooks.workspaceId, ctx.principal.workspaceId),
        isNull(webhooks.deletedAt),
      ),
    )
    // Leaves foreign keys to the row alone: events are written meanwhile without waiting.
    .for("no key update");
  if (!row) throw notFound("Webhook");
  return row;
}

type WordOf<A> = A extends `webhook.${infer Word}` ? Word : never;
type WebhookAction = WordOf<AuditAction>;

interface Change {
  readonly set: Partial<typeof webhooks.$inferInsert>;
  /** For the audit trail: `webhook.<action>`. */
  readonly action: WebhookAction;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

async function apply(tx: Tx, ctx: Context, row: WebhookRow, change: Change): Promise<void> {
  await tx
    .update(webhooks)
    .set({ ...change.set, updatedAt: ctx.now() })
    .where(and(eq(webhooks.id, row.id), eq(webhooks.workspaceId, row.workspaceId)));
  await recordAudit(tx, ctx, {
    category: "webhooks",
    action: `webhook.${change.action}`,
    target: auditTarget({ id: row.id, name: change.set.name ?? row.name }),
    ...(change.metadata ? { metadata: change.metadata } : {}),
  });
}

/** Changes what the form holds; deliveries that are under way go to the new URL. Without a change nothing is written. */
export async function updateWebhook(
  ctx: Context,
  input: WebhookInput & { readonly id: string },
): Promise<void> {
  mayChange(ctx);
  const columns = columnsOf(input, requireOutboundUrl(input.url));
  await db().transaction(async (tx) => {
    const row = await lockWebhook(tx, ctx, input.id);
    await checkFilters(tx, ctx, input, row);
    const changed = inputColumns.filter(
      (name) => JSON.stringify(columns[name]) !== JSON.stringify(row[name]),
    );
    if (changed.length === 0) return;
    // Another address begins with a clean slate: what the old one did says nothing about it.
    const health = changed.includes("url")
      ? { consecutiveFailures: 0, failingSince: null, warnedAt: null }
      : {};
    await apply(tx, ctx, row, {
      set: { ...columns, ...health },
      action: "updated",
      metadata: { changed, host: new URL(columns.url).host, events: columns.events },
    });
  });
}

/** Ends what waits to be sent; tests go on unless the webhook itself goes. */
async function cancelOpen(
  tx: Tx,
  ctx: Context,
  row: WebhookRow,
  reason: "paused" | "deleted",
): Promise<void> {
  await tx
    .update(webhookDeliveries)
    .set({
      status: "cancelled",
      reason,
      nextAttemptAt: null,
      claimedUntil: null,
      completedAt: ctx.now(),
    })
    .where(
      and(
        eq(webhookDeliveries.webhookId, row.id),
        eq(webhookDeliveries.workspaceId, row.workspaceId),
        isNotNull(webhookDeliveries.nextAttemptAt),
        reason === "paused" ? eq(webhookDeliveries.isTest, false) : undefined,
      ),
    );
}

interface WebhookRef {
  readonly id: string;
}

/** Stops sending. Deliveries that wait are cancelled and can be sent again on resume. Safe to repeat. */
export async function pauseWebhook(ctx: Context, { id }: WebhookRef): Promise<void> {
  mayChange(ctx);
  await db().transaction(async (tx) => {
    const row = await lockWebhook(tx, ctx, id);
    if (row.status === "paused") return;
    if (row.status === "disabled") {
      throw invalidRequest("The webhook is disabled already and sends nothing", {
        id: "Re-enable it when its receiver works again.",
      });
    }
    await apply(tx, ctx, row, { set: { status: "paused" }, action: "paused" });
    await cancelOpen(tx, ctx, row, "paused");
  });
}

interface StartAgain extends WebhookRef {
  readonly send_missed: boolean;
}

const startedAgain = {
  status: "active",
  consecutiveFailures: 0,
  failingSince: null,
  warnedAt: null,
  disabledAt: null,
  disabledReason: null,
} as const;

/** The two ways back differ only in the state that they lead out of, and in their word. */
async function startAgain(
  ctx: Context,
  input: StartAgain,
  way: {
    readonly from: "paused" | "disabled";
    readonly action: WebhookAction;
    readonly other: AppError;
  },
): Promise<{ readonly sent: number }> {
  mayChange(ctx);
  return db().transaction(async (tx) => {
    const row = await lockWebhook(tx, ctx, input.id);
    if (row.status !== way.from && row.status !== "active") throw way.other;
    if (row.status === way.from) {
      await apply(tx, ctx, row, { set: startedAgain, action: way.action });
    }
    return { sent: input.send_missed ? await sendMissed(tx, ctx, { id: row.id }) : 0 };
  });
}

/**
 * Ends a pause; with `send_missed` also sends what was missed, and says how many events that is. An active
 * webhook stays active; a disabled one is refused, since somebody should look at its receiver first.
 */
export async function resumeWebhook(ctx: Context, input: StartAgain) {
  const other = invalidRequest("The webhook is disabled, not paused", {
    id: "Re-enable it when its receiver works again.",
  });
  return startAgain(ctx, input, { from: "paused", action: "resumed", other });
}

/** The same for a webhook that was disabled because its receiver failed; a paused one is refused. */
export async function reEnableWebhook(ctx: Context, input: StartAgain) {
  const other = invalidRequest("The webhook is paused, not disabled", {
    id: "Resume it instead.",
  });
  return startAgain(ctx, input, { from: "disabled", action: "re_enabled", other });
}

/**
 * A new secret, shown this once. With "none" every former one is worthless at once. With "24h" the current one goes
 * on signing for a day beside the new one, which then takes over; a rotation that overlaps already starts anew.
 */
export async function regenerateSecret(
  ctx: Context,
  input: WebhookRef & { readonly overlap: "none" | "24h" },
): Promise<IssuedSecret> {
  mayChange(ctx);
  const secret = makeSecret();
  return db().transaction(async (tx) => {
    const row = await lockWebhook(tx, ctx, input.id);
    const fresh = sealedSecret(secret, row.id);
    const overlapping = {
      ...secretsAt(row, ctx.now()),
      nextSecretSealed: fresh.secretSealed,
      nextSecretLast4: fresh.secretLast4,
      rotationEndsAt: new Date(ctx.now().getTime() + dayMs),
    };
    await apply(tx, ctx, row, {
      set: input.overlap === "none" ? { ...fresh, ...noRotation } : overlapping,
      action: "secret_regenerated",
      metadata: { overlap: input.overlap },
    });
    return { id: row.id, name: row.name, secret };
  });
}

/** Ends the overlap of a rotation now: the next secret takes over. Does nothing where none overlaps. */
export async function switchSecretNow(ctx: Context, { id }: WebhookRef): Promise<void> {
  mayChange(ctx);
  await db().transaction(async (tx) => {
    const row = await lockWebhook(tx, ctx, id);
    if (row.nextSecretSealed === null) return;
    await apply(tx, ctx, row, { set: switchedOver(row), action: "secret_switched" });
  });
}

/** Ends a webhook for good: nothing more is sent and its secret is gone; its log stays until it expires. */
export async function deleteWebhook(ctx: Context, { id }: WebhookRef): Promise<void> {
  mayChange(ctx);
  await db().transaction(async (tx) => {
    const row = await lockWebhook(tx, ctx, id);
    await apply(tx, ctx, row, {
      set: {
        deletedAt: ctx.now(),
        // The column is never empty; what it now holds has never signed anything.
        ...sealedSecret(makeSecret(), row.id),
        ...noRotation,
      },
      action: "deleted",
    });
    await cancelOpen(tx, ctx, row, "deleted");
  });
}
