import { and, eq } from "drizzle-orm";
import { db } from "@/db/client";
import { meetings, participants } from "@/db/schema/meetings";
import { workspaces } from "@/db/schema/workspaces";
import type { AnalysisInput, InsightQuestion } from "@/lib/analysis/analyst";
import { questionsAbout } from "@/lib/insights/service";
import type { Meeting } from "@/lib/processing/meeting-step";
import type { Transcript } from "@/lib/transcripts/transcript";

type MeetingRef = Pick<Meeting, "id" | "workspaceId" | "title" | "date">;

/** What the analyst reads of a meeting beside these questions: the transcript and who was there. */
export async function analysisInputFor(
  meeting: MeetingRef,
  transcript: Transcript,
  questions: readonly InsightQuestion[],
): Promise<AnalysisInput> {
  const [workspace] = await db()
    .select({ timeZone: workspaces.timeZone })
    .from(workspaces)
    .where(eq(workspaces.id, meeting.workspaceId));
  const attendees = await db()
    .select({ name: participants.name, email: participants.email })
    .from(participants)
    .where(
      and(
        eq(participants.workspaceId, meeting.workspaceId),
        eq(participants.meetingId, meeting.id),
      ),
    )
    .orderBy(participants.position);
  return {
    transcript,
    meeting: {
      title: meeting.title,
      date: meeting.date,
      timeZone: workspace?.timeZone ?? "UTC",
      attendees,
    },
    insights: questions,
  };
}

/**
 * The same with the questions that apply: by the meeting's team and the criteria of their projects, judged by the facts
 * as they stand now (its length is known once the transcript is).
 */
export async function analysisInput(
  meeting: Meeting,
  transcript: Transcript,
): Promise<AnalysisInput> {
  const { durationSeconds, tags, source, medium, date, teamId, attributes } = meetings;
  const [facts] = await db()
    .select({ durationSeconds, tags, source, medium, date, teamId, attributes })
    .from(meetings)
    .where(and(eq(meetings.workspaceId, meeting.workspaceId), eq(meetings.id, meeting.id)));
  const questions = await questionsAbout(meeting.workspaceId, facts ?? meeting);
  return analysisInputFor(meeting, transcript, questions);
}
