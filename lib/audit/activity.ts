import { and, desc, eq, gte, ilike, inArray, lt, or, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { db } from "@/db/client";
import { likePattern } from "@/db/fragments";
import { auditEvents } from "@/db/schema/activity";
import { apiKeys } from "@/db/schema/api-keys";
import { memberships } from "@/db/schema/members";
import { users } from "@/db/schema/users";
import { recordAudit } from "@/lib/audit/record-audit";
import {
  type ActivityRow,
  type AuditCategory,
  auditActions,
  auditCategories,
  auditResults,
  exportRowsMax,
  systemActor,
} from "@/lib/audit/schema";
import { type Context, requirePermission } from "@/lib/auth/principal";
import { hasGrant } from "@/lib/auth/roles";
import { dateRange, dateText } from "@/lib/core/dates";
import { countUpTo, type LogPage, logOrder, logPage } from "@/lib/http/log-page";

// Reading the audit trail (handbook 24), newest first.

const perPageDefault = 50;
const perPageMax = 100;
/** Longer totals are shown as "10,000 or more": counting all of a long trail would cost more than it tells. */
export const activityCountedMax = 10_000;
const newerMax = 100;
const choicesMax = 200;
const integrationsMax = 50;
const exportBatch = 1000;

const order = logOrder({
  ...{ at: auditEvents.at, id: auditEvents.id, prefix: "aud", name: "trail" },
  fix: "Open the activity again from its first page.",
});

/** Where a page begins, as `nextCursor` and `newest` gave it. */
export const activityPosition = order.schema;

const categories = Object.keys(auditCategories) as AuditCategory[];

/** The filters, as they stand in the address of the page and of the export. */
export const activityFilters = z
  .object({
    category: z.enum(categories),
    /** The id of a person or of an API key, or `system`. */
    actor: z.string().max(60),
    integration: z.string().max(60),
    result: z.enum(auditResults),
    /** Words of the action, the target or the actor; or a whole id or address. */
    q: z.string().trim().max(100),
    date_from: dateText,
    date_to: dateText,
  })
  .partial();
export type ActivityFilters = z.output<typeof activityFilters>;

const integrationOf = sql`(${auditEvents.metadata} ->> 'integration')`;

function searched(q: string): SQL | undefined {
  const like = likePattern(q);
  const wanted = q.toLowerCase();
  const actions = Object.entries(auditActions)
    .filter(([action, words]) => words.toLowerCase().includes(wanted) || action.includes(wanted))
    .map(([action]) => action);
  return or(
    ilike(auditEvents.targetLabel, like),
    ilike(auditEvents.actorLabel, like),
    inArray(auditEvents.action, actions),
    eq(auditEvents.id, q),
    eq(auditEvents.targetId, q),
    eq(auditEvents.actorId, q),
    eq(auditEvents.ip, q),
  );
}

function byActor(actor: string): SQL {
  return actor === systemActor
    ? eq(auditEvents.actorType, "system")
    : eq(auditEvents.actorId, actor);
}

/** True when the person may see what others did; everybody else sees what they did themselves. */
export function maySeeAll(ctx: Context): boolean {
  return hasGrant(ctx.principal.grants, "audit:read", "all");
}

function visible(ctx: Context): SQL | undefined {
  requirePermission(ctx, "audit:read", "own");
  const { workspaceId, userId } = ctx.principal;
  return and(
    eq(auditEvents.workspaceId, workspaceId),
    maySeeAll(ctx)
      ? undefined
      : and(eq(auditEvents.actorType, "user"), eq(auditEvents.actorId, userId ?? "")),
  );
}

function matching(ctx: Context, filters: ActivityFilters): SQL | undefined {
  const { from, before } = dateRange(filters.date_from, filters.date_to);
  return and(
    visible(ctx),
    filters.category === undefined ? undefined : eq(auditEvents.category, filters.category),
    filters.result === undefined ? undefined : eq(auditEvents.result, filters.result),
    filters.actor ? byActor(filters.actor) : undefined,
    filters.integration ? sql`${integrationOf} = ${filters.integration}` : undefined,
    filters.q ? searched(filters.q) : undefined,
    from === null ? undefined : gte(auditEvents.at, new Date(from)),
    before === null ? undefined : lt(auditEvents.at, new Date(before)),
  );
}

function entriesWhere(condition: SQL | undefined, limit: number) {
  return db()
    .select({ entry: auditEvents, position: order.text })
    .from(auditEvents)
    .where(condition)
    .orderBy(desc(auditEvents.at), desc(auditEvents.id))
    .limit(limit);
}

type Found = Awaited<ReturnType<typeof entriesWhere>>[number];

function rowOf({ entry }: Found): ActivityRow {
  const { workspaceId: _workspace, hash: _hash, prevHash: _before, at, ...row } = entry;
  return { ...row, at: at.toISOString() };
}

/** Entries that match are counted up to `activityCountedMax`. */
export type ActivityPage = LogPage<ActivityRow>;

interface ActivityQuery {
  readonly filters: ActivityFilters;
  readonly cursor?: string | undefined;
  /** Default 50, at most 100. */
  readonly perPage?: number;
}

/** One page of the trail, newest first: the whole workspace's for those who may see it, else one's own actions. */
export async function listActivity(ctx: Context, query: ActivityQuery): Promise<ActivityPage> {
  const perPage = Math.min(query.perPage ?? perPageDefault, perPageMax);
  const condition = matching(ctx, query.filters);
  const older = query.cursor === undefined ? undefined : order.beyond(query.cursor, "older");
  const [found, total] = await Promise.all([
    entriesWhere(and(condition, older), perPage + 1),
    countUpTo(auditEvents, condition, activityCountedMax),
  ]);
  return logPage(found, perPage, total, rowOf);
}

/** How many entries of the same filters are newer than a position, counted up to 100; null counts all. */
export async function countNewerActivity(
  ctx: Context,
  query: { readonly filters: ActivityFilters; readonly after: string | null },
): Promise<number> {
  const newer = query.after === null ? undefined : order.beyond(query.after, "newer");
  return await countUpTo(auditEvents, and(matching(ctx, query.filters), newer), newerMax);
}

/** One entry that the person may see; null for any other, and once its month was removed. */
export async function findActivity(ctx: Context, id: string): Promise<ActivityRow | null> {
  const [found] = await entriesWhere(and(visible(ctx), eq(auditEvents.id, id)), 1);
  return found ? rowOf(found) : null;
}

export interface ActorChoice {
  /** What the filter `actor` takes. */
  readonly value: string;
  readonly label: string;
}

/**
 * Who can be filtered by: people, former members among them, API keys and Harmony itself; 200 of a kind at most.
 * Empty for those who only see their own actions.
 */
export async function listActors(ctx: Context): Promise<readonly ActorChoice[]> {
  if (!maySeeAll(ctx)) return [];
  const { workspaceId } = ctx.principal;
  const name = sql<string>`coalesce(${users.name}, ${users.email})`;
  const [people, keys] = await Promise.all([
    db()
      .selectDistinct({ value: users.id, label: name })
      .from(memberships)
      .innerJoin(users, eq(users.id, memberships.userId))
      .where(eq(memberships.workspaceId, workspaceId))
      .orderBy(name)
      .limit(choicesMax),
    db()
      .select({ value: apiKeys.id, label: apiKeys.name })
      .from(apiKeys)
      .where(eq(apiKeys.workspaceId, workspaceId))
      .orderBy(desc(apiKeys.createdAt))
      .limit(choicesMax),
  ]);
  return [
    ...people,
    ...keys.map(({ value, label }) => ({ value, label: `API key “${label}”` })),
    { value: systemActor, label: "Harmony" },
  ];
}

/**
 * The slugs of the tools that entries are about, for the filter, 50 at most; empty until there are some, and for those
 * who only see their own actions.
 */
export async function listActivityIntegrations(ctx: Context): Promise<readonly string[]> {
  if (!maySeeAll(ctx)) return [];
  const own = sql`workspace_id = ${ctx.principal.workspaceId}`;
  const slug = sql`(metadata ->> 'integration')`;
  // From one slug to the next along the index: a plain "distinct" would read every entry of a year.
  const rows = await db().execute<{ slug: string }>(sql`
    with recursive found (slug) as (
      (select ${slug} from audit_events where ${own} and ${slug} is not null order by ${slug} limit 1)
      union all
      select (select ${slug} from audit_events where ${own} and ${slug} > found.slug order by ${slug} limit 1)
      from found where found.slug is not null)
    select slug from found where slug is not null limit ${integrationsMax}`);
  return rows.map((row) => row.slug);
}

/**
 * The entries of the filters for an export, newest first, in batches, at most `exportRowsMax` of them; the export is
 * itself an entry. What is written from now on is left out.
 */
export async function* exportActivity(
  ctx: Context,
  filters: ActivityFilters,
): AsyncGenerator<readonly ActivityRow[]> {
  const condition = and(matching(ctx, filters), lt(auditEvents.at, ctx.now()));
  await recordAudit(db(), ctx, {
    category: "members",
    action: "audit.exported",
    metadata: { filters },
  });
  let before: string | null = null;
  for (let sent = 0; sent < exportRowsMax; sent += exportBatch) {
    const older: SQL | undefined = before === null ? undefined : order.beyond(before, "older");
    const found: Found[] = await entriesWhere(and(condition, older), exportBatch);
    if (found.length > 0) yield found.map(rowOf);
    before = found.at(-1)?.position ?? null;
    if (found.length < exportBatch) return;
  }
}
