import { MediaError } from "@/lib/media/media";

const formatsWords = "MP3, WAV, M4A, AAC, OGG, FLAC, WebM, MP4, MOV and GSM";

const noSound = /matches no streams|does not contain any stream/i;
const notAllowed = /not on whitelist/i;
const unknownCodec =
  /decoder .*not found|unknown decoder|decoding requested, but no decoder|could not find codec parameters|unsupported codec/i;

/** Why ffmpeg could not read a file, as its person is told; `log` itself is never shown. */
export function failureOf(log: string, isOverLimit: boolean): MediaError {
  if (isOverLimit) {
    return new MediaError(
      "corrupt_file",
      "The file takes too long to decode, which no sound recording does. Export it again, as MP3 or M4A, and upload the new file.",
    );
  }
  if (notAllowed.test(log)) {
    return new MediaError(
      "unsupported_format",
      `The file is of a kind that is not taken. Convert it to one of ${formatsWords}, and upload that.`,
    );
  }
  if (unknownCodec.test(log)) {
    return new MediaError(
      "unsupported_format",
      `The sound is compressed in a way that is not known here. Convert the file to one of ${formatsWords}, and upload that.`,
    );
  }
  if (noSound.test(log)) return noSoundTrack();
  return new MediaError(
    "corrupt_file",
    "The file is damaged or incomplete: no sound can be read from it. Export it again where it comes from, and upload the new file.",
  );
}

/** Pictures without sound. */
export function noSoundTrack(): MediaError {
  return new MediaError(
    "no_speech",
    "The file has no sound track. Check that the right file was uploaded and that its sound was recorded.",
  );
}
