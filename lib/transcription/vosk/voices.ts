import { z } from "zod";

/**
 * Consecutive words that one person is taken to have said, with the direction of their voice: 128 signed bytes in
 * base64, null when too little was said to tell.
 */
const stretch = z.object({
  /** How many words of the part, in order. */
  words: z.int().min(1),
  voice: z.string().nullable(),
});

/** What is kept of a part to tell speakers apart; empty when each speaker has a channel. */
export const voices = z.array(stretch);
export type Voices = z.infer<typeof voices>;

/** Keeps the direction of a vector only; the cosine of two such voices is off by less than 0.01. */
export function encodeVoice(vector: readonly number[]): string {
  const longest = Math.max(...vector.map(Math.abs), Number.MIN_VALUE);
  const bytes = Int8Array.from(vector, (value) => Math.round((value / longest) * 127));
  return Buffer.from(bytes.buffer).toString("base64");
}

/** The unit vector of an encoded voice. */
export function decodeVoice(text: string): Float32Array {
  const bytes = Buffer.from(text, "base64");
  const vector = Float32Array.from(new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length));
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}
