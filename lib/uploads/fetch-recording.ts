import { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { and, eq } from "drizzle-orm";
import { db } from "@/db/client";
import { meetings } from "@/db/schema/meetings";
import { unseal } from "@/lib/core/crypto";
import { MediaError } from "@/lib/media/media";
import { type Staged, storage } from "@/lib/storage/storage";
import type { JudgedFile } from "@/lib/uploads/judge-file";
import {
  assertWhole,
  judgeRemote,
  remoteBytesMax,
  remoteTooLarge,
} from "@/lib/uploads/judge-remote";
import { openRemote, PassingTrouble, type RemoteFile, readHead } from "@/lib/uploads/remote-file";

/** Failures in a row, without a byte in between, before a server is given up. */
const failuresMax = 4;
/** Beginnings anew, because the server cannot go on in the middle or the file became another. */
const restartsMax = 2;
const firstDelayMs = 500;
/** A server that never falls silent and never comes to an end is given up: 2 GB at one megabit a second take five hours. */
const fetchMs = 6 * 3_600_000;

/** The server does not go on where it stopped: everything has to come again. */
class MustRestart extends Error {}

const givenUp = (why: string) =>
  new MediaError(
    "transcription_error",
    `The recording could not be fetched: ${why} Press Retry to try again, or download the file and upload it.`,
  );

type MeetingToFetch = Pick<typeof meetings.$inferSelect, "id" | "workspaceId" | "sourceUrlSealed">;

interface Fetched {
  readonly file: Staged;
  readonly judged: JudgedFile;
  readonly name: string;
}

/** Opens the address, several times where the trouble may pass. */
async function openPatiently(
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<RemoteFile> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await openRemote(url, headers, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof PassingTrouble)) throw error;
      if (failures >= failuresMax) throw givenUp(error.message);
      await delay(firstDelayMs * 2 ** failures, undefined, { signal });
    }
  }
}

/** Goes on at `at`, if the server can and the file is still the same one. */
async function reopen(url: string, first: RemoteFile, at: number, signal: AbortSignal) {
  const headers = {
    range: `bytes=${at}-`,
    ...(first.validator === null ? {} : { "if-range": first.validator }),
  };
  const next = await openPatiently(url, headers, signal);
  const isSame = first.validator === next.validator && first.size === next.size;
  const isKnown = first.validator !== null || first.size !== null;
  if (next.start === at && isSame && isKnown) return next;
  next.body.destroy();
  throw new MustRestart();
}

/** Hands on what one answer carries; returns what ended it, null when it ended by itself. */
async function* readOn(answer: RemoteFile, count: { at: number; failures: number }) {
  try {
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      count.at += chunk.length;
      count.failures = 0;
      if (count.at > remoteBytesMax) return remoteTooLarge();
      yield chunk;
    }
    return null;
  } catch (error) {
    return error;
  } finally {
    answer.body.destroy();
  }
}

/** The bytes of a file, whatever breaks on the way; ends with a failure only when trying on is of no use. */
async function* bytesOf(url: string, first: RemoteFile, signal: AbortSignal) {
  const count = { at: 0, failures: 0 };
  let current = first;
  for (;;) {
    const trouble: unknown = yield* readOn(current, count);
    signal.throwIfAborted();
    if (trouble instanceof MediaError) throw trouble;
    if (trouble === null && (first.size === null || count.at >= first.size)) return;
    count.failures += 1;
    if (count.failures >= failuresMax) throw givenUp("The connection broke off several times.");
    await delay(firstDelayMs * 2 ** count.failures, undefined, { signal });
    current = await reopen(url, first, count.at, signal);
  }
}

async function fetchOnce(url: string, signal: AbortSignal): Promise<Fetched> {
  const first = await openPatiently(url, {}, signal);
  const bytes = bytesOf(url, first, signal);
  let problem: unknown = null;
  try {
    assertWhole(first);
    const { head, rest } = await readHead(bytes);
    const judged = await judgeRemote(head, first.name);
    async function* watched() {
      try {
        yield* rest();
      } catch (error) {
        problem = error;
        throw error;
      }
    }
    const file = await storage().stage(Readable.from(watched(), { objectMode: false }), signal);
    return { file, judged, name: first.name };
  } catch (error) {
    throw problem ?? error;
  } finally {
    await bytes.return();
    first.body.destroy();
  }
}

async function fetchFile(url: string, signal: AbortSignal): Promise<Fetched> {
  for (let restarts = 0; ; restarts += 1) {
    try {
      return await fetchOnce(url, signal);
    } catch (error) {
      if (!(error instanceof MustRestart)) throw error;
      if (restarts >= restartsMax) {
        throw givenUp(
          "The connection broke off several times, and the server cannot go on where it stopped.",
        );
      }
    }
  }
}

/**
 * Fetches the recording of a meeting that was made from an address: streams it into storage with bounded memory, goes
 * on where a connection broke off, and forgets the address in the transaction that gives the meeting its file. Does
 * nothing for a meeting that has no address (any more), so it may be repeated and killed anywhere.
 * @throws MediaError with the remedy when the file cannot be had within `withinMs` or is none; nothing of it is left then.
 */
export async function fetchRecording(
  meeting: MeetingToFetch,
  signal: AbortSignal,
  withinMs = fetchMs,
): Promise<void> {
  const { id, workspaceId, sourceUrlSealed } = meeting;
  if (sourceUrlSealed === null) return;
  const deadline = AbortSignal.timeout(withinMs);
  const either = AbortSignal.any([signal, deadline]);
  const fetched = fetchFile(unseal(sourceUrlSealed, id), either).catch((error: unknown) => {
    throw deadline.aborted && !signal.aborted ? givenUp("It took too long.") : error;
  });
  const { file, judged, name } = await fetched;
  const key = `recordings/${workspaceId}/${id}`;
  try {
    await file.prepare(key);
    const isThere = await db().transaction(async (tx) => {
      const row = and(eq(meetings.workspaceId, workspaceId), eq(meetings.id, id));
      const [waiting] = await tx
        .select({ sealed: meetings.sourceUrlSealed })
        .from(meetings)
        .where(row)
        .for("update");
      // Deleted meanwhile, or another run was faster.
      if (waiting?.sealed !== sourceUrlSealed) return waiting !== undefined;
      await tx
        .update(meetings)
        .set({
          recordingKey: key,
          recordingKind: judged.kind,
          recordingType: judged.contentType,
          recordingBytes: file.bytes,
          recordingSha256: file.sha256,
          recordingName: name,
          sourceUrlSealed: null,
        })
        .where(row);
      await file.keep(key);
      return true;
    });
    if (!isThere) await storage().remove(key);
  } finally {
    await file.discard();
  }
}
