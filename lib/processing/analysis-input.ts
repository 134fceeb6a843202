import { and, eq, or, sql } from "drizzle-orm";
import { db } from "@/db/client";
import { insights, projectTeams } from "@/db/schema/insights";
import { participants } from "@/db/schema/meetings";
import { workspaces } from "@/db/schema/workspaces";
import type { AnalysisInput } from "@/lib/analysis/analyst";
import type { Meeting } from "@/lib/processing/meeting-step";
import type { Transcript } from "@/lib/transcripts/transcript";

/** What the analyst reads: the transcript, who was there, and the questions that apply to the meeting's team. */
export async function analysisInput(
  meeting: Meeting,
  transcript: Transcript,
): Promise<AnalysisInput> {
  const [workspace] = await db()
    .select({ timeZone: workspaces.timeZone })
    .from(workspaces)
    .where(eq(workspaces.id, meeting.workspaceId));
  const attendees = await db()
    .select({ name: participants.name, email: participants.email })
    .from(participants)
    .where(eq(participants.meetingId, meeting.id))
    .orderBy(participants.position);
  const applicable = await db()
    .select({
      id: insights.id,
      type: insights.type,
      name: insights.name,
      question: insights.question,
      options: insights.options,
    })
    .from(insights)
    .where(
      and(
        eq(insights.workspaceId, meeting.workspaceId),
        eq(insights.active, true),
        or(
          sql`not exists (select 1 from ${projectTeams} where ${projectTeams.projectId} = ${insights.projectId})`,
          sql`exists (select 1 from ${projectTeams} where ${projectTeams.projectId} = ${insights.projectId}
            and ${projectTeams.teamId} = ${meeting.teamId})`,
        ),
      ),
    )
    .limit(200);
  return {
    transcript,
    meeting: {
      title: meeting.title,
      date: meeting.date,
      timeZone: workspace?.timeZone ?? "UTC",
      attendees,
    },
    insights: applicable,
  };
}
