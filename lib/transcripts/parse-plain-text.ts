// Plain text transcripts have no standard. The layouts read here are the ones people export:
//   Name: text                       [00:01:02] Name: text            00:01:02 text
//   Name [00:01:02]: text            Name  00:01:02 ⏎ text            0:03 - Name ⏎ text
//   [Name] 15:00:04 ⏎ text (Zoom)    15:02:10 From Name to Everyone: text (Zoom chat)
//   00:05:00 on its own line, then Name: text (Google Meet)
import type { Utterance } from "./assemble-transcript";
import { clockPattern, parseClock } from "./clock";
import { acceptLabels, isPlausibleSpeaker, normalizeSpeaker, splitLabel } from "./speaker-name";

const clock = String.raw`[[(]?(${clockPattern})[\])]?`;
const TIME_ONLY = new RegExp(`^${clock}$`);
const TIME_FIRST = new RegExp(
  String.raw`^[[(]?(${clockPattern})(?:\s*(?:-->|-|–)\s*${clockPattern})?[\])]?\s*[-–|:]?\s+(\S.*)$`,
  "s",
);
const TIME_LAST = new RegExp(String.raw`^(\S.{0,70}?)[\s,|–-]+${clock}:?$`);
const TIME_INSIDE = new RegExp(
  String.raw`^(\S[^:\n]{0,70}?)\s*[[(](${clockPattern})[\])]\s*:?\s+(\S.*)$`,
  "s",
);
const CHAT = /^From\s+(.{1,80}?)(?:\s+to\s+.{1,80}?)?\s*:\s*(.*)$/is;
const CLOSING =
  /^(?:(?:meeting|transcription|recording) ended after (\S+)|transcribed by\b|this editable transcript was)/i;

const preambleLinesMax = 15;
const hourMs = 3_600_000;

interface Line {
  readonly kind: "speech" | "header" | "anchor" | "prose" | "blank";
  readonly speaker: string | null;
  readonly timeMs: number | null;
  readonly text: string;
}

interface PlainText {
  readonly utterances: readonly Utterance[];
  readonly durationMs: number | undefined;
}

/** Reads any text: without speakers and times it is the speech of one unknown person. */
export function parsePlainText(text: string): PlainText {
  const raw = text.split(/\r\n|\r|\n/).map((line) => line.replace(/\s+/g, " ").trim());
  const closing = raw.map((line) => CLOSING.exec(line));
  const stated = closing.map((match) => parseClock(match?.[1] ?? "")).find((ms) => ms !== null);
  const lines = raw.filter((_, index) => closing[index] === null);
  const labels = acceptedLabels(lines);
  const read = lines.map((line, index) => readLine(line, lines[index + 1] ?? "", labels));
  return { utterances: fromClockTime(collect(read)), durationMs: stated ?? undefined };
}

function acceptedLabels(lines: readonly string[]): Set<string> {
  const counts = new Map<string, number>();
  let spoken = 0;
  for (const line of lines) {
    if (line === "" || TIME_ONLY.test(line)) continue;
    spoken += 1;
    const label = splitLabel(TIME_FIRST.exec(line)?.[2] ?? line)?.label;
    if (label !== undefined) counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return acceptLabels(counts, spoken);
}

function readLine(line: string, next: string, labels: ReadonlySet<string>): Line {
  if (line === "") return { kind: "blank", speaker: null, timeMs: null, text: "" };
  const anchor = TIME_ONLY.exec(line);
  if (anchor !== null) return { kind: "anchor", speaker: null, timeMs: ms(anchor[1]), text: "" };
  return (
    readTimeFirst(line, next, labels) ??
    readTimeInside(line) ??
    readHeader(line, next) ??
    readLabel(line, null, labels) ?? { kind: "prose", speaker: null, timeMs: null, text: line }
  );
}

function ms(value: string | undefined): number | null {
  return parseClock(value ?? "");
}

function readTimeFirst(line: string, next: string, labels: ReadonlySet<string>): Line | null {
  const match = TIME_FIRST.exec(line);
  const timeMs = ms(match?.[1]);
  const rest = match?.[2];
  if (timeMs === null || rest === undefined) return null;
  const chat = CHAT.exec(rest);
  if (chat !== null)
    return { kind: "speech", speaker: chat[1] ?? null, timeMs, text: chat[2] ?? "" };
  const isName = rest.includes(" ") && isPlausibleSpeaker(normalizeSpeaker(rest) ?? "");
  if (isName && next !== "" && !TIME_FIRST.test(next)) {
    return { kind: "header", speaker: rest, timeMs, text: "" };
  }
  return readLabel(rest, timeMs, labels) ?? { kind: "speech", speaker: null, timeMs, text: rest };
}

function readTimeInside(line: string): Line | null {
  const match = TIME_INSIDE.exec(line);
  const timeMs = ms(match?.[2]);
  const name = normalizeSpeaker(match?.[1] ?? "");
  if (timeMs === null || name === null || !isPlausibleSpeaker(name)) return null;
  return { kind: "speech", speaker: name, timeMs, text: match?.[3] ?? "" };
}

function readHeader(line: string, next: string): Line | null {
  if (next === "") return null;
  const match = TIME_LAST.exec(line);
  const timeMs = ms(match?.[2]);
  const name = normalizeSpeaker((match?.[1] ?? "").replace(/^\[(.*)\]$/, "$1"));
  if (timeMs === null || name === null || !isPlausibleSpeaker(name)) return null;
  return { kind: "header", speaker: name, timeMs, text: "" };
}

function readLabel(line: string, timeMs: number | null, labels: ReadonlySet<string>): Line | null {
  const found = splitLabel(line);
  if (found === null || !labels.has(found.label)) return null;
  return { kind: "speech", speaker: found.label, timeMs, text: found.rest };
}

interface Block {
  readonly speaker: string | null;
  readonly startMs: number | null;
  readonly parts: string[];
}

/** Joins each header, label or time with the lines that follow it. */
function collect(lines: readonly Line[]): Utterance[] {
  if (lines.every(({ kind }) => kind === "prose" || kind === "blank")) return paragraphs(lines);
  const blocks: Block[] = [];
  const preamble: string[] = [];
  let anchorMs: number | null = null;
  for (const { kind, speaker, timeMs, text } of lines) {
    const last = blocks.at(-1);
    if (kind === "anchor") {
      anchorMs = timeMs;
    } else if (kind === "speech" || kind === "header") {
      blocks.push({ speaker, startMs: timeMs ?? anchorMs, parts: [text] });
      anchorMs = null;
    } else if (anchorMs !== null && kind === "prose") {
      blocks.push({ speaker: last?.speaker ?? null, startMs: anchorMs, parts: [text] });
      anchorMs = null;
    } else {
      (last?.parts ?? preamble).push(text);
    }
  }
  return [...unlessHeading(preamble), ...blocks].map(toUtterance);
}

// What precedes the first speaker is a title, a date and a list of people, unless it is long.
function unlessHeading(preamble: readonly string[]): Block[] {
  const lines = preamble.filter((line) => line !== "");
  return lines.length <= preambleLinesMax ? [] : [{ speaker: null, startMs: null, parts: lines }];
}

function toUtterance({ speaker, startMs, parts }: Block): Utterance {
  return { speaker, startMs, endMs: null, text: parts.join(" ") };
}

function paragraphs(lines: readonly Line[]): Utterance[] {
  const blocks: Block[] = [];
  let open = false;
  for (const { kind, text } of lines) {
    if (kind === "blank") {
      open = false;
    } else if (open) {
      blocks.at(-1)?.parts.push(text);
    } else {
      blocks.push({ speaker: null, startMs: null, parts: [text] });
      open = true;
    }
  }
  return blocks.map(toUtterance);
}

/**
 * Zoom stamps saved captions and chats with the time of day. A first time of an hour or more is
 * read as such: times count from it, and go on past midnight.
 */
function fromClockTime(utterances: readonly Utterance[]): Utterance[] {
  const firstMs = utterances.find(({ startMs }) => startMs !== null)?.startMs ?? 0;
  if (firstMs < hourMs) return [...utterances];
  let dayMs = 0;
  let lastMs = firstMs;
  return utterances.map((utterance) => {
    const { startMs } = utterance;
    if (startMs === null) return utterance;
    if (startMs < lastMs - 12 * hourMs) dayMs += 24 * hourMs;
    lastMs = startMs;
    return { ...utterance, startMs: Math.max(0, startMs + dayMs - firstMs) };
  });
}
