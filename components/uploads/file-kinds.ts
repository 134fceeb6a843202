// What an upload takes. The browser knows only names; the server judges the bytes.

export const transcriptEndings = [".vtt", ".srt", ".txt", ".json"] as const;

const recordingEndings = [
  ".mp3",
  ".m4a",
  ".wav",
  ".ogg",
  ".oga",
  ".flac",
  ".aac",
  ".gsm",
  ".mp4",
  ".webm",
  ".mov",
] as const;

export const recordingPatterns = [...recordingEndings, "audio/*", "video/*"] as const;

export type UploadKind = "transcript" | "recording";

/** Which kind a file is meant to be, by its name and the browser's guess; null for neither. */
export function uploadKindOf(file: {
  readonly name: string;
  readonly type: string;
}): UploadKind | null {
  const name = file.name.toLowerCase();
  if (transcriptEndings.some((ending) => name.endsWith(ending))) return "transcript";
  if (recordingEndings.some((ending) => name.endsWith(ending))) return "recording";
  return /^(audio|video)\//.test(file.type) ? "recording" : null;
}

/** A title out of a file's name: no ending, no underscores. */
export function titleOfFile(name: string): string {
  return name
    .replace(/\.[^.]{1,8}$/, "")
    .replaceAll("_", " ")
    .trim()
    .slice(0, 200);
}
