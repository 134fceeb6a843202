import type { Readable } from "node:stream";
import { failureOf, noSoundTrack } from "@/lib/media/describe-failure";
import type { MediaError, MediaFacts } from "@/lib/media/media";
import { inputOptions, type MediaSource } from "@/lib/media/probe";
import { runFfmpeg } from "@/lib/media/run-ffmpeg";

export const playbackType = "audio/mpeg";

/**
 * Makes a copy of the sound that every browser plays and can seek in: MP3 with a constant rate, whose length follows
 * from its bytes, so that it can be written to a stream. Pictures and the file's own tags are left out. Where the sound cannot be read to
 * its end, `failure` says why, and what was stored is no copy.
 */
export async function makePlaybackCopy<T>(
  source: MediaSource,
  { audio }: MediaFacts,
  signal: AbortSignal,
  store: (copy: Readable) => Promise<T>,
): Promise<{ readonly stored: T; readonly failure: MediaError | null }> {
  if (audio === null) throw noSoundTrack();
  const shape = audio.channels === 1 ? ["-ac", "1", "-b:a", "64k"] : ["-ac", "2", "-b:a", "128k"];
  const plain = ["-write_xing", "0", "-id3v2_version", "0", "-map_metadata", "-1"];
  const coded = ["-map", "0:a:0", ...shape, "-ar", "44100", "-c:a", "libmp3lame"];
  const { value, log, isOk, isOverLimit } = await runFfmpeg(
    {
      input: { file: source.path, options: inputOptions(source) },
      output: [...coded, ...plain, "-f", "mp3", "pipe:1"],
      signal,
    },
    store,
  );
  return { stored: value, failure: isOk ? null : failureOf(log, isOverLimit) };
}
