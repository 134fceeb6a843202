import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { access, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { z } from "zod";

/** Where the parts of the built-in engine are; absolute paths. */
export interface SpeechRuntime {
  /** Vosk's native library. */
  readonly library: string;
  /** Folder of the English model, with our settings in `conf/model.conf`. */
  readonly model: string;
  /** Folder of the model that turns voices into vectors. */
  readonly speakerModel: string;
  /** Package that calls native libraries. */
  readonly koffi: string;
}

/** What `speech-runtime/install.mjs` wrote down when it was done. */
const record = z.object({ version: z.string(), problem: z.string().nullable() });

const folder = "speech-runtime";
const howToInstall = `run: node ${folder}/install.mjs`;
const otherwise = "Or set TRANSCRIBE_URL to an engine of your own";

/** The library is linked against glibc; musl (Alpine) cannot load it. */
function hasOnlyMusl(): boolean {
  return existsSync("/lib/ld-musl-x86_64.so.1") && !existsSync("/lib64/ld-linux-x86-64.so.2");
}

/** Name of Vosk's library on this system, or null where it has none. */
function libraryName(): string | null {
  if (process.platform === "darwin") return "libvosk.dylib";
  if (process.platform !== "linux" || process.arch !== "x64" || hasOnlyMusl()) return null;
  return "libvosk.so";
}

/** The hash that `install.mjs` takes of everything that an installation follows from. */
async function wantedVersion(root: string): Promise<string> {
  const hash = createHash("sha256");
  for (const name of ["package-lock.json", "model.conf", "install.mjs"]) {
    hash.update(await readFile(join(root, name)));
  }
  return hash.digest("hex");
}

async function readRecord(root: string): Promise<z.infer<typeof record> | null> {
  try {
    const text = await readFile(join(root, "node_modules/.engine/installed.json"), "utf8");
    return record.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/**
 * Looks for the built-in engine, by default below the working folder. `reason` is a sentence that says what is missing and how to
 * get it.
 */
export async function findSpeechRuntime(
  root = resolve(folder),
): Promise<SpeechRuntime | { readonly reason: string }> {
  const name = libraryName();
  if (name === null) {
    const system = `${process.platform} on ${process.arch}`;
    return {
      reason: `The built-in speech engine exists for Linux on x64 with glibc and for macOS, not for this system (${system}). ${otherwise.replace("Or set", "Set")}.`,
    };
  }
  const installed = await readRecord(root);
  if (installed === null) {
    return {
      reason: `The built-in speech engine is not installed; ${howToInstall}. ${otherwise}.`,
    };
  }
  if (installed.problem !== null) {
    return {
      reason: `The built-in speech engine is not complete (${installed.problem}); ${howToInstall}. ${otherwise}.`,
    };
  }
  if (installed.version !== (await wantedVersion(root))) {
    return { reason: `The built-in speech engine is of another version; ${howToInstall}.` };
  }
  const engine = join(root, "node_modules/.engine");
  const runtime = {
    library: join(engine, name),
    model: join(engine, "model"),
    speakerModel: join(engine, "speakers"),
    koffi: join(root, "node_modules/koffi"),
  };
  try {
    for (const path of Object.values(runtime)) await access(path);
  } catch {
    return { reason: `Files of the built-in speech engine are gone; ${howToInstall}.` };
  }
  return runtime;
}
