import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { db } from "@/db/client";
import { meetings } from "@/db/schema/meetings";
import { generateApiKey } from "@/lib/api-keys/service";
import { newId } from "@/lib/core/ids";
import { exitWithParent } from "@/lib/core/parent-watch";
import { emit } from "@/lib/events/emit";
import { eventTypes } from "@/lib/events/schema";
import { webhookInput } from "@/lib/webhooks/schema";
import { createWebhook } from "@/lib/webhooks/service";
import { createWorkspace } from "@/lib/workspaces/create-workspace";
import { adminContext } from "../harmony/workspaces";

// The process that changes things while the drill kills others: it makes the workspace, then commits meetings that
// ended, each with its event in the same transaction, as lib/processing does.

const settings = z
  .object({
    DRILL_RECEIVERS: z.string().transform((list) => list.split(",")),
    DRILL_EVENTS: z.coerce.number().int(),
    DRILL_SECONDS: z.coerce.number(),
  })
  .parse(process.env);

/** Changes under way at a time: as many commits can be cut off in the middle. */
const lanes = 4;
const tryTimeoutMs = 15_000;
const patienceMs = 120_000;

/** One receiver of everything, and others of less. */
const subscriptions = [eventTypes, ["meeting.processed", "meeting.failed"], ["meeting.processed"]];

export interface SourceReady {
  readonly kind: "ready";
  readonly workspaceId: string;
  readonly key: string;
  readonly webhooks: readonly { readonly id: string; readonly secret: string }[];
}

export interface SourceDone {
  readonly kind: "done";
  /** Meetings whose commit was confirmed, by its answer or by the row that was found afterwards. */
  readonly committed: readonly string[];
  /** Tries whose outcome was not known: the connection was cut. */
  readonly unknown: number;
  /** Of these, commits that had gone through. */
  readonly foundCommitted: number;
}

async function makeWorkspace(): Promise<SourceReady> {
  const plan = "enterprise" as const;
  const { id } = await createWorkspace({ name: "Drill", plan, rateLimitPerMinute: 100_000 });
  const ctx = adminContext({ id, plan });
  const key = await generateApiKey(ctx, {
    name: "Drill",
    access: "read_write",
    role_id: null,
    expires_at: null,
    rate_limit_per_minute: null,
  });
  const webhooks: { id: string; secret: string }[] = [];
  for (const [index, url] of settings.DRILL_RECEIVERS.entries()) {
    const events = subscriptions[index % subscriptions.length];
    webhooks.push(await createWebhook(ctx, webhookInput.parse({ url, events })));
  }
  return { kind: "ready", workspaceId: id, key: key.token, webhooks };
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  return "code" in error ? String(error.code) : codeOf(error.cause);
}

async function endMeeting(workspaceId: string, id: string, number: number): Promise<void> {
  const title = `Call ${number}`;
  const hasFailed = number % 5 === 0;
  await db().transaction(async (tx) => {
    await tx.insert(meetings).values({
      id,
      workspaceId,
      title,
      date: new Date(),
      durationSeconds: 1800,
      source: "upload",
      status: hasFailed ? "failed" : "processed",
      ...(hasFailed ? { failureCode: "corrupt_file", failureMessage: "It is cut off." } : {}),
      recordingKey: `recordings/${workspaceId}/${id}`,
    });
    if (hasFailed) {
      const error = { code: "corrupt_file", message: "It is cut off." };
      await emit(tx, {
        workspaceId,
        type: "meeting.failed",
        data: { meeting_id: id, title, error },
      });
    } else {
      const data = { meeting_id: id, title, duration: 1800 };
      await emit(tx, { workspaceId, type: "meeting.processed", data });
    }
  });
}

const outcome = { committed: [] as string[], unknown: 0, foundCommitted: 0 };

/**
 * Commits one change for certain. A try that was cut off is made again under the same id: when the first had gone
 * through after all, even while its server process was still committing, the key of the row says so.
 */
async function commitOne(workspaceId: string, number: number): Promise<void> {
  const id = newId("meeting");
  const deadline = Date.now() + patienceMs;
  for (let isRepeat = false; ; isRepeat = true) {
    try {
      const late = delay(tryTimeoutMs, undefined, { ref: false }).then(() => {
        throw new Error("the database did not answer");
      });
      await Promise.race([endMeeting(workspaceId, id, number), late]);
      break;
    } catch (error) {
      if (isRepeat && codeOf(error) === "23505") {
        outcome.foundCommitted += 1;
        break;
      }
      if (Date.now() > deadline) throw error;
      outcome.unknown += 1;
      await delay(100);
    }
  }
  outcome.committed.push(id);
}

async function commitAll(workspaceId: string): Promise<void> {
  const beganAt = Date.now();
  let next = 0;
  const lane = async () => {
    for (let number = next++; number < settings.DRILL_EVENTS; number = next++) {
      const dueAt = beganAt + (number / settings.DRILL_EVENTS) * settings.DRILL_SECONDS * 1000;
      await delay(Math.max(0, dueAt - Date.now()));
      await commitOne(workspaceId, number);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

exitWithParent(() => process.exit(1));
// postgres.js 3.4.9 throws here, where nobody can catch it, when a connection is cut between two writes
// (porsager/postgres #1208). The product's processes then end and are started again; this one has to remember what it
// committed. The transaction is never answered and counts as cut off.
process.on("uncaughtException", (error) => {
  if (error instanceof TypeError && /socket|'write'/.test(error.message)) return;
  throw error;
});
const ready = await makeWorkspace();
process.send?.(ready);
process.once("message", async () => {
  await commitAll(ready.workspaceId);
  const done: SourceDone = { kind: "done", ...outcome };
  process.send?.(done, () => process.exit(0));
});
