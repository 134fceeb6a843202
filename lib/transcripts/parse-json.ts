import { z } from "zod";
import type { Utterance } from "./assemble-transcript";
import { parseClock } from "./clock";
import { countWords } from "./transcript";
import { TranscriptFileError } from "./transcript-file-error";

// A time is a number of seconds, a clock string, or a recorder's {relative: seconds}.
const timeSchema = z
  .union([z.number(), z.string(), z.object({ relative: z.number() })])
  .transform((value, context) => {
    const ms = toMs(value);
    if (ms !== null) return ms;
    context.addIssue({ code: "custom", message: "not a number of seconds or a HH:MM:SS time" });
    return z.NEVER;
  })
  .nullish();
const millisecondsSchema = z.number().min(0).nullish();
const personSchema = z
  .union([z.string(), z.number(), z.object({ name: z.string().nullish() })])
  .nullish();

const wordSchema = z.object({
  text: z.string().optional(),
  word: z.string().optional(),
  start: timeSchema,
  end: timeSchema,
  start_timestamp: timeSchema,
  end_timestamp: timeSchema,
});

const entrySchema = z.object({
  speaker: personSchema,
  participant: personSchema,
  speaker_name: personSchema,
  speakerName: personSchema,
  text: z.string().optional(),
  words: z.array(wordSchema).nullish(),
  start: timeSchema,
  start_time: timeSchema,
  startTime: timeSchema,
  timestamp: timeSchema,
  end: timeSchema,
  end_time: timeSchema,
  endTime: timeSchema,
  startMs: millisecondsSchema,
  start_ms: millisecondsSchema,
  endMs: millisecondsSchema,
  end_ms: millisecondsSchema,
});
type Entry = z.output<typeof entrySchema>;

const utterancesSchema = z.array(
  entrySchema
    .refine(({ text, words }) => text !== undefined || (words ?? []).length > 0, "has no text")
    .transform(toUtterance),
);
const headSchema = z.object({
  language: z.string().nullish().catch(null),
  duration: z.number().min(0).nullish().catch(null),
});
const listKeys = ["segments", "transcript", "turns", "utterances"] as const;

const shapes =
  '{"segments": [{"speaker", "text", "start", "end"}]} with seconds, ' +
  '{"transcript": [{"speaker", "text", "timestamp": "HH:MM:SS"}]}, or a list of such entries';

interface JsonTranscript {
  readonly utterances: readonly Utterance[];
  readonly language: string | undefined;
  readonly durationMs: number | undefined;
}

/**
 * Reads the JSON transcripts we know: `segments` in seconds (also OpenAI's verbose_json), our own
 * API's `transcript`, and a recorder's list of entries or words.
 * Throws `TranscriptFileError`: `corrupt_file` for broken JSON, `unsupported_media_type` for JSON
 * that is something else, `invalid_request` for an entry that cannot be read.
 */
export function parseJsonTranscript(text: string): JsonTranscript {
  const { name, list, document } = findEntries(parseJson(text));
  const result = utterancesSchema.safeParse(list);
  if (!result.success) throw entryError(name, result.error);
  const head = headSchema.safeParse(document).data;
  return {
    utterances: countedInMilliseconds(result.data) ? result.data.map(asSeconds) : result.data,
    language: head?.language ?? undefined,
    durationMs: typeof head?.duration === "number" ? Math.round(head.duration * 1000) : undefined,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const cut = !["}", "]"].includes(text.trimEnd().slice(-1));
    throw new TranscriptFileError(
      "corrupt_file",
      `This JSON file is damaged${cut ? " or cut off before its end" : ""}: it is not valid ` +
        "JSON. Export or download it again and upload the complete file.",
    );
  }
}

function findEntries(document: unknown): { name: string; list: unknown; document: unknown } {
  if (Array.isArray(document)) return { name: "", list: document, document };
  if (typeof document === "object" && document !== null) {
    const found = new Map<string, unknown>(Object.entries(document));
    for (const name of listKeys) {
      if (Array.isArray(found.get(name))) return { name, list: found.get(name), document };
    }
    const prose = found.get("text") ?? found.get("transcript");
    if (typeof prose === "string") return { name: "text", list: [{ text: prose }], document };
  }
  throw notATranscript();
}

function notATranscript(): TranscriptFileError {
  return new TranscriptFileError(
    "unsupported_media_type",
    `This JSON file is not a transcript we know. Expected ${shapes}. Convert it to one of these, ` +
      "or upload the VTT, SRT or TXT export.",
  );
}

function entryError(name: string, error: z.ZodError): TranscriptFileError {
  const issue = error.issues[0];
  const [index, ...path] = issue?.path ?? [];
  // Nothing in the first entry is readable: this is a list of other things, not a bad transcript.
  if (index === 0 && path.length === 0) return notATranscript();
  const field = path.length === 0 ? "" : `.${path.map(String).join(".")}`;
  const where = `${name}[${String(index)}]${field}`;
  const reason = (issue?.message ?? "cannot be read").replace(/^Invalid input: /, "");
  return new TranscriptFileError(
    "invalid_request",
    `The entry ${where} of this JSON transcript cannot be read: ${reason}. Expected ${shapes}. ` +
      "Correct that entry and upload the file again.",
    { field: where },
  );
}

function toMs(value: number | string | { relative: number }): number | null {
  if (typeof value === "object") return toMs(value.relative);
  if (typeof value === "string") {
    const plain = /^\s*(\d+(?:\.\d+)?)\s*s?\s*$/.exec(value)?.[1];
    return plain === undefined ? parseClock(value) : Math.round(Number(plain) * 1000);
  }
  return value >= 0 ? Math.round(value * 1000) : null;
}

function toUtterance(entry: Entry): Utterance {
  const words = entry.words ?? [];
  const spoken = words.map((word) => word.text ?? word.word ?? "").join(" ");
  const first = words[0];
  const last = words.at(-1);
  const person = entry.speaker ?? entry.participant ?? entry.speaker_name ?? entry.speakerName;
  return {
    speaker: speakerOf(person),
    text: entry.text ?? spoken,
    startMs: firstKnown([
      entry.startMs,
      entry.start_ms,
      entry.start,
      entry.start_time,
      entry.startTime,
      entry.timestamp,
      first?.start,
      first?.start_timestamp,
    ]),
    endMs: firstKnown([
      entry.endMs,
      entry.end_ms,
      entry.end,
      entry.end_time,
      entry.endTime,
      last?.end,
      last?.end_timestamp,
    ]),
  };
}

function firstKnown(times: readonly (number | null | undefined)[]): number | null {
  return times.find((time) => time !== null && time !== undefined) ?? null;
}

function speakerOf(person: z.output<typeof personSchema>): string | null {
  if (typeof person === "object") return person?.name ?? null;
  return typeof person === "number" ? `Speaker ${person}` : (person ?? null);
}

// Some services write `start` and `end` in milliseconds. Nobody needs fifty seconds for a word, so
// such a pace, over all entries, gives them away.
function countedInMilliseconds(utterances: readonly Utterance[]): boolean {
  let spokenMs = 0;
  let words = 0;
  for (const { startMs, endMs, text } of utterances) {
    if (startMs === null || endMs === null || startMs % 1000 !== 0) return false;
    spokenMs += endMs - startMs;
    words += countWords(text);
  }
  return words > 0 && spokenMs / words > 50_000;
}

function asSeconds(utterance: Utterance): Utterance {
  const { startMs, endMs } = utterance;
  return {
    ...utterance,
    startMs: startMs === null ? null : startMs / 1000,
    endMs: endMs === null ? null : endMs / 1000,
  };
}
