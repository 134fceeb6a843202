import type { HeardWord } from "./vosk-library";

const pauseSeconds = 0.25;
const stretchSeconds = 4;

/**
 * Cuts words into stretches that one person is likely to have said: at each pause, and after four seconds. Measured on
 * voices of which the speakers are known; a stretch of a second and a half is enough to tell a voice.
 */
export function cutIntoStretches(words: readonly HeardWord[]): HeardWord[][] {
  const stretches: HeardWord[][] = [];
  for (const word of words) {
    const current = stretches.at(-1);
    const first = current?.[0];
    const last = current?.at(-1);
    const goesOn =
      first !== undefined &&
      last !== undefined &&
      word.start - last.end < pauseSeconds &&
      word.end - first.start <= stretchSeconds;
    if (goesOn) current?.push(word);
    else stretches.push([word]);
  }
  return stretches;
}
