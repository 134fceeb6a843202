import { z } from "zod";
import type { RecognisedPart } from "../transcriber";

/** What is kept of a part beside its words: which of them belong together, and whose they are. */
const voicesSchema = z.object({
  hasConfidence: z.boolean(),
  segments: z.array(
    z.object({
      /** How many of the part's words, in their order. */
      words: z.int(),
      startMs: z.number(),
      endMs: z.number(),
      /** A name for the whole recording, such as `speaker_1` or `channel_0`; null when nobody tells. */
      speaker: z.string().nullable(),
    }),
  ),
});

export type Voices = z.output<typeof voicesSchema>;
export type VoiceSegment = Voices["segments"][number];

export function voicesOf(part: RecognisedPart): Voices {
  return voicesSchema.parse(part.voices);
}
