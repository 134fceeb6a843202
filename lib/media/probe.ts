import { open } from "node:fs/promises";
import { failureOf } from "@/lib/media/describe-failure";
import { MediaError, type MediaFacts } from "@/lib/media/media";
import { playableAs } from "@/lib/media/playable-as";
import { runFfmpeg } from "@/lib/media/run-ffmpeg";

export interface MediaSource {
  readonly path: string;
  /** As it was told by content at the upload; bare GSM has no header of its own. */
  readonly contentType: string | null;
}

const headBytes = 1_024;
/** Lists of other files, by how they begin. ffmpeg is kept from opening them as well; this says it in plain words. */
const listStart = /^(?:\uFEFF)?\s*(?:#EXTM3U|ffconcat\b|<MPD\b|<\?xml\b|v=0\r?\n|\[playlist\])/i;

async function refuseLists(path: string): Promise<void> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    if (bytesRead === 0) throw new MediaError("corrupt_file", "The file is empty.");
    if (!listStart.test(buffer.toString("utf8", 0, bytesRead))) return;
  } finally {
    await file.close();
  }
  throw new MediaError(
    "unsupported_format",
    "The file is a playlist: a list of other files, with no sound of its own. Upload the recording itself.",
  );
}

/** Options of the input's demuxer where the content alone does not say which it is. */
export function inputOptions({ contentType }: MediaSource): readonly string[] {
  return contentType === "audio/gsm" ? ["-f", "gsm"] : [];
}

/**
 * What the file says that it is; nothing of it is decoded.
 * @throws MediaError `unsupported_format` or `corrupt_file` when it cannot be opened.
 */
export async function probeMedia(source: MediaSource, signal: AbortSignal): Promise<MediaFacts> {
  await refuseLists(source.path);
  const input = { file: source.path, options: inputOptions(source) };
  // Without an output ffmpeg describes the input and ends with an error, which means nothing here.
  const { log, isOverLimit } = await runFfmpeg(
    { input, output: [], verbosity: "info", signal },
    async (output) => {
      for await (const _ of output);
    },
  );
  const facts = readFacts(log);
  if (facts === null) throw failureOf(log, isOverLimit);
  return facts;
}

/** Reads the description that `ffmpeg -i` writes; null when it could not open the file. */
function readFacts(log: string): MediaFacts | null {
  const container = /^Input #0, (.+), from '/m.exec(log)?.[1];
  if (container === undefined) return null;
  const streams = [...log.matchAll(/^ {2,4}Stream #0:\d+\S*: (Audio|Video): (.+)$/gm)];
  const of = (kind: string) =>
    streams.find(([, type, text]) => type === kind && !text?.includes("(attached pic)"))?.[2];
  const sound = of("Audio");
  const picture = of("Video");
  const facts = {
    claimedDurationMs: durationMs(/^ {2}Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)/m.exec(log)),
    container,
    audio: sound === undefined ? null : { codec: codecOf(sound), channels: channelsOf(sound) },
    video: picture === undefined ? null : { codec: codecOf(picture) },
  };
  return { ...facts, playableAs: playableAs(facts) };
}

function durationMs(match: RegExpExecArray | null): number | null {
  if (match === null) return null;
  const [hours = 0, minutes = 0, seconds = 0] = match.slice(1).map(Number);
  return Math.round(((hours * 60 + minutes) * 60 + seconds) * 1000);
}

function codecOf(description: string): string {
  return /^\w+/.exec(description)?.[0] ?? "unknown";
}

const layouts: Readonly<Record<string, number>> = { mono: 1, stereo: 2 };

/** 1 and 2 exactly; anything wider as 3, since it is mixed down whatever it is. */
function channelsOf(description: string): number {
  const words = description.split(", ");
  const named = words.map((word) => layouts[word]).find((count) => count !== undefined);
  if (named !== undefined) return named;
  const counted = words.map((word) => /^(\d+) channels/.exec(word)?.[1]).find(Boolean);
  return counted === undefined ? 3 : Number(counted);
}
