import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { createVoskTranscriber } from "@/lib/transcription/vosk/vosk-transcriber";

const fixtures = join(import.meta.dirname, "../fixtures/speech");

/** Why recordings cannot be recognised on this machine; null where they can. Printed, because tests are skipped then. */
export async function whyNoSpeech(): Promise<string | null> {
  const state = await createVoskTranscriber().probe();
  if (state.ready) return null;
  process.stderr.write(`Tests of the built-in speech engine are skipped: ${state.reason}\n`);
  return state.reason;
}

/** Decodes a clip of tests/fixtures/speech to the samples that engines take; returns its length. */
export async function decodeClip(
  name: "dialogue.ogg" | "call.ogg",
  channels: 1 | 2,
  pcmPath: string,
): Promise<number> {
  const platform = `${process.platform}-${process.arch}`;
  const ffmpeg = `speech-runtime/node_modules/@ffmpeg-installer/${platform}/ffmpeg`;
  const input = ["-v", "error", "-nostdin", "-y", "-i", join(fixtures, name)];
  const output = ["-ac", String(channels), "-ar", "16000", "-f", "s16le", pcmPath];
  await promisify(execFile)(ffmpeg, [...input, ...output], { timeout: 60_000 });
  return Math.floor(readFileSync(pcmPath).length / 32 / channels);
}

export interface Line {
  readonly speaker: string;
  readonly text: string;
}

/** What the clips say. */
export function spokenLines(): Line[] {
  return readFileSync(join(fixtures, "dialogue.txt"), "utf8")
    .trim()
    .split("\n")
    .map((line) => {
      const [speaker = "", text = ""] = line.split(":");
      return { speaker, text };
    });
}

/** Ids of the processes in which Vosk runs for `parent`; of a machine without /proc none are seen. */
export function listenersOf(parent: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const isListener = readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("vosk/listen.ts");
        // The fourth field of stat, after a name in brackets that may hold anything.
        const status = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ");
        return isListener && Number(status?.[1]) === parent && status?.[0] !== "Z";
      } catch {
        // It ended while we looked.
        return false;
      }
    });
}

/** Runs the installation of a copy of speech-runtime/ where no registry answers and nothing is in npm's cache. */
export async function installWithoutRegistry(
  root: string,
): Promise<{ stderr: string; installed: unknown }> {
  const { stderr } = await promisify(execFile)(process.execPath, [join(root, "install.mjs")], {
    env: {
      ...process.env,
      npm_config_registry: "http://127.0.0.1:9/",
      npm_config_cache: join(root, "..", "cache"),
      npm_config_fetch_retries: "0",
    },
  });
  const text = readFileSync(join(root, "node_modules/.engine/installed.json"), "utf8");
  return { stderr, installed: JSON.parse(text) };
}
