import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { env } from "@/lib/core/env";
import { log } from "@/lib/core/log";
import { singleton } from "@/lib/core/singleton";
import { MediaError } from "@/lib/media/media";

const run = promisify(execFile);
const answerTimeoutMs = 10_000;

export interface Ffmpeg {
  readonly path: string;
  readonly version: string;
  readonly origin: "configured" | "system" | "bundled";
}

/** The program of the package that `npm ci` brings, a build of 2018. */
function bundledPath(): string {
  const file = process.platform === "win32" ? "ffmpeg.exe" : "ffmpeg";
  const packageName = `${process.platform}-${process.arch}`;
  const modules = join(process.cwd(), "speech-runtime", "node_modules");
  return join(modules, "@ffmpeg-installer", packageName, file);
}

async function systemPath(): Promise<string | null> {
  const [program, args] =
    process.platform === "win32"
      ? (["where", ["ffmpeg"]] as const)
      : (["/bin/sh", ["-c", "command -v ffmpeg"]] as const);
  try {
    const { stdout } = await run(program, [...args], { timeout: answerTimeoutMs });
    return stdout.split(/\r?\n/, 1)[0]?.trim() || null;
  } catch {
    // An exit code above 0 is how both say that there is none.
    return null;
  }
}

async function ask(path: string | null, origin: Ffmpeg["origin"]): Promise<Ffmpeg | null> {
  if (path === null) return null;
  try {
    const { stdout } = await run(path, ["-version"], { timeout: answerTimeoutMs });
    const version = /^ffmpeg version (\S+)/.exec(stdout)?.[1];
    return version === undefined ? null : { path, version, origin };
  } catch {
    // Not there, not for this machine, or not allowed: whichever, this one cannot be used.
    return null;
  }
}

async function search(): Promise<Ffmpeg | null> {
  const { FFMPEG_PATH } = env();
  // Somebody chose this one: another in its place would hide that it does not work.
  if (FFMPEG_PATH !== undefined) return ask(FFMPEG_PATH, "configured");
  return (await ask(await systemPath(), "system")) ?? (await ask(bundledPath(), "bundled"));
}

/**
 * The ffmpeg that reads recordings: `FFMPEG_PATH`, else the system's, else the one that `npm ci` brought; null when
 * none of them runs. Found once a process; while there is none, every call looks again.
 */
export async function findFfmpeg(): Promise<Ffmpeg | null> {
  const known = singleton("ffmpeg", () => ({ found: null as Ffmpeg | null }));
  if (known.found) return known.found;
  known.found = await search();
  if (known.found?.origin === "bundled") {
    log().warn(
      { version: known.found.version },
      "recordings are decoded with the ffmpeg of 2018 from npm; install your system's ffmpeg",
    );
  }
  return known.found;
}

/** The same, or `MediaError` that says how to get one. */
export async function requireFfmpeg(): Promise<Ffmpeg> {
  const found = await findFfmpeg();
  if (found) return found;
  throw new MediaError(
    "transcription_error",
    env().FFMPEG_PATH === undefined
      ? "No ffmpeg is installed, so recordings cannot be read. The operator installs it (apt-get install ffmpeg, or npm ci), then press Retry."
      : "FFMPEG_PATH does not name an ffmpeg that runs, so recordings cannot be read. The operator corrects it, then press Retry.",
  );
}
