import { type ChildProcess, spawn } from "node:child_process";
import { type FileHandle, open } from "node:fs/promises";
import { type Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { confinement, lend } from "@/lib/media/confinement";
import { requireFfmpeg } from "@/lib/media/ffmpeg";

/** Nothing that takes this long comes to an end: two hours of sound are decoded in seconds. */
const timeoutMs = 30 * 60_000;
/** Without a byte for this long it hangs. */
const stallMs = 120_000;
const logMax = 8_192;

/** Formats that hold sound themselves. Those that point at other files (hls, concat, dash, …) are never among them. */
const demuxers = [
  ...["mov", "mp3", "wav", "w64", "matroska", "ogg", "flac", "aac", "gsm", "amr", "amrnb", "amrwb"],
  ...[
    "aiff",
    "au",
    "caf",
    "asf",
    "avi",
    "flv",
    "mpegts",
    "mpeg",
    "ac3",
    "eac3",
    "wv",
    "ape",
    "tta",
  ],
].join(",");

/** Nothing of ours, least of all a secret. */
const plainEnv = { NODE_ENV: "production", PATH: "/usr/bin:/bin", LC_ALL: "C" } as const;

/** Goes before `-i` of a file from outside: no network, no other file, no format that leads to one. */
const foreignInput = ["-protocol_whitelist", "file,pipe", "-format_whitelist", demuxers];

export interface FfmpegRun {
  /** A file of a stranger, or our own bytes: `options` are its demuxer's. */
  readonly input:
    | { readonly file: string; readonly options?: readonly string[] }
    | { readonly stream: Readable; readonly options: readonly string[] };
  /** What comes after the input. The output goes to `pipe:1`. */
  readonly output: readonly string[];
  /** `info` describes the input on the log; `error` says what is wrong with it. */
  readonly verbosity?: "error" | "info";
  readonly signal: AbortSignal;
}

export interface FfmpegEnd<T> {
  readonly value: T;
  /** The first 8 KiB of what it said; never shown to anybody. */
  readonly log: string;
  /** False for any other exit code than 0; true when we stopped reading ourselves. */
  readonly isOk: boolean;
  /** It was stopped because it took too long, or as much memory or processor time as it may. */
  readonly isOverLimit: boolean;
}

/**
 * Runs ffmpeg as a child process that is confined as far as the system allows, and lets `consume` read what it
 * writes; when that returns before the end, ffmpeg is stopped. An abort kills it and rejects with the signal's reason.
 * @throws MediaError where there is no ffmpeg.
 */
export async function runFfmpeg<T>(
  { input, output, verbosity = "error", signal }: FfmpegRun,
  consume: (output: Readable) => Promise<T>,
): Promise<FfmpegEnd<T>> {
  signal.throwIfAborted();
  const front = ["-hide_banner", "-nostdin", "-v", verbosity, "-threads", "1"];
  if ("stream" in input) {
    const args = [...front, ...input.options, "-i", "pipe:0", ...output];
    return withProgram(null, args, (child) => {
      // It may end before it has read everything; its exit code tells whether that was an error.
      if (child.stdin) pipeline(input.stream, child.stdin).catch(() => undefined);
      return watch(child, signal, consume);
    });
  }
  const file = await open(input.file);
  try {
    const name = process.platform === "linux" ? "/proc/self/fd/3" : input.file;
    const args = [...front, ...foreignInput, ...(input.options ?? []), "-i", name, ...output];
    return await withProgram(file, args, (child) => watch(child, signal, consume));
  } finally {
    await file.close();
  }
}

/** Files are handed over as descriptors, so that a user who may not walk through our folders can read them. */
async function withProgram<T>(
  file: FileHandle | null,
  args: readonly string[],
  use: (child: ChildProcess) => Promise<T>,
): Promise<T> {
  const { path } = await requireFfmpeg();
  if (process.platform !== "linux") {
    return use(spawn(path, args, { env: plainEnv, stdio: "pipe" }));
  }
  const { user, prefix } = await confinement();
  const program = await open(path);
  try {
    const isForAll = ((await program.stat()).mode & 0o005) === 0o005;
    const [first = "", ...rest] = [...prefix, "/proc/self/fd/4", ...args];
    const start = (isConfined: boolean) =>
      spawn(first, rest, {
        cwd: "/",
        env: plainEnv,
        stdio: [file ? "ignore" : "pipe", "pipe", "pipe", file?.fd ?? "ignore", program.fd],
        ...(isConfined && isForAll && user ? user : {}),
      });
    if (file === null) return await use(start(true));
    return await lend(file, isForAll ? user : null, (isLent) => use(start(isLent)));
  } finally {
    await program.close();
  }
}

function collectLog(child: ChildProcess): () => string {
  const kept: Buffer[] = [];
  let size = 0;
  child.stderr?.on("data", (chunk: Buffer) => {
    if (size < logMax) kept.push(chunk);
    size += chunk.length;
  });
  return () => Buffer.concat(kept).toString("utf8").slice(0, logMax);
}

const overLimitSignals = new Set<NodeJS.Signals | null>(["SIGXCPU", "SIGXFSZ"]);

/** Reads the child's output and its end, and kills it when that takes too long or nobody wants it any more. */
async function watch<T>(
  child: ChildProcess,
  signal: AbortSignal,
  consume: (output: Readable) => Promise<T>,
): Promise<FfmpegEnd<T>> {
  const log = collectLog(child);
  const ended = endOf(child);
  let isOverLimit = false;
  const giveUp = () => {
    isOverLimit = true;
    child.kill("SIGKILL");
  };
  const kill = () => child.kill("SIGKILL");
  signal.addEventListener("abort", kill, { once: true });
  const deadline = setTimeout(giveUp, timeoutMs);
  const stall = setTimeout(giveUp, stallMs);
  const output = new Transform({
    transform: (chunk, _encoding, done) => {
      stall.refresh();
      done(null, chunk);
    },
  });
  if (child.stdout) pipeline(child.stdout, output).catch(() => undefined);
  try {
    const value = await consume(output);
    const isStopped = !output.readableEnded;
    if (isStopped) kill();
    const { code, by } = await ended;
    signal.throwIfAborted();
    const isOk = code === 0 || (isStopped && !isOverLimit);
    return { value, log: log(), isOk, isOverLimit: isOverLimit || overLimitSignals.has(by) };
  } catch (error) {
    kill();
    await ended.catch(() => undefined);
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener("abort", kill);
    clearTimeout(deadline);
    clearTimeout(stall);
  }
}

function endOf(child: ChildProcess): Promise<{ code: number | null; by: NodeJS.Signals | null }> {
  const ended = new Promise<{ code: number | null; by: NodeJS.Signals | null }>(
    (resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code, by) => resolve({ code, by }));
    },
  );
  // Whoever awaits it hears of an error; until then it is nobody's unhandled rejection.
  ended.catch(() => undefined);
  child.stdin?.on("error", () => undefined);
  return ended;
}
