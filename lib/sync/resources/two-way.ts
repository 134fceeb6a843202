import { and, eq, inArray, isNull, lt, or, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { externalLinks } from "@/db/schema/integrations";
import { newId } from "@/lib/core/ids";
import type { Change, Page, Records, Resource } from "@/lib/integrations/contract";
import { contentHash } from "@/lib/sync/content-hash";
import type { LinkRow } from "@/lib/sync/links";
import { type Fields, type Merged, mergeFields, type Value } from "@/lib/sync/merge";
import type { Handler, PageContext, Stored } from "@/lib/sync/resources/handler";
import type { Counter, Entry } from "@/lib/sync/runs";

// Records that both sides may change. Ours stay ours: what is deleted over there is unlinked here and kept.

export interface Own {
  readonly id: string;
  readonly label: string;
  readonly fields: Fields;
  readonly changedAt: Date;
}

export interface TwoWay<R extends Resource> {
  readonly resource: R;
  readonly fields: readonly string[];
  readonly fieldsOf: (record: Records[R]) => Fields;
  /** Ours by id; those that are gone are left out. */
  readonly read: (tx: Tx, workspaceId: string, ids: readonly string[]) => Promise<readonly Own[]>;
  /** Which of ours this unlinked record is; null: none, and it is left alone. */
  readonly match: (tx: Tx, workspaceId: string, record: Records[R]) => Promise<string | null>;
  readonly write: (
    tx: Tx,
    workspaceId: string,
    id: string,
    fields: Readonly<Record<string, Value>>,
    now: Date,
  ) => Promise<void>;
  /** The topic under which ours goes to the tool. */
  readonly topic: string;
}

type Upsert<R extends Resource> = Extract<Change<R>, { kind: "upsert" }>;

const ofConnection = ({ target }: PageContext, externalType: string) =>
  and(
    eq(externalLinks.connectionId, target.connection.id),
    eq(externalLinks.workspaceId, target.connection.workspaceId),
    eq(externalLinks.externalType, externalType),
  );

async function linksOf(
  tx: Tx,
  ctx: PageContext,
  resource: Resource,
  externalIds: readonly string[],
): Promise<ReadonlyMap<string, LinkRow>> {
  if (externalIds.length === 0) return new Map();
  const rows = await tx
    .select()
    .from(externalLinks)
    .where(and(ofConnection(ctx, resource), inArray(externalLinks.externalId, [...externalIds])));
  return new Map(rows.map((row) => [row.externalId, row]));
}

/** Our side won a field: the tool is told, in this transaction. */
async function offerBack(tx: Tx, ctx: PageContext, topic: string, objectId: string): Promise<void> {
  const { id: connectionId, workspaceId } = ctx.target.connection;
  const at = sql`${ctx.now.toISOString()}::timestamptz`;
  const id = newId("syncItem");
  await tx.execute(sql`
    insert into sync_items as i (id, workspace_id, connection_id, topic, object_id, idempotency_key, next_attempt_at)
    values (${id}, ${workspaceId}, ${connectionId}, ${topic}, ${objectId}, ${id}, ${at})
    on conflict (connection_id, topic, object_id) do update set
      state = case when i.state = 'sending' then i.state else 'pending' end,
      revision = i.revision + 1, idempotency_key = excluded.idempotency_key, attempts = 0,
      next_attempt_at = case when i.state = 'sending' then i.next_attempt_at else ${at} end, error_code = null, error_message = null, done_at = null, updated_at = ${at}`);
}

const shown = (value: Value) => (value === null || value === "" ? "empty" : String(value));

function conflictEntries(
  own: Own,
  objectType: string,
  externalId: string,
  merged: Merged,
): Entry[] {
  return merged.conflicts.map(({ field, ours, theirs, winner }) => ({
    level: "info",
    objectType,
    action: "conflict",
    harmonyId: own.id,
    externalId,
    message: `Both sides changed “${field}” of “${own.label}”: Harmony had ${shown(ours)}, the tool ${shown(theirs)}. ${winner === "harmony" ? "Harmony" : "The tool"} won.`,
    details: { field, harmony: ours, tool: theirs, winner },
  }));
}

interface Meeting<R extends Resource> {
  readonly kind: TwoWay<R>;
  readonly ctx: PageContext;
  readonly change: Upsert<R>;
  readonly link: LinkRow | null;
}

async function keepLink<R extends Resource>(
  tx: Tx,
  { kind, ctx, change, link }: Meeting<R>,
  ownId: string,
  fields: Fields,
): Promise<void> {
  const values = {
    externalId: change.externalId,
    externalUrl: change.url,
    version: change.version,
    // Of what the tool has: our own record is compared with it before it is sent.
    lastSyncedHash: contentHash({ record: change.record, place: null }),
    baseline: { ...fields },
    state: "linked" as const,
    seenAt: ctx.now,
    lastSyncedAt: ctx.now,
  };
  if (link) {
    await tx
      .update(externalLinks)
      .set(values)
      .where(and(eq(externalLinks.id, link.id), eq(externalLinks.workspaceId, link.workspaceId)));
    return;
  }
  const { id: connectionId, workspaceId } = ctx.target.connection;
  await tx
    .insert(externalLinks)
    .values({
      ...values,
      workspaceId,
      connectionId,
      objectType: kind.resource,
      objectId: ownId,
      externalType: kind.resource,
    })
    .onConflictDoNothing();
}

interface Outcome {
  readonly entries: readonly Entry[];
  readonly counter: Counter | null;
}

const nothing: Outcome = { entries: [], counter: null };

/** Our own writing that comes back, or a record that did not change since. */
function isEcho<R extends Resource>({ change, link }: Meeting<R>): boolean {
  if (!link) return false;
  if (change.version !== null && change.version === link.version) return true;
  return contentHash({ record: change.record, place: null }) === link.lastSyncedHash;
}

async function merge<R extends Resource>(tx: Tx, met: Meeting<R>, own: Own): Promise<Outcome> {
  const { kind, ctx, change, link } = met;
  const { workspaceId } = ctx.target.connection;
  const theirs = kind.fieldsOf(change.record);
  const merged = mergeFields(kind.fields, ctx.target.settings.conflictRule, {
    baseline: (link?.baseline as Fields | null) ?? null,
    ours: own.fields,
    theirs,
    oursChangedAt: own.changedAt,
    theirsChangedAt: change.modifiedAt,
  });
  const changed = Object.keys(merged.toHarmony);
  if (changed.length > 0) await kind.write(tx, workspaceId, own.id, merged.toHarmony, ctx.now);
  await keepLink(tx, met, own.id, theirs);
  if (merged.toTool.length > 0) await offerBack(tx, ctx, kind.topic, own.id);
  const entries = conflictEntries(own, kind.resource, change.externalId, merged);
  if (changed.length === 0 && link) return { entries, counter: null };
  entries.push({
    level: "info",
    objectType: kind.resource,
    action: link ? "update" : "link",
    harmonyId: own.id,
    externalId: change.externalId,
    externalUrl: change.url,
    message: link
      ? `“${own.label}” was changed in the tool: ${changed.join(", ")}.`
      : `“${own.label}” is the same as one in the tool.`,
    details: { fields: changed },
  });
  return { entries, counter: "updated" };
}

async function takeUpsert<R extends Resource>(
  tx: Tx,
  met: Meeting<R>,
  own: ReadonlyMap<string, Own>,
): Promise<Outcome> {
  const { kind, ctx, change, link } = met;
  const { workspaceId } = ctx.target.connection;
  if (isEcho(met)) return nothing;
  if (link) {
    const known = own.get(link.objectId);
    return known ? await merge(tx, met, known) : nothing;
  }
  const matched = await kind.match(tx, workspaceId, change.record);
  if (matched === null) return nothing;
  const [found] = await kind.read(tx, workspaceId, [matched]);
  return found ? await merge(tx, met, found) : nothing;
}

async function unlink(
  tx: Tx,
  ctx: PageContext,
  links: readonly LinkRow[],
): Promise<readonly Entry[]> {
  const open = links.filter(({ state }) => state === "linked");
  if (open.length === 0) return [];
  await tx
    .update(externalLinks)
    .set({ state: "gone", lastSyncedAt: ctx.now })
    .where(
      and(
        eq(externalLinks.workspaceId, ctx.target.connection.workspaceId),
        inArray(
          externalLinks.id,
          open.map(({ id }) => id),
        ),
      ),
    );
  return open.map((link) => ({
    level: "info",
    objectType: link.objectType,
    action: "delete_unlinked",
    harmonyId: link.objectId,
    externalId: link.externalId,
    message: "It was deleted in the tool. It stays here, and is not made again over there.",
    details: { stream: ctx.stream },
  }));
}

async function storePage<R extends Resource>(
  tx: Tx,
  kind: TwoWay<R>,
  ctx: PageContext,
  page: Page<R>,
): Promise<Stored> {
  const last = [...new Map(page.changes.map((change) => [change.externalId, change])).values()];
  const links = await linksOf(
    tx,
    ctx,
    kind.resource,
    last.map(({ externalId }) => externalId),
  );
  const known = await kind.read(
    tx,
    ctx.target.connection.workspaceId,
    [...links.values()].map(({ objectId }) => objectId),
  );
  const own = new Map(known.map((one) => [one.id, one]));
  const entries: Entry[] = [];
  const tally = { created: 0, updated: 0, skipped: 0, failed: 0 };
  const gone: LinkRow[] = [];
  const met: string[] = [];
  for (const change of last) {
    const link = links.get(change.externalId) ?? null;
    if (change.kind === "delete") {
      if (link) gone.push(link);
      continue;
    }
    if (link) met.push(link.id);
    if (change.kind === "unreadable") {
      tally.failed += 1;
      entries.push(unreadable(kind.resource, change));
      continue;
    }
    const outcome = await takeUpsert(tx, { kind, ctx, change, link }, own);
    entries.push(...outcome.entries);
    if (outcome.counter) tally[outcome.counter] += 1;
  }
  await markSeen(tx, ctx, met);
  const unlinked = await unlink(tx, ctx, gone);
  tally.updated += unlinked.length;
  return { entries: [...entries, ...unlinked], tally, removed: unlinked.length };
}

function unreadable(
  objectType: string,
  { externalId, reason }: { readonly externalId: string; readonly reason: string },
): Entry {
  return {
    level: "error",
    objectType,
    action: "skip",
    externalId,
    message: `A record could not be read and was put aside: ${reason}`,
    errorCode: "invalid_value",
  };
}

async function markSeen(tx: Tx, ctx: PageContext, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx
    .update(externalLinks)
    .set({ seenAt: ctx.now })
    .where(
      and(
        eq(externalLinks.workspaceId, ctx.target.connection.workspaceId),
        inArray(externalLinks.id, [...ids]),
      ),
    );
}

const unmet = (ctx: PageContext, resource: Resource, since: Date) =>
  and(
    ofConnection(ctx, resource),
    eq(externalLinks.state, "linked"),
    // What was made during the reading need not have been met by it.
    lt(externalLinks.createdAt, since),
    or(isNull(externalLinks.seenAt), lt(externalLinks.seenAt, since)),
    lt(externalLinks.lastSyncedAt, since),
  );

const unlinkedMax = 50_000;

/** The handler of a kind of record that both sides may change. */
export function twoWayHandler<R extends Resource>(kind: TwoWay<R>): Handler<R> {
  return {
    store: (tx, ctx, page) => storePage(tx, kind, ctx, page),
    countUnmet: async (tx, ctx, since) => {
      const [row] = await tx
        .select({
          known: sql<number>`count(*)::int`,
          unmet: sql<number>`(count(*) filter (where ${unmet(ctx, kind.resource, since)}))::int`,
        })
        .from(externalLinks)
        .where(and(ofConnection(ctx, kind.resource), eq(externalLinks.state, "linked")));
      return row ?? { known: 0, unmet: 0 };
    },
    dropUnmet: async (tx, ctx, since) => {
      const links = await tx
        .select()
        .from(externalLinks)
        .where(unmet(ctx, kind.resource, since))
        .limit(unlinkedMax);
      const entries = await unlink(tx, ctx, links);
      return { entries, tally: { updated: entries.length }, removed: entries.length };
    },
  };
}
