import { encodeFlac } from "@/lib/media/encode";
import type { AudioPart, RecognisedPart } from "../transcriber";
import { type VoiceSegment, voicesOf } from "./voices";

// An endpoint names speakers anew in every answer. So that the same voice keeps its name over the parts of a recording,
// it is sent a sample of each speaker that was heard before.

const samplesMax = 4;
const sampleMsMin = 2_000;
const sampleMsMax = 9_000;

const msOf = ({ startMs, endMs }: VoiceSegment) => endMs - startMs;

/** The longest undisturbed stretch of each speaker, of those who spoke longest first. */
function bestStretches(earlier: readonly RecognisedPart[]): VoiceSegment[] {
  const best = new Map<string, { stretch: VoiceSegment; total: number }>();
  for (const segment of earlier.flatMap((part) => voicesOf(part).segments)) {
    if (segment.speaker === null) continue;
    const known = best.get(segment.speaker);
    const total = (known?.total ?? 0) + msOf(segment);
    const isLonger = !known || msOf(segment) > msOf(known.stretch);
    best.set(segment.speaker, { stretch: isLonger ? segment : known.stretch, total });
  }
  return [...best.values()]
    .filter(({ stretch }) => msOf(stretch) >= sampleMsMin)
    .sort((a, b) => b.total - a.total)
    .slice(0, samplesMax)
    .map(({ stretch }) => stretch);
}

/** Form fields that introduce the speakers of earlier parts; none before there are any. */
export async function introduceSpeakers(
  { pcmPath, channels }: AudioPart,
  earlier: readonly RecognisedPart[],
  signal: AbortSignal,
): Promise<(readonly [string, string])[]> {
  const fields: (readonly [string, string])[] = [];
  for (const { speaker, startMs, endMs } of bestStretches(earlier)) {
    const end = Math.min(endMs, startMs + sampleMsMax);
    const sample = await encodeFlac({ pcmPath, channels, startMs, endMs: end }, null, signal);
    fields.push(["known_speaker_names[]", speaker ?? ""]);
    const url = `data:audio/flac;base64,${sample.toString("base64")}`;
    fields.push(["known_speaker_references[]", url]);
  }
  return fields;
}

/** Gives speakers that were not introduced names that no earlier one has. */
export function nameSpeakers(earlier: readonly RecognisedPart[]): (heard: string) => string {
  const known = new Set(
    earlier.flatMap((part) => voicesOf(part).segments.flatMap(({ speaker }) => speaker ?? [])),
  );
  const names = new Map<string, string>();
  return (heard) => {
    const name = known.has(heard) ? heard : (names.get(heard) ?? `speaker_${known.size + 1}`);
    names.set(heard, name);
    known.add(name);
    return name;
  };
}
