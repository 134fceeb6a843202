import { randomBytes } from "node:crypto";
import { lte, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { webhooks } from "@/db/schema/webhooks";
import { seal, unseal } from "@/lib/core/crypto";

/** A new signing secret (handbook 21.7): `whsec_` and 32 random bytes in base64. */
export function makeSecret(): string {
  return `whsec_${randomBytes(32).toString("base64")}`;
}

/** The columns that hold a secret; it is bound to the row's id and opens nowhere else. */
export function sealedSecret(secret: string, webhookId: string) {
  return { secretSealed: seal(secret, webhookId), secretLast4: secret.slice(-4) };
}

type Secrets = Pick<
  typeof webhooks.$inferSelect,
  "secretSealed" | "secretLast4" | "nextSecretSealed" | "nextSecretLast4" | "rotationEndsAt"
>;

/** The columns of a webhook with one secret. */
export const noRotation = { nextSecretSealed: null, nextSecretLast4: null, rotationEndsAt: null };

/** The secret columns after the next secret, if there is one, has taken over. */
export function switchedOver(row: Secrets): Secrets {
  return {
    secretSealed: row.nextSecretSealed ?? row.secretSealed,
    secretLast4: row.nextSecretLast4 ?? row.secretLast4,
    ...noRotation,
  };
}

/** The secret columns as they hold at `now`: from the end of an overlap on, the next secret is the current one. */
export function secretsAt(row: Secrets, now: Date): Secrets {
  if (row.rotationEndsAt !== null && row.rotationEndsAt <= now) return switchedOver(row);
  const { secretSealed, secretLast4, nextSecretSealed, nextSecretLast4, rotationEndsAt } = row;
  return { secretSealed, secretLast4, nextSecretSealed, nextSecretLast4, rotationEndsAt };
}

/** The whole secrets, as they sign at `now`; `next` only while a rotation overlaps. Throws when they cannot be opened. */
export function currentSecrets(
  row: Secrets & { readonly id: string },
  now: Date,
): { readonly current: string; readonly next: string | null } {
  const { secretSealed, nextSecretSealed } = secretsAt(row, now);
  return {
    current: unseal(secretSealed, row.id),
    next: nextSecretSealed === null ? null : unseal(nextSecretSealed, row.id),
  };
}

/**
 * Writes what `secretsAt` says already into the rows whose overlap is over, in all workspaces; for the worker's
 * minute. How many there were.
 */
export async function finishRotations(now: Date): Promise<number> {
  const done = await db()
    .update(webhooks)
    .set({
      secretSealed: sql`${webhooks.nextSecretSealed}`,
      secretLast4: sql`coalesce(${webhooks.nextSecretLast4}, ${webhooks.secretLast4})`,
      ...noRotation,
    })
    .where(lte(webhooks.rotationEndsAt, now))
    .returning({ id: webhooks.id });
  return done.length;
}
