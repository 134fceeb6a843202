import { Agent, FormData, fetch, type Response } from "undici";
import {
  bearerHeader,
  connectionWord,
  isPassing,
  readCapped,
  readEndpointError,
} from "@/lib/core/model-endpoint";
import { singleton } from "@/lib/core/singleton";
import { TranscriberError } from "../transcriber";

export interface EndpointConfig {
  /** The API's base, such as https://api.openai.com/v1 */
  readonly url: string;
  /** Sent as a bearer token; local servers often need none. */
  readonly key: string | null;
  readonly model: string;
  /** For one request, body included. */
  readonly timeoutMs: number;
}

const responseBytesMax = 16 * 1_048_576;

/** `fetch` gives up after five minutes without a header, whatever signal it has; engines on a processor take longer. */
const patientAgent = () =>
  singleton("transcription-agent", () => new Agent({ headersTimeout: 0, bodyTimeout: 0 }));

/**
 * Sends a FLAC file and fields to `/audio/transcriptions`; the answer's text.
 * Throws `TranscriberError`, and the signal's reason when it aborts.
 */
export async function postAudio(
  config: EndpointConfig,
  audio: Buffer,
  fields: readonly (readonly [name: string, value: string])[],
  signal: AbortSignal,
): Promise<string> {
  signal.throwIfAborted();
  const form = new FormData();
  for (const [name, value] of fields) form.append(name, value);
  form.append("file", new Blob([new Uint8Array(audio)], { type: "audio/flac" }), "part.flac");
  const timeout = AbortSignal.timeout(config.timeoutMs);
  try {
    const response = await fetch(`${config.url.replace(/\/+$/, "")}/audio/transcriptions`, {
      method: "POST",
      headers: headersOf(config),
      body: form,
      // A redirect would carry the recording, and perhaps the key, to a place nobody configured.
      redirect: "manual",
      dispatcher: patientAgent(),
      signal: AbortSignal.any([signal, timeout]),
    });
    const text = await readBody(response);
    if (!response.ok) throw statusError(response.status, text);
    return text;
  } catch (error) {
    if (error instanceof TranscriberError) throw error;
    if (signal.aborted) throw signal.reason;
    throw transportError(config, timeout.aborted, error);
  }
}

function headersOf({ key }: EndpointConfig): Record<string, string> {
  const bearer = bearerHeader(key);
  if (bearer) return { accept: "application/json", ...bearer };
  throw new TranscriberError(
    "permanent",
    "TRANSCRIBE_KEY contains spaces, line breaks or other characters that no key has. Copy it again, then press Retry.",
  );
}

async function readBody({ body }: Response): Promise<string> {
  const text = await readCapped(body, responseBytesMax);
  if (text !== null) return text;
  throw new TranscriberError(
    "permanent",
    "The transcription endpoint sent more than 16 MiB, which no answer is. Check TRANSCRIBE_URL, then press Retry.",
  );
}

function statusError(status: number, text: string): TranscriberError {
  const { code, param } = readEndpointError(text);
  const what = `The transcription endpoint answered ${status}${code === null ? "" : ` (${code})`}`;
  if (status === 401 || status === 403) {
    return new TranscriberError(
      "permanent",
      `${what}: it refuses the key. Check TRANSCRIBE_KEY, then press Retry.`,
    );
  }
  if (status === 404) {
    return new TranscriberError(
      "permanent",
      `${what}: no such path or model. Check TRANSCRIBE_URL, which usually ends in /v1, and TRANSCRIBE_MODEL, then press Retry.`,
    );
  }
  if (isPassing(status)) {
    return new TranscriberError("retryable", `${what}. Press Retry once it answers.`);
  }
  if (param === "language") {
    return new TranscriberError(
      "permanent",
      `${what}: it does not know the language of this recording. Upload it with another language, or configure a model that knows it (TRANSCRIBE_MODEL).`,
      "unsupported_language",
    );
  }
  if (status === 413) {
    return new TranscriberError(
      "permanent",
      `${what}: it takes no files as large as ten minutes of sound (about 10 MB). Raise its limit, then press Retry.`,
    );
  }
  return new TranscriberError(
    "permanent",
    `${what}. Check that TRANSCRIBE_MODEL is one that tells times, such as whisper-1 or gpt-4o-transcribe-diarize, then press Retry.`,
  );
}

function transportError(
  { timeoutMs }: EndpointConfig,
  timedOut: boolean,
  error: unknown,
): TranscriberError {
  return new TranscriberError(
    "retryable",
    timedOut
      ? `The transcription endpoint did not answer within ${timeoutMs / 1000} s. Press Retry once it answers.`
      : `The transcription endpoint cannot be reached${connectionWord(error)}. Check TRANSCRIBE_URL and the network, then press Retry.`,
  );
}
