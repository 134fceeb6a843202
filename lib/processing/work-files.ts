import { randomUUID } from "node:crypto";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { db } from "@/db/client";
import { meetings } from "@/db/schema/meetings";
import { env } from "@/lib/core/env";

// Decoded sound waits in `<data folder>/work` while an engine reads it: one file for each run, named after its
// meeting. It can be made again, so it may go whenever nobody reads it.

const hour = 3_600_000;
const namePattern = /^(mtg_[0-9A-Za-z]+)\.[0-9a-f-]{36}\.pcm$/;

function folder(): string {
  return join(env().HARMONY_DATA_DIR, "work");
}

/** A path for the decoded sound of a meeting; files that a killed run left go. */
export async function makeWorkFile(meetingId: string): Promise<string> {
  await mkdir(folder(), { recursive: true, mode: 0o700 });
  for (const name of await readdir(folder())) {
    if (namePattern.exec(name)?.[1] === meetingId) await rm(join(folder(), name), { force: true });
  }
  return join(folder(), `${meetingId}.${randomUUID()}.pcm`);
}

async function isInUse(meetingId: string): Promise<boolean> {
  const [row] = await db()
    .select({ status: meetings.status })
    .from(meetings)
    .where(eq(meetings.id, meetingId));
  return row?.status === "processing";
}

/** Removes decoded sound that a killed run left: of meetings that nobody works on after an hour, any after a day. */
export async function sweepWorkFiles(now: Date): Promise<number> {
  const names = await readdir(folder()).catch(() => []);
  let removed = 0;
  for (const name of names) {
    const meetingId = namePattern.exec(name)?.[1];
    if (meetingId === undefined) continue;
    const path = join(folder(), name);
    const facts = await stat(path).catch(() => null);
    const age = facts ? now.getTime() - facts.mtimeMs : 0;
    if (age < hour || (age < 24 * hour && (await isInUse(meetingId)))) continue;
    await rm(path, { force: true });
    removed += 1;
  }
  return removed;
}
