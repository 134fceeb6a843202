import { and, asc, eq, inArray, like, ne, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { connections, externalLinks } from "@/db/schema/integrations";
import { newId } from "@/lib/core/ids";
import type { Applied } from "@/lib/integrations/contract";
import type { Parcel } from "@/lib/sync/records/parcel";
import type { Target } from "@/lib/sync/target";

export type LinkRow = typeof externalLinks.$inferSelect;

const keyOf = (parcel: Pick<Parcel, "objectType" | "objectId" | "externalType">) =>
  `${parcel.objectType} ${parcel.objectId} ${parcel.externalType}`;

/** The links of parcels of one connection, found by `linkOf`. */
export class Links {
  readonly #rows: ReadonlyMap<string, LinkRow>;

  constructor(rows: readonly LinkRow[]) {
    this.#rows = new Map(rows.map((row) => [keyOf(row), row]));
  }

  linkOf(parcel: Parcel): LinkRow | null {
    return this.#rows.get(keyOf(parcel)) ?? null;
  }
}

export async function readLinks(
  tx: Tx,
  target: Target,
  parcels: readonly Parcel[],
): Promise<Links> {
  if (parcels.length === 0) return new Links([]);
  const { id, workspaceId } = target.connection;
  const objectIds = [...new Set(parcels.map(({ objectId }) => objectId))];
  const rows = await tx
    .select()
    .from(externalLinks)
    .where(
      and(
        eq(externalLinks.connectionId, id),
        eq(externalLinks.workspaceId, workspaceId),
        inArray(externalLinks.objectId, objectIds),
      ),
    );
  return new Links(rows);
}

/** The first message about a meeting in the same place: what a later one answers to. */
export async function readThread(
  tx: Tx,
  target: Target,
  parcel: Parcel,
): Promise<{ readonly place: string; readonly externalId: string } | null> {
  if (parcel.threadOf === null || parcel.place === null) return null;
  const { id, workspaceId } = target.connection;
  const [row] = await tx
    .select({ place: externalLinks.place, externalId: externalLinks.externalId })
    .from(externalLinks)
    .where(
      and(
        eq(externalLinks.connectionId, id),
        eq(externalLinks.workspaceId, workspaceId),
        eq(externalLinks.objectType, "meeting"),
        sql`split_part(${externalLinks.objectId}, ':', 1) = ${parcel.threadOf}`,
        like(externalLinks.objectId, `${parcel.threadOf}%`),
        like(externalLinks.externalType, "message:%"),
        eq(externalLinks.place, parcel.place),
        eq(externalLinks.state, "linked"),
      ),
    )
    .orderBy(asc(externalLinks.createdAt))
    .limit(1);
  return row?.place ? { place: row.place, externalId: row.externalId } : null;
}

/** Who of the workspace has brought the same task to the same tool already (handbook D-65); null: nobody. */
export async function otherHolder(tx: Tx, target: Target, parcel: Parcel): Promise<string | null> {
  const { connection } = target;
  if (connection.scope !== "personal") return null;
  const [row] = await tx
    .select({ by: connections.connectedByLabel })
    .from(externalLinks)
    .innerJoin(connections, eq(connections.id, externalLinks.connectionId))
    .where(
      and(
        eq(externalLinks.workspaceId, connection.workspaceId),
        eq(externalLinks.objectId, parcel.objectId),
        eq(externalLinks.externalType, parcel.externalType),
        eq(externalLinks.state, "linked"),
        eq(connections.provider, connection.provider),
        ne(connections.id, connection.id),
      ),
    )
    .limit(1);
  return row?.by ?? null;
}

/** Remembers what became of a record over there, and the content that both sides have now. */
export async function saveLink(
  tx: Tx,
  target: Target,
  parcel: Parcel,
  applied: Applied,
  seen: {
    readonly hash: string;
    readonly baseline: Record<string, unknown> | null;
    readonly now: Date;
  },
): Promise<void> {
  const values = {
    externalId: applied.externalId,
    externalUrl: applied.url,
    place: applied.place,
    version: applied.version,
    lastSyncedHash: seen.hash,
    baseline: seen.baseline,
    state: "linked" as const,
    lastSyncedAt: seen.now,
  };
  await tx
    .insert(externalLinks)
    .values({
      id: newId("externalLink"),
      workspaceId: target.connection.workspaceId,
      connectionId: target.connection.id,
      objectType: parcel.objectType,
      objectId: parcel.objectId,
      externalType: parcel.externalType,
      createdAt: seen.now,
      ...values,
    })
    .onConflictDoUpdate({
      target: [
        externalLinks.connectionId,
        externalLinks.objectType,
        externalLinks.objectId,
        externalLinks.externalType,
      ],
      set: values,
    });
}

/** It was deleted over there: it stays unlinked and is not made again by itself. */
export async function markGone(tx: Tx, link: LinkRow, now: Date): Promise<void> {
  await tx
    .update(externalLinks)
    .set({ state: "gone", lastSyncedAt: now })
    .where(and(eq(externalLinks.id, link.id), eq(externalLinks.workspaceId, link.workspaceId)));
}
