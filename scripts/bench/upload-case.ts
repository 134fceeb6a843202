import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readdir, readFile, rm, stat } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import type { BenchCase, Figure } from "./bench-case";
import type { RunningServer } from "./bench-stack";
import { median, medianQuotient } from "./measure";

const mib = 1024 * 1024;
const boundary = "harmony-bench-boundary";

/** A WAV file of noise: a true header, then `bytes` of samples. */
async function writeWav(path: string, bytes: number): Promise<void> {
  const header = Buffer.alloc(44);
  header.write("RIFF", 0, "latin1");
  header.writeUInt32LE(36 + bytes, 4);
  header.write("WAVEfmt ", 8, "latin1");
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(2, 22);
  header.writeUInt32LE(48_000, 24);
  header.writeUInt32LE(192_000, 28);
  header.writeUInt16LE(4, 32);
  header.writeUInt16LE(16, 34);
  header.write("data", 36, "latin1");
  header.writeUInt32LE(bytes, 40);
  const noise = randomBytes(mib);
  const file = await open(path, "w");
  try {
    await file.write(header);
    for (let left = bytes; left > 0; left -= mib) {
      await file.write(noise, 0, Math.min(left, mib));
    }
  } finally {
    await file.close();
  }
}

async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
}

/** Sends a file as one multipart form with a length, and waits for 202. */
async function upload(url: string, path: string, headers: Record<string, string>): Promise<void> {
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="bench.wav"\r\ncontent-type: audio/wav\r\n\r\n`;
  const tail = `\r\n--${boundary}--\r\n`;
  const { size } = await stat(path);
  const sent = request(url, {
    method: "POST",
    headers: {
      ...headers,
      "content-type": `multipart/form-data; boundary=${boundary}`,
      "content-length": String(head.length + size + tail.length),
    },
  });
  const answered = new Promise<void>((resolve, reject) => {
    sent.on("error", reject);
    sent.on("response", (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => {
        text += chunk.toString();
      });
      response.on("end", () => {
        if (response.statusCode === 202) resolve();
        else reject(new Error(`${url} answered ${response.statusCode}: ${text.slice(0, 300)}`));
      });
    });
  });
  sent.write(head);
  const body = pipeline(
    createReadStream(path, { highWaterMark: mib }),
    async function* (source) {
      yield* source;
      yield Buffer.from(tail);
    },
    sent,
  );
  await Promise.all([body, answered]);
}

interface Measured {
  readonly mibPerSecond: number;
  /** Peak resident memory during the upload over the idle size just before. */
  readonly growthMiB: number;
}

async function measureUpload(
  server: RunningServer,
  path: string,
  file: string,
  headers: Record<string, string>,
): Promise<Measured> {
  const idle = await residentBytes(server.pid);
  let peak = idle;
  const finished = new AbortController();
  const watching = (async () => {
    while (!finished.signal.aborted) {
      peak = Math.max(peak, await residentBytes(server.pid));
      await delay(20);
    }
  })();
  const startedAt = performance.now();
  try {
    await upload(`${server.url}${path}`, file, headers);
  } finally {
    finished.abort();
    await watching;
  }
  const seconds = (performance.now() - startedAt) / 1000;
  const { size } = await stat(file);
  return { mibPerSecond: size / mib / seconds, growthMiB: (peak - idle) / mib };
}

/**
 * Waits until everything is on disk that was written before: a sync of ours would otherwise pay for what the seeding
 * of a database that never syncs has left in memory, gigabytes of it.
 */
async function settleDisk(): Promise<void> {
  await promisify(execFile)("sync", { timeout: 120_000 });
}

/** Frees the disk between runs; proves on the way that the whole file had arrived. */
async function takeAway(folder: string, bytes: number): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  if (!sizes.includes(bytes)) throw new Error(`no file of ${bytes} bytes arrived in ${folder}`);
  for (const file of files) await rm(file);
}

export const uploadCase: BenchCase = {
  id: "d",
  title: "A large upload",
  run: async ({ dir, large, startWeb, startFloor }, { rounds, uploadMiB }) => {
    const file = join(dir, "bench.wav");
    const small = join(dir, "small.wav");
    await writeWav(file, uploadMiB * mib);
    await writeWav(small, mib);
    const bytes = (await stat(file)).size;
    // A process of its own: what lists left behind in its heap would hide the growth.
    const web = await startWeb(large);
    const floorDir = join(dir, "floor");
    await mkdir(floorDir);
    const floor = await startFloor("busboy-floor.ts", { FLOOR_DIR: floorDir });
    const headers = { authorization: `Bearer ${large.key}` };
    const path = "/api/v1/meetings/upload";
    await upload(`${web.url}${path}`, small, headers);
    await upload(floor.url, small, {});
    await delay(1000);
    const ours: Measured[] = [];
    const bare: Measured[] = [];
    for (let round = 0; round < Math.min(rounds, 3); round += 1) {
      await settleDisk();
      bare.push(await measureUpload(floor, "/", file, {}));
      await takeAway(floorDir, bytes);
      await settleDisk();
      ours.push(await measureUpload(web, path, file, headers));
      await takeAway(join(dir, "recordings"), bytes);
    }
    await Promise.all([web.stop(), floor.stop()]);
    const speed = median(ours.map((run) => run.mibPerSecond));
    const floorSpeed = median(bare.map((run) => run.mibPerSecond));
    const growth = Math.max(...ours.map((run) => run.growthMiB));
    const floorGrowth = Math.max(...bare.map((run) => run.growthMiB));
    return [
      {
        name: `speed of a ${uploadMiB} MiB upload / node:http + busboy`,
        value: medianQuotient(
          ours.map((run) => run.mibPerSecond),
          bare.map((run) => run.mibPerSecond),
        ),
        unit: "×",
        atLeast: 0.8,
        from: `${speed.toFixed(0)} MiB/s (hashed and on disk) against ${floorSpeed.toFixed(0)} MiB/s (neither)`,
      },
      {
        name: "memory over idle",
        value: growth,
        unit: "MiB",
        atMost: 64,
        from: `the largest of ${ours.length} uploads; the bare server ${floorGrowth.toFixed(0)} MiB`,
      },
    ] satisfies Figure[];
  },
};
