import { and, eq, sql } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { idempotencyRecords } from "@/db/schema/api-keys";
import type { Context } from "@/lib/auth/principal";
import { sha256 } from "@/lib/core/crypto";
import { AppError, invalidRequest } from "@/lib/core/errors";

/** What a request may be repeated under: the key, the endpoint and what the request said. */
export interface Repeat {
  readonly keyHash: string;
  readonly path: string;
  readonly fingerprint: string;
}

/** Reads an `Idempotency-Key` header; null when there is none. */
export function idempotencyKeyOf(header: string | undefined): string | null {
  if (header === undefined) return null;
  if (header.length < 1 || header.length > 255) {
    throw invalidRequest("Idempotency-Key has 1 to 255 characters", {
      "idempotency-key": `Has ${header.length}.`,
    });
  }
  return sha256(header);
}

/**
 * Claims a key within the transaction of the effect. A concurrent twin waits here until this transaction ends.
 * @returns the stored answer when the key is known, null when it is ours to fill with `keepAnswer`.
 * @throws `conflict` when the key was used with other fields.
 */
export async function claimRepeat(tx: Tx, ctx: Context, repeat: Repeat): Promise<string | null> {
  const { workspaceId, id: credentialId } = ctx.principal;
  const row = { workspaceId, credentialId, path: repeat.path, keyHash: repeat.keyHash };
  const claimed = await tx
    .insert(idempotencyRecords)
    .values({ ...row, fingerprint: repeat.fingerprint, status: 0, body: "" })
    // One that is older than a day is free again, whether it was swept or not.
    .onConflictDoUpdate({
      target: [
        idempotencyRecords.workspaceId,
        idempotencyRecords.credentialId,
        idempotencyRecords.path,
        idempotencyRecords.keyHash,
      ],
      set: { fingerprint: repeat.fingerprint, status: 0, body: "", createdAt: sql`now()` },
      setWhere: sql`${idempotencyRecords.createdAt} < now() - interval '24 hours'`,
    })
    .returning({ path: idempotencyRecords.path });
  if (claimed.length > 0) return null;
  const [known] = await tx.select().from(idempotencyRecords).where(sameRow(row));
  if (!known)
    throw new AppError("service_unavailable", "The first request with this key was undone", {
      fix: "Send the request again.",
      retryAfterSeconds: 1,
    });
  if (known.fingerprint === repeat.fingerprint) return known.body;
  throw new AppError("conflict", "This Idempotency-Key was used for another request", {
    details: { reason: "idempotency_key_reused" },
    fix: "Use a new key for a new request; repeat a request with exactly the same fields and file.",
  });
}

function sameRow(row: {
  workspaceId: string;
  credentialId: string;
  path: string;
  keyHash: string;
}) {
  return and(
    eq(idempotencyRecords.workspaceId, row.workspaceId),
    eq(idempotencyRecords.credentialId, row.credentialId),
    eq(idempotencyRecords.path, row.path),
    eq(idempotencyRecords.keyHash, row.keyHash),
  );
}

/** Stores the answer under the claimed key, in the same transaction. */
export async function keepAnswer(
  tx: Tx,
  ctx: Context,
  repeat: Repeat,
  status: number,
  body: string,
): Promise<void> {
  const { workspaceId, id: credentialId } = ctx.principal;
  await tx
    .update(idempotencyRecords)
    .set({ status, body })
    .where(sameRow({ workspaceId, credentialId, path: repeat.path, keyHash: repeat.keyHash }));
}
