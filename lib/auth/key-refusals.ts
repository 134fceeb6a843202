import { db } from "@/db/client";
import { recordOwnAudit } from "@/lib/audit/record-audit";
import { log } from "@/lib/core/log";
import { singleton } from "@/lib/core/singleton";

// `api.auth_failed` of handbook 24: requests with a key that was revoked or has expired, one entry a key and minute.
// Keys that nobody issued belong to no workspace and leave no entry.

interface RefusedKey {
  readonly id: string;
  readonly name: string;
  readonly workspaceId: string;
}

interface Refusals {
  readonly key: RefusedKey;
  readonly state: "expired" | "revoked";
  readonly since: Date;
  count: number;
}

const everyMs = 60_000;
/** Keys that are counted at once; further ones of the same minute are left out. */
const keysMax = 1000;

const counted = () => singleton("key-refusals", () => new Map<string, Refusals>());

/**
 * Counts a request that was refused because its key no longer holds. Nothing waits for it; the entry follows within
 * a minute, and a process that is killed before loses it.
 */
export function countRefusal(key: RefusedKey, state: Refusals["state"]): void {
  const known = counted().get(key.id);
  if (known) {
    known.count += 1;
    return;
  }
  if (counted().size >= keysMax) return;
  counted().set(key.id, { key, state, since: new Date(), count: 1 });
  if (counted().size === 1) setTimeout(() => void writeRefusals(), everyMs).unref();
}

async function write({ key, state, since, count }: Refusals): Promise<void> {
  await recordOwnAudit(db(), key.workspaceId, new Date(), {
    category: "api_access",
    action: "api.auth_failed",
    actor: { type: "api_key", id: key.id, label: key.name },
    target: { type: "api_key", id: key.id, label: key.name },
    result: "failure",
    metadata: { reason: state, requests: count, since: since.toISOString() },
  });
}

/** Writes what was counted since the last time, one entry a key. */
export async function writeRefusals(): Promise<void> {
  const refusals = [...counted().values()];
  counted().clear();
  for (const refusal of refusals) {
    await write(refusal).catch((error: unknown) =>
      log().warn({ key: refusal.key.id, err: error }, "refused requests were not recorded"),
    );
  }
}
