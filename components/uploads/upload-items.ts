import type { ApiClientError } from "@/components/hooks/api-client";
import type { UploadFields } from "@/lib/uploads/schema";

/** A file that a person wants to upload, with what they said about it. */
export interface WantedUpload {
  readonly file: File;
  readonly fields: UploadFields;
  readonly source: "upload" | "transcript_paste";
}

/**
 * - `waiting`: another file goes first;
 * - `preparing`: the server is asked, also how far an earlier try came;
 * - `uploading`, `finishing`: bytes are on their way; the last part is being checked and stored;
 * - `paused`: by the person; `interrupted`: by the connection, and it goes on by itself once that is back;
 * - `unfinished`: begun before the page was loaded: the same file has to be chosen again;
 * - `asking`: the same file was uploaded before; `done` and `failed` are ends.
 */
export type UploadPhase =
  | "waiting"
  | "preparing"
  | "uploading"
  | "finishing"
  | "paused"
  | "interrupted"
  | "unfinished"
  | "asking"
  | "done"
  | "failed";

export interface EarlierMeeting {
  readonly id: string;
  readonly title: string;
}

/** One upload as it is shown. */
export interface UploadItem {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly phase: UploadPhase;
  readonly sent: number;
  readonly meetingId: string | null;
  readonly error: ApiClientError | null;
  readonly earlier: EarlierMeeting | null;
  /** Shown in the sheet that it was begun in, so not in the corner as well. */
  readonly inSheet: boolean;
}

/** Bytes of one part: large enough to be quick, small enough that a pause loses little. */
export const partBytes = 8 * 1_048_576;

export function partsOf(item: Pick<UploadItem, "size" | "sent">): {
  readonly part: number;
  readonly parts: number;
} {
  const parts = Math.max(1, Math.ceil(item.size / partBytes));
  return { parts, part: Math.min(parts, Math.floor(item.sent / partBytes) + 1) };
}

const moving = new Set<UploadPhase>(["waiting", "preparing", "uploading", "finishing"]);

/** Whether leaving the page would stop it. */
export function isMoving(item: UploadItem): boolean {
  return moving.has(item.phase);
}

/** Percent that has been sent. */
export function percentOf({ size, sent }: Pick<UploadItem, "size" | "sent">): number {
  return size === 0 ? 0 : Math.floor((Math.min(sent, size) / size) * 100);
}

/** What is going on with an upload, in words. */
export function phaseWords(item: UploadItem): string {
  const { part, parts } = partsOf(item);
  switch (item.phase) {
    case "waiting":
      return "Waiting for its turn";
    case "preparing":
      return "Preparing";
    case "uploading":
      return parts === 1 ? "Uploading" : `Uploading part ${part} of ${parts}`;
    case "finishing":
      return "Finishing";
    case "paused":
      return "Paused";
    case "interrupted":
      return "The connection is gone. It goes on when it is back.";
    case "unfinished":
      return "Not complete. Choose the same file again to go on.";
    case "asking":
      return `Uploaded before as “${item.earlier?.title ?? ""}”`;
    case "done":
      return "Uploaded. It is being processed.";
    case "failed":
      return "Not uploaded";
  }
}
