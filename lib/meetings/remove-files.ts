import { log } from "@/lib/core/log";
import { storage } from "@/lib/storage/storage";

/** Keys of lib/storage that a meeting may have; null where it has none. */
export interface MeetingFiles {
  readonly id: string;
  readonly recordingKey: string | null;
  readonly playbackKey: string | null;
}

/**
 * Removes the bytes of a meeting whose row, already committed, no longer refers to them. What cannot be removed now is
 * left to the hourly sweep of files without a row.
 */
export async function removeFiles(meeting: MeetingFiles): Promise<void> {
  for (const key of [meeting.recordingKey, meeting.playbackKey]) {
    if (key === null) continue;
    try {
      await storage().remove(key);
    } catch (error) {
      log().warn({ meeting: meeting.id, err: error }, "a file without a row stays for the sweep");
    }
  }
}
