import type { UploadState } from "@/lib/uploads/resumable";

/** What every answer about an upload carries. The meeting is there once the file is complete. */
export function stateHeaders(state: UploadState): Record<string, string> {
  return {
    "upload-offset": String(state.offset),
    "upload-expires": state.expiresAt.toUTCString(),
    ...(state.meetingId === null ? {} : { "harmony-meeting-id": state.meetingId }),
  };
}
