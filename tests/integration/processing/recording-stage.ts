import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { closePool, db } from "@/db/client";
import type { meetings } from "@/db/schema/meetings";
import { newId } from "@/lib/core/ids";
import { enqueue } from "@/lib/jobs/enqueue";
import { findFfmpeg } from "@/lib/media/ffmpeg";
import { storage } from "@/lib/storage/storage";
import { type Apart, makeDatabaseApart } from "../../support/doors-apart";
import { makeMeeting, makeWorkspace, type TestWorkspace } from "../../support/factories";
import { type RunningProcess, startMediaWorker, startWorker } from "../../support/stack";
import {
  startTranscriptionEndpoint,
  type TranscriptionEndpoint,
} from "../../support/transcription-endpoint";
import { waitFor } from "../../support/wait-for";

// Recordings through the real workers, on a database apart, with a local server that speaks the transcription API.

export interface RecordingRow {
  readonly status: string;
  readonly stage: string | null;
  readonly progress: number;
  readonly duration_seconds: number;
  readonly failure_code: string | null;
  readonly failure_message: string | null;
  readonly playback_key: string | null;
}

export interface MediaProcess extends RunningProcess {
  /** It takes jobs. */
  readonly isReady: () => boolean;
}

export interface RecordingStage {
  readonly apart: Apart;
  readonly workspace: TestWorkspace;
  readonly endpoint: TranscriptionEndpoint;
  /** Both kinds of workers; the transcription endpoint is configured unless `changes` say otherwise. */
  readonly startWorkers: (changes?: Readonly<Record<string, string>>) => readonly RunningProcess[];
  readonly startMedia: (changes?: Readonly<Record<string, string>>) => MediaProcess;
  /** A queued meeting with this recording, and its job, as an upload leaves them. */
  readonly record: (
    content: Uint8Array,
    values?: Partial<typeof meetings.$inferInsert>,
    workspace?: TestWorkspace,
  ) => Promise<string>;
  readonly rowOf: (id: string) => Promise<RecordingRow>;
  readonly reach: (
    id: string,
    test: (row: RecordingRow) => boolean | Promise<boolean>,
    timeoutMs?: number,
  ) => Promise<RecordingRow>;
  readonly eventsOf: (id: string) => Promise<string[]>;
  readonly partsOf: (id: string) => Promise<number>;
  /** Files of decoded sound that lie about. */
  readonly workFiles: () => Promise<string[]>;
  readonly stop: () => Promise<void>;
}

export const isOver = ({ status }: RecordingRow) => status === "processed" || status === "failed";

export async function makeRecordingStage(): Promise<RecordingStage> {
  const apart = await makeDatabaseApart();
  const workspace = await makeWorkspace();
  const endpoint = await startTranscriptionEndpoint();
  const workers: RunningProcess[] = [];
  const keep = (worker: RunningProcess) => {
    workers.push(worker);
    return worker;
  };
  const envWith = (changes: Readonly<Record<string, string>>) => ({
    ...apart.env,
    TRANSCRIBE_URL: endpoint.url,
    TRANSCRIBE_MODEL: "test-model",
    ...changes,
  });
  const rowOf = async (id: string) => {
    const [row] = await apart.sql<RecordingRow[]>`select * from meetings where id = ${id}`;
    if (!row) throw new Error("the meeting is gone");
    return row;
  };
  const startMedia = (changes = {}): MediaProcess => {
    const log = join(apart.dataDir, `media-worker-${workers.length}.log`);
    const worker = keep(startMediaWorker(envWith(changes), log));
    const isReady = () =>
      existsSync(log) && readFileSync(log, "utf8").includes("media worker is ready");
    return { ...worker, isReady };
  };
  return {
    apart,
    workspace,
    endpoint,
    startMedia,
    startWorkers: (changes = {}) => [keep(startWorker(envWith(changes))), startMedia(changes)],
    record: async (content, values = {}, owner = workspace) => {
      const id = values.id ?? newId("meeting");
      const recordingKey = `recordings/${owner.id}/${id}`;
      const { signal } = new AbortController();
      const staged = await storage().stage(Readable.from([Buffer.from(content)]), signal);
      await staged.keep(recordingKey);
      await makeMeeting(owner, {
        ...{ recordingKind: "audio" as const, recordingName: "call", recordingKey },
        ...{ userId: owner.admin.userId, durationSeconds: 0, ...values, id, status: "queued" },
      });
      await enqueue(db(), "meeting.process", { workspaceId: owner.id, meetingId: id });
      return id;
    },
    rowOf,
    reach: (id, test, timeoutMs = 60_000) =>
      waitFor(
        `meeting ${id} to get there`,
        async () => {
          const row = await rowOf(id);
          return (await test(row)) ? row : null;
        },
        timeoutMs,
      ),
    eventsOf: async (id) => {
      const rows = await apart.sql<{ type: string }[]>`select type from events
        where meeting_id = ${id} order by occurred_at, type`;
      return rows.map(({ type }) => type);
    },
    partsOf: async (id) => {
      const rows = await apart.sql`select 1 from transcription_parts where meeting_id = ${id}`;
      return rows.length;
    },
    workFiles: () => readdir(join(apart.dataDir, "work")).catch(() => []),
    stop: async () => {
      for (const worker of workers) await worker.stop();
      await endpoint.stop();
      await closePool();
      await apart.drop();
    },
  };
}

/** A file that ffmpeg makes: `source` is one of its generators, the ending of `name` says what it becomes. */
export async function generate(
  source: string,
  name: string,
  ...args: readonly string[]
): Promise<Uint8Array> {
  const ffmpeg = await findFfmpeg();
  if (!ffmpeg) throw new Error("There is no ffmpeg; npm ci brings one.");
  const folder = mkdtempSync(join(tmpdir(), "harmony-generate-"));
  try {
    const path = join(folder, name);
    execFileSync(ffmpeg.path, ["-v", "error", "-f", "lavfi", "-i", source, ...args, path]);
    return readFileSync(path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
