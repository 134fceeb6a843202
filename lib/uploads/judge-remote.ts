import { MediaError } from "@/lib/media/media";
import { PLANS } from "@/lib/plans/plans";
import { detectTranscript } from "@/lib/transcripts/parse-transcript";
import { judgeRecording, type Recording } from "@/lib/uploads/judge-file";
import type { RemoteFile } from "@/lib/uploads/remote-file";

/** As of the plans: the same for all of them (handbook 23). */
export const remoteBytesMax = PLANS.solo.uploadBytesMax;

/** @throws MediaError for an answer that cannot become a recording, whatever its bytes are. */
export function assertWhole({ start, size }: Pick<RemoteFile, "start" | "size">): void {
  if (start !== 0) {
    throw new MediaError(
      "transcription_error",
      "The server gives a part from the middle of the file instead of the file. Download it and upload it.",
    );
  }
  if (size !== null && size > remoteBytesMax) throw remoteTooLarge();
}

export const remoteTooLarge = () =>
  new MediaError(
    "unsupported_format",
    "The file at the address is larger than 2 GB (2,147,483,648 bytes). Compress the recording or split it.",
  );

const isWebPage = (head: Buffer) =>
  /^\s*(?:<!doctype html|<html|<head|<body|<script)/i.test(
    head.subarray(0, 1024).toString("latin1"),
  );

/**
 * The recording that a file at an address is, by its first bytes.
 * @throws MediaError that says what it is instead, and what to do.
 */
export async function judgeRemote(head: Buffer, name: string): Promise<Recording> {
  if (head.length === 0) {
    throw new MediaError(
      "corrupt_file",
      "The file at the address is empty. Check the link, or download the file and upload it.",
    );
  }
  const recording = await judgeRecording(head);
  if (recording) return recording;
  if (isWebPage(head)) {
    throw new MediaError(
      "unsupported_format",
      "The address leads to a web page, such as a sign-in or a player, and not to the recording itself. Use the direct link to the file, shared with everyone who has the link.",
    );
  }
  if (detectTranscript(head, name)) {
    throw new MediaError(
      "unsupported_format",
      "The file at the address is text, not a recording. Download it and upload it under Transcript.",
    );
  }
  throw new MediaError(
    "unsupported_format",
    "The file at the address is neither audio nor video. Please use the address of an audio or video file.",
  );
}
