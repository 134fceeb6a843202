import { assembleTranscript } from "./assemble-transcript";
import { decodeText } from "./decode-text";
import { languageTag } from "./language-tag";
import { hasCueTiming, parseCaptions } from "./parse-captions";
import { parseJsonTranscript } from "./parse-json";
import { parsePlainText } from "./parse-plain-text";
import { splitLabel } from "./speaker-name";
import {
  type Transcript,
  type TranscriptFormat,
  transcriptBytesMax,
  transcriptFormats,
} from "./transcript";
import { TranscriptFileError } from "./transcript-file-error";

type Content = { readonly format: TranscriptFormat } | { readonly refused: string };

const exportHint =
  "Export the transcript as VTT, SRT, TXT or JSON (in Zoom: Recordings → Audio transcript) and " +
  "upload that file.";

/** Text formats that are not transcripts, by what they start with. */
const foreignText: readonly (readonly [RegExp, string])[] = [
  [/^<(?:!doctype html|html|head|body|script|div|p|table)\b/i, "a web page (HTML)"],
  [/^<(?:\?xml|!doctype|svg|tt|!--)/i, "an XML document"],
  [/^%PDF-/, "a PDF document"],
  [/^\{\\rtf/, "a rich text (RTF) document"],
  [/^(?:#EXTM3U|ffconcat version|\[playlist\])/i, "a playlist"],
  [/^v=0\s+o=/, "a description of a stream (SDP)"],
  [/^\[Script Info\]/i, "an ASS subtitle script"],
  [/^BEGIN:V(?:CALENDAR|CARD)/, "a calendar or contact file"],
];

const foreignBytes: readonly (readonly [string, string])[] = [
  ["%PDF-", "a PDF document"],
  ["PK\x03\x04", "a ZIP archive, such as a Word document"],
  ["\x89PNG", "a PNG image"],
  ["\xff\xd8\xff", "a JPEG image"],
  ["GIF8", "a GIF image"],
  ["ID3", "an MP3 recording"],
  ["OggS", "an Ogg recording"],
  ["RIFF", "a WAV recording"],
  ["\x1f\x8b", "a gzip archive"],
];

/**
 * Tells from the first bytes of a file whether it is a transcript, whatever its name says; 64 KiB
 * are plenty. Null when it is not, so that the caller may test for audio and video. The name only
 * decides about a file without any content, which `parseTranscript` then explains.
 */
export function detectTranscript(head: Uint8Array, fileName: string): TranscriptFormat | null {
  const text = decodeText(head, true);
  if (text === null) return null;
  const content = recognise(text, fileName);
  return "format" in content ? content.format : null;
}

/**
 * Reads a whole transcript file into turns; the format is judged by content, not by name.
 * Throws `TranscriptFileError`, whose message says what is wrong and what to do.
 */
export function parseTranscript(bytes: Uint8Array, fileName: string): Transcript {
  if (bytes.length > transcriptBytesMax) throw tooLarge(bytes.length);
  const text = decodeText(bytes, false);
  if (text === null) throw notATranscript(nameBinary(bytes));
  if (text.trim() === "") throw emptyFile(bytes.length);
  const content = recognise(text, fileName);
  if ("refused" in content) throw notATranscript(content.refused);
  if (content.format === "json") return parseJsonFile(text);
  if (content.format === "txt") return assembleTranscript(...plainTextOf(text));
  return parseCaptionFile(text, content.format);
}

function recognise(text: string, fileName: string): Content {
  const start = text.slice(0, 1000).trimStart();
  if (start === "") return emptyContent(fileName);
  if (/^WEBVTT(?:\s|$)/.test(start)) return { format: "vtt" };
  const foreign = foreignText.find(([pattern]) => pattern.test(start));
  if (foreign !== undefined) return { refused: foreign[1] };
  if (/^(?:\{\s*(?:["}]|$)|\[\s*(?:[[{"\]]|$))/.test(start)) return { format: "json" };
  if (hasCueTiming(text)) return { format: extension(fileName) === "vtt" ? "vtt" : "srt" };
  if (isTable(text)) return { refused: "a table (CSV)" };
  return { format: "txt" };
}

function emptyContent(fileName: string): Content {
  const format = transcriptFormats.find((known) => known === extension(fileName));
  return format === undefined ? { refused: "an empty file" } : { format };
}

function extension(fileName: string): string {
  return /\.([^.]+)$/.exec(fileName)?.[1]?.toLowerCase() ?? "";
}

/**
 * The first lines all have the same number, two or more, of separators. People put a space after a
 * comma and programs do not, so that dialogue is not taken for a table.
 */
function isTable(text: string): boolean {
  const lines = text
    .slice(0, 20_000)
    .split(/\r\n|\r|\n/)
    .slice(0, 20);
  const filled = lines.filter((line) => line.trim() !== "");
  if (filled.length < 2 || filled.some((line) => splitLabel(line) !== null)) return false;
  return [/,(?! )/, /;(?! )/, /\t/].some((separator) => {
    const counts = filled.map((line) => line.replace(/"[^"]*"/g, "").split(separator).length - 1);
    return (counts[0] ?? 0) >= 2 && counts.every((count) => count === counts[0]);
  });
}

function parseJsonFile(text: string): Transcript {
  const { utterances, language, durationMs } = parseJsonTranscript(text);
  if (utterances.length === 0) {
    throw new TranscriptFileError(
      "invalid_request",
      `This JSON transcript has no entries, so there is nothing to read. ${exportHint}`,
    );
  }
  const tag = language === undefined ? undefined : languageTag(language);
  return assembleTranscript(utterances, { format: "json", durationMs, language: tag });
}

function plainTextOf(text: string): Parameters<typeof assembleTranscript> {
  const { utterances, durationMs } = parsePlainText(text);
  return [utterances, { format: "txt", durationMs }];
}

function parseCaptionFile(text: string, format: "vtt" | "srt"): Transcript {
  const { utterances, damagedCues, language } = parseCaptions(text, format);
  const name = format.toUpperCase();
  if (utterances.length === 0 && damagedCues > 0) {
    throw new TranscriptFileError(
      "corrupt_file",
      `None of the ${damagedCues} cues in this ${name} file has a readable time, for example ` +
        `00:01:02.500 --> 00:01:05.000. ${exportHint}`,
      { damaged_cues: damagedCues },
    );
  }
  if (utterances.length === 0) {
    throw new TranscriptFileError(
      "invalid_request",
      `This ${name} file has no cues, so nobody says anything in it. Export the transcript again ` +
        `(in Zoom: Recordings → Audio transcript) and upload the .${format} file.`,
    );
  }
  const tag = language === undefined ? undefined : languageTag(language);
  return assembleTranscript(utterances, { format, language: tag });
}

function nameBinary(bytes: Uint8Array): string {
  const start = String.fromCharCode(...bytes.slice(0, 8));
  return foreignBytes.find(([magic]) => start.startsWith(magic))?.[1] ?? "a binary file";
}

function notATranscript(kind: string): TranscriptFileError {
  return new TranscriptFileError(
    "unsupported_media_type",
    `This file is ${kind}, not a transcript, whatever its name says. ${exportHint}`,
  );
}

function emptyFile(size: number): TranscriptFileError {
  const what = size === 0 ? "is empty (0 bytes)" : "contains only white space";
  return new TranscriptFileError(
    "invalid_request",
    `This file ${what}, so there is no transcript in it. ${exportHint}`,
  );
}

function tooLarge(size: number): TranscriptFileError {
  return new TranscriptFileError(
    "payload_too_large",
    `This transcript is larger than ${transcriptBytesMax / 1024 / 1024} MiB, which is hundreds of ` +
      "hours of talk. Split it into one file a meeting and upload each.",
    { size_bytes: size, limit_bytes: transcriptBytesMax },
  );
}
