import { clockOf } from "@/lib/core/dates";
import type { Turn } from "@/lib/transcripts/transcript";

/** A stretch of transcript that fits into one request. */
export interface TranscriptWindow {
  readonly text: string;
  /** Indices of its first and last turn. */
  readonly first: number;
  readonly last: number;
}

const windowTokens = 12_000;
// English has about four characters a token; other languages have fewer, for which the windows of
// today's models leave room.
const charactersPerToken = 4;
const windowLength = windowTokens * charactersPerToken;
const lineTextMax = windowLength / 4;

/** Cuts a transcript into windows of about 12,000 tokens, between turns where possible. */
export function transcriptWindows(turns: readonly Turn[]): TranscriptWindow[] {
  const windows: TranscriptWindow[] = [];
  let lines: string[] = [];
  let length = 0;
  let first = 0;
  let last = 0;
  const close = () => {
    if (lines.length > 0) windows.push({ text: lines.join("\n"), first, last });
    lines = [];
    length = 0;
  };
  for (const [index, turn] of turns.entries()) {
    for (const line of linesOf(turn, index)) {
      if (length + line.length > windowLength) close();
      if (lines.length === 0) first = index;
      lines.push(line);
      length += line.length + 1;
      last = index;
    }
  }
  close();
  return windows;
}

/** "[12] 00:03:05 Ada Reyes: text"; a turn that fills a window by itself takes several lines. */
function linesOf({ speaker, startMs, text }: Turn, index: number): string[] {
  const lead = `[${index}] ${clockOf(startMs)} ${speaker}: `;
  const pieces = [];
  for (let from = 0; from < text.length; from += lineTextMax) {
    pieces.push(lead + text.slice(from, from + lineTextMax));
  }
  return pieces;
}

/** Groups partial results so that each group fits into a request; at least two in each. */
export function groupForMerge<T>(parts: readonly T[]): T[][] {
  const groups: T[][] = [];
  let length = 0;
  for (const part of parts) {
    const size = JSON.stringify(part).length;
    const group = groups.at(-1);
    if (group === undefined || (group.length >= 2 && length + size > windowLength)) {
      groups.push([part]);
      length = size;
    } else {
      group.push(part);
      length += size;
    }
  }
  return groups;
}
