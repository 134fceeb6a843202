import { and, eq } from "drizzle-orm";
import { db } from "@/db/client";
import { meetings } from "@/db/schema/meetings";
import type { Context } from "@/lib/auth/principal";
import { notFound } from "@/lib/core/errors";
import { mayOnMeeting } from "@/lib/meetings/rights";

/** What the player of a meeting plays. */
export interface PlayableRecording {
  /** Of lib/storage. */
  readonly key: string;
  /** `audio/…` or `video/…`. */
  readonly contentType: string;
}

// The type of Ogg names its codec: "audio/ogg; codecs=opus".
const media = /^(?:audio|video)\/[\w.+-]+(?:; codecs=[\w.,+-]+)?$|^application\/ogg$/;

/**
 * The recording of a meeting: the copy for browsers where there is one, else the file as it came. Who may read the
 * meeting may play it; everybody else, a meeting without a recording and one whose recording was removed get
 * `not_found`.
 */
export async function playableRecording(
  ctx: Context,
  meetingId: string,
): Promise<PlayableRecording> {
  const { principal } = ctx;
  const [row] = await db()
    .select({
      teamId: meetings.teamId,
      userId: meetings.userId,
      recordingKey: meetings.recordingKey,
      recordingType: meetings.recordingType,
      playbackKey: meetings.playbackKey,
      playbackType: meetings.playbackType,
    })
    .from(meetings)
    .where(and(eq(meetings.workspaceId, principal.workspaceId), eq(meetings.id, meetingId)));
  if (!row || !mayOnMeeting(principal, "meetings:read", row)) throw notFound("Recording");
  const [key, type] =
    row.playbackKey === null
      ? [row.recordingKey, row.recordingType]
      : [row.playbackKey, row.playbackType];
  // An uploaded transcript is no recording.
  if (key === null || type === null || !media.test(type)) throw notFound("Recording");
  return { key, contentType: type };
}
