import { and, asc, eq, inArray } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { actionItems, meetings, participants, summaries, transcripts } from "@/db/schema/meetings";
import { users } from "@/db/schema/users";
import { clockOf } from "@/lib/core/dates";
import { env } from "@/lib/core/env";

// What tools are told of meetings, read for many at once. Every query carries the workspace.

export interface MeetingFacts {
  readonly id: string;
  readonly title: string;
  readonly date: Date;
  readonly durationSeconds: number;
  readonly teamId: string | null;
  readonly userId: string | null;
  readonly failureMessage: string | null;
  readonly url: string;
  readonly overview: string | null;
  readonly decisions: readonly string[];
  readonly nextSteps: readonly string[];
  readonly attendees: readonly {
    readonly name: string;
    readonly email: string | null;
    readonly isInternal: boolean;
  }[];
  readonly actionItems: readonly {
    readonly text: string;
    readonly assignee: string | null;
    readonly dueOn: string | null;
  }[];
}

export const meetingUrl = (id: string) => `${env().appUrl}/meetings/${id}`;

const attendeesMax = 5000;
const actionItemsMax = 5000;

function grouped<T extends { readonly meetingId: string }>(rows: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(row.meetingId);
    if (group) group.push(row);
    else groups.set(row.meetingId, [row]);
  }
  return groups;
}

/** Meetings by id; deleted ones are left out. */
export async function readMeetings(
  tx: Tx,
  workspaceId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, MeetingFacts>> {
  if (ids.length === 0) return new Map();
  const wanted = [...new Set(ids)];
  const rows = await tx
    .select({ meeting: meetings, summary: summaries })
    .from(meetings)
    .leftJoin(
      summaries,
      and(eq(summaries.meetingId, meetings.id), eq(summaries.workspaceId, workspaceId)),
    )
    .where(and(eq(meetings.workspaceId, workspaceId), inArray(meetings.id, wanted)));
  const people = grouped(
    await tx
      .select()
      .from(participants)
      .where(
        and(eq(participants.workspaceId, workspaceId), inArray(participants.meetingId, wanted)),
      )
      .orderBy(asc(participants.meetingId), asc(participants.position))
      .limit(attendeesMax),
  );
  const tasks = grouped(
    await tx
      .select({
        meetingId: actionItems.meetingId,
        text: actionItems.text,
        assigneeName: actionItems.assigneeName,
        userName: users.name,
        dueOn: actionItems.dueDate,
      })
      .from(actionItems)
      .leftJoin(users, eq(users.id, actionItems.assigneeUserId))
      .where(and(eq(actionItems.workspaceId, workspaceId), inArray(actionItems.meetingId, wanted)))
      .orderBy(asc(actionItems.meetingId), asc(actionItems.position))
      .limit(actionItemsMax),
  );
  return new Map(
    rows.map(({ meeting, summary }) => [
      meeting.id,
      {
        id: meeting.id,
        title: meeting.title,
        date: meeting.date,
        durationSeconds: meeting.durationSeconds,
        teamId: meeting.teamId,
        userId: meeting.userId,
        failureMessage: meeting.failureMessage,
        url: meetingUrl(meeting.id),
        overview: summary?.overview ?? null,
        decisions: summary?.decisions.map(({ text }) => text) ?? [],
        nextSteps: summary?.nextSteps ?? [],
        attendees: (people.get(meeting.id) ?? []).map(({ name, email, type }) => ({
          name,
          email,
          isInternal: type === "internal",
        })),
        actionItems: (tasks.get(meeting.id) ?? []).map((task) => ({
          text: task.text,
          assignee: task.userName ?? task.assigneeName,
          dueOn: task.dueOn,
        })),
      },
    ]),
  );
}

/** The transcripts of meetings as text, one line a turn; only for connections that attach them. */
export async function readTranscripts(
  tx: Tx,
  workspaceId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .select()
    .from(transcripts)
    .where(and(eq(transcripts.workspaceId, workspaceId), inArray(transcripts.meetingId, [...ids])));
  return new Map(
    rows.map(({ meetingId, speakers, turns }) => [
      meetingId,
      turns
        .map(
          ({ startMs, speaker, text }) =>
            `[${clockOf(startMs)}] ${speakers[speaker]?.name ?? "Speaker"}: ${text}`,
        )
        .join("\n"),
    ]),
  );
}
