import { createReadStream } from "node:fs";
import { runFfmpeg } from "@/lib/media/run-ffmpeg";
import { sampleRate } from "@/lib/media/sound-meter";

export interface Stretch {
  /** Signed 16-bit little-endian samples, 16,000 a second for each channel. */
  readonly pcmPath: string;
  readonly channels: 1 | 2;
  readonly startMs: number;
  readonly endMs: number;
}

const bytesMax = 64 * 1_048_576;

/** A stretch of decoded sound as a FLAC file with one channel: the mix, or the one that is named (0 or 1). */
export async function encodeFlac(
  { pcmPath, channels, startMs, endMs }: Stretch,
  channel: number | null,
  signal: AbortSignal,
): Promise<Buffer> {
  const bytesPerMs = (sampleRate * 2 * channels) / 1000;
  const stream = createReadStream(pcmPath, {
    start: startMs * bytesPerMs,
    end: endMs * bytesPerMs - 1,
  });
  const format = ["-f", "s16le", "-ar", String(sampleRate), "-ac", String(channels)];
  const one = channel === null ? ["-ac", "1"] : ["-af", `pan=mono|c0=c${channel}`];
  const { value, isOk } = await runFfmpeg(
    { input: { stream, options: format }, output: [...one, "-f", "flac", "pipe:1"], signal },
    async (output) => {
      const chunks: Buffer[] = [];
      let size = 0;
      for await (const chunk of output as AsyncIterable<Buffer>) {
        size += chunk.length;
        if (size > bytesMax) throw new Error("a part is larger than any may be");
        chunks.push(chunk);
      }
      return Buffer.concat(chunks);
    },
  );
  if (!isOk) throw new Error("ffmpeg could not encode decoded sound");
  return value;
}
