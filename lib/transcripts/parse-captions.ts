// Reads WebVTT (https://www.w3.org/TR/webvtt1/) and SubRip in one pass over the lines. It is more
// forgiving than a player's parser: a cue that a player may skip (its end before its start, no
// blank line before it, a hundred hours in) still holds words that somebody said.
import type { Utterance } from "./assemble-transcript";
import { clockPattern, parseClock } from "./clock";
import { acceptLabels, splitLabel } from "./speaker-name";

// Every repetition is bounded: hostile markup must not make a match take quadratic time.
const TIMING = new RegExp(
  String.raw`^[ \t]*(${clockPattern})[ \t]*-->[ \t]*(${clockPattern})(?:\s|$)`,
);
const BLOCK_WITHOUT_CUES = /^(?:NOTE|STYLE|REGION)(?:\s|$)/;
const VOICE = /<v(?:\.[^\s<>]{0,100})?[ \t]{1,10}([^<>\n]{0,200})>/g;
const MARKUP =
  /<\/?(?:c|i|b|u|s|v|rt|ruby|lang|font)(?:[.\s][^<>]{0,200})?>|<\d[\d:.]{0,20}>|\{\\[^{}]{0,100}\}/gi;
const ENTITY = /&(?:#(\d{1,7})|#x([\da-f]{1,6})|(amp|lt|gt|quot|apos|nbsp|lrm|rlm));/gi;
const NAMED: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
};

interface Captions {
  readonly utterances: readonly Utterance[];
  /** Timing lines that look like one but cannot be read. */
  readonly damagedCues: number;
  readonly language: string | undefined;
}

interface Cue {
  readonly startMs: number;
  readonly endMs: number;
  readonly lines: string[];
}

/** True when a line of the text is a cue timing. */
export function hasCueTiming(text: string): boolean {
  return new RegExp(TIMING.source, "m").test(text);
}

/** Reads every cue. Never throws: what cannot be read is counted. */
export function parseCaptions(text: string, format: "vtt" | "srt"): Captions {
  const lines = text.split(/\r\n|\r|\n/);
  const { cues, damagedCues } = readCues(lines, format);
  return {
    utterances: nameVoices(cues.flatMap(splitVoices)),
    damagedCues,
    language: format === "vtt" ? headerLanguage(lines) : undefined,
  };
}

function headerLanguage(lines: readonly string[]): string | undefined {
  const end = lines.findIndex((line) => line.trim() === "");
  const header = lines.slice(0, end === -1 ? 1 : end);
  return header.map((line) => /^Language:\s*(\S+)/i.exec(line)?.[1]).find((value) => value);
}

function readCues(lines: readonly string[], format: "vtt" | "srt") {
  const cues: Cue[] = [];
  let damagedCues = 0;
  let current: Cue | null = null;
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "") {
      current = null;
    } else if (line.includes("-->")) {
      current = startCue(line);
      if (current === null) damagedCues += 1;
      else cues.push(current);
      current ??= discardedBlock();
    } else if (current === null && startsDiscardedBlock(line, format)) {
      current = discardedBlock();
    } else if (!isCueId(line, lines[index + 1], current !== null)) {
      current ??= strayOwner(cues, format);
      current.lines.push(line);
    }
  }
  return { cues, damagedCues };
}

function startsDiscardedBlock(line: string, format: "vtt" | "srt"): boolean {
  return format === "vtt" && BLOCK_WITHOUT_CUES.test(line);
}

/** SubRip writers put blank lines into a cue; in WebVTT such a line belongs to nothing. */
function strayOwner(cues: readonly Cue[], format: "vtt" | "srt"): Cue {
  return (format === "srt" ? cues.at(-1) : undefined) ?? discardedBlock();
}

/** Takes the lines of a note, a style or a cue without a time, and is never read. */
function discardedBlock(): Cue {
  return { startMs: 0, endMs: 0, lines: [] };
}

// Inside a cue only a number counts as the next cue's id: exporters that forget the blank line
// number their cues, and anything else may be speech.
function isCueId(line: string, next: string | undefined, insideCue: boolean): boolean {
  if (next?.includes("-->") !== true) return false;
  return !insideCue || /^\s*\d+\s*$/.test(line);
}

function startCue(line: string): Cue | null {
  const match = TIMING.exec(line);
  const startMs = parseClock(match?.[1] ?? "");
  const endMs = parseClock(match?.[2] ?? "");
  return startMs === null || endMs === null ? null : { startMs, endMs, lines: [] };
}

/** A cue may hold several `<v Name>` voices; they share its time. */
function splitVoices({ startMs, endMs, lines }: Cue): Utterance[] {
  const text = lines.join("\n");
  const utterances: Utterance[] = [];
  let from = 0;
  let speaker: string | null = null;
  const push = (until: number) => {
    const said = plainText(text.slice(from, until));
    if (said !== "") utterances.push({ speaker, text: said, startMs, endMs });
  };
  for (const voice of text.matchAll(VOICE)) {
    push(voice.index);
    speaker = decodeEntities(voice[1] ?? "");
    from = voice.index + voice[0].length;
  }
  push(text.length);
  return utterances;
}

/**
 * Takes "Name:" off the cues without a voice. In a file with such labels an unlabelled cue goes on
 * with the speaker before it, as subtitles do.
 */
function nameVoices(utterances: readonly Utterance[]): Utterance[] {
  const labels = utterances.map(({ speaker, text }) =>
    speaker === null ? splitLabel(text) : null,
  );
  const counts = new Map<string, number>();
  for (const found of labels) {
    if (found !== null) counts.set(found.label, (counts.get(found.label) ?? 0) + 1);
  }
  const accepted = acceptLabels(counts, utterances.length);
  let last: string | null = null;
  return utterances.map((utterance, index) => {
    const found = labels[index];
    if (utterance.speaker !== null) return utterance;
    if (found === null || found === undefined || !accepted.has(found.label)) {
      return { ...utterance, speaker: last };
    }
    last = found.label;
    return { ...utterance, speaker: found.label, text: found.rest };
  });
}

function plainText(text: string): string {
  return decodeEntities(text.replace(MARKUP, "")).trim();
}

function decodeEntities(text: string): string {
  return text.replace(ENTITY, (entity, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return NAMED[name.toLowerCase()] ?? "";
    const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : entity;
  });
}
