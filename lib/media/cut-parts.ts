import { frameMs } from "@/lib/media/sound-meter";

/** How far from the wanted length a pause is looked for, as a share of it. */
const slack = 0.25;
/** A pause is as quiet as its loudest neighbourhood of this many frames (300 ms). */
const pauseFrames = 6;

/**
 * Where the part that begins at `fromMs` ends: at the quietest 300 ms near `partMs`, or at the end of the recording
 * when not more than a part and a quarter is left.
 * @param levels dB for each 50 ms.
 */
export function endOfPart(
  levels: Float32Array,
  fromMs: number,
  partMs: number,
  durationMs: number,
): number {
  if (durationMs - fromMs <= partMs * (1 + slack)) return durationMs;
  const wanted = (fromMs + partMs) / frameMs;
  const reach = (partMs * slack) / frameMs;
  // What is left for the next part is a quarter of one at least.
  const last = Math.floor(Math.min(wanted + reach, durationMs / frameMs - reach)) - pauseFrames;
  let best = Math.round(wanted);
  let bestLevel = Number.POSITIVE_INFINITY;
  for (let frame = Math.ceil(wanted - reach); frame <= last; frame += 1) {
    const level = Math.max(...levels.subarray(frame, frame + pauseFrames));
    const isNearer = Math.abs(frame - wanted) < Math.abs(best - wanted);
    if (level < bestLevel || (level === bestLevel && isNearer)) {
      best = frame;
      bestLevel = level;
    }
  }
  return (best + pauseFrames / 2) * frameMs;
}
