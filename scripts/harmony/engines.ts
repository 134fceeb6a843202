import type { Env } from "@/lib/core/env";
import { findFfmpeg } from "@/lib/media/ffmpeg";
import { createVoskTranscriber } from "@/lib/transcription/vosk/vosk-transcriber";
import { type Finding, failed, ok, reasonOf, warning } from "./check";

// What turns recordings into words and words into insights, and whether it can be reached.

interface Endpoint {
  readonly what: string;
  readonly url: string;
  readonly key: string | null | undefined;
  readonly model: string | undefined;
  /** What the names of its variables begin with. */
  readonly prefix: "LLM" | "TRANSCRIBE";
}

async function checkEndpoint({ what, url, key, model, prefix }: Endpoint): Promise<Finding> {
  try {
    const response = await fetch(`${url.replace(/\/$/, "")}/models`, {
      headers: key ? { authorization: `Bearer ${key}` } : {},
      signal: AbortSignal.timeout(5_000),
      redirect: "manual",
    });
    await response.body?.cancel();
    if (response.status === 401 || response.status === 403) {
      return failed(`${what} refused the key (${response.status})`, `Check ${prefix}_KEY.`);
    }
    if (response.status >= 500) {
      return failed(`${what} answers ${response.status}`, "Look at that service.");
    }
    // Not every compatible server lists its models; that it answers is what counts here.
    return ok(`${what} answers${model ? `; model ${model}` : ""}`);
  } catch (error) {
    return failed(`${what} does not answer: ${reasonOf(error)}`, `Check ${prefix}_URL.`);
  }
}

/** The analyst of transcripts. */
export async function checkLanguageModel({ llm }: Env): Promise<Finding> {
  if (!llm) return ok("no language model: the built-in rules analyse meetings");
  return await checkEndpoint({ what: "the language model", prefix: "LLM", ...llm });
}

/** The engine that recordings are transcribed with. */
export async function checkSpeech(settings: Env): Promise<Finding> {
  const { TRANSCRIBE_URL: url, TRANSCRIBE_KEY: key, TRANSCRIBE_MODEL: model } = settings;
  if (url) {
    const what = "the transcription engine";
    return await checkEndpoint({ what, url, key, model, prefix: "TRANSCRIBE" });
  }
  const builtIn = createVoskTranscriber();
  const state = await builtIn.probe();
  if (state.ready) {
    const { name, model: speech } = builtIn.engine;
    return ok(
      `${name}, ${speech}: offline, without punctuation; TRANSCRIBE_URL would name another engine`,
    );
  }
  return warning(
    "recordings cannot be transcribed",
    `${state.reason} Transcript files work without it.`,
  );
}

/** What reads the files of recordings. */
export async function checkFfmpeg(): Promise<Finding> {
  const found = await findFfmpeg();
  if (!found) {
    return warning(
      "no ffmpeg: recordings cannot be read",
      "Install your system's ffmpeg, or run: node speech-runtime/install.mjs",
    );
  }
  const text = `ffmpeg ${found.version} (${found.origin})`;
  return found.origin === "bundled"
    ? warning(`${text}, a build of 2018`, "Install your system's ffmpeg.")
    : ok(text);
}
