import { and, eq, isNull } from "drizzle-orm";
import type { Tx } from "@/db/client";
import { actionItems, type EngineRecord, participants, summaries } from "@/db/schema/meetings";
import type { MeetingOutline } from "@/lib/analysis/analyst";
import { advance, type Meeting } from "@/lib/processing/meeting-step";

/** Step two: summary and action items. Items that a person edited or wrote stay as they are. */
export async function storeOutline(
  tx: Tx,
  meeting: Meeting,
  outline: MeetingOutline,
  engine: EngineRecord,
): Promise<void> {
  const { workspaceId, id: meetingId } = meeting;
  const { summary } = outline;
  const row = {
    overview: summary.overview,
    topics: [...summary.topics],
    decisions: summary.decisions.map((decision) => ({ ...decision })),
    nextSteps: [...summary.nextSteps],
    engine,
    generatedAt: new Date(),
  };
  await tx
    .insert(summaries)
    .values({ meetingId, workspaceId, ...row })
    .onConflictDoUpdate({ target: summaries.meetingId, set: row });
  await tx
    .delete(actionItems)
    .where(
      and(
        eq(actionItems.meetingId, meetingId),
        eq(actionItems.source, "ai"),
        isNull(actionItems.editedAt),
      ),
    );
  const people = await tx
    .select({ name: participants.name, userId: participants.userId })
    .from(participants)
    .where(eq(participants.meetingId, meetingId));
  const userOf = new Map(people.map((person) => [person.name, person.userId]));
  if (outline.actionItems.length > 0) {
    await tx.insert(actionItems).values(
      outline.actionItems.slice(0, 500).map((item, position) => ({
        workspaceId,
        meetingId,
        position,
        text: item.text,
        assigneeName: item.assignee,
        assigneeUserId: item.assignee === null ? null : (userOf.get(item.assignee) ?? null),
        dueDate: item.dueDate,
        source: "ai" as const,
        confidence: item.confidence,
        confident: item.confident,
        turn: item.turn,
      })),
    );
  }
  await advance(tx, meeting, { stage: "generating_insights", progress: 80 });
}
