import { and, eq, inArray } from "drizzle-orm";
import { contacts } from "@/db/schema/contacts";
import { actionItems, meetingNotes, meetings } from "@/db/schema/meetings";
import { users } from "@/db/schema/users";
import type { ActionItemFields, ContactFields } from "@/lib/sync/records/fields";
import { meetingUrl, readMeetings, readTranscripts } from "@/lib/sync/records/meeting-facts";
import type { Builder, Nothing, Parcel } from "@/lib/sync/records/parcel";
import type { Target } from "@/lib/sync/target";

// Our things as tools keep them: meetings, action items, contacts and notes.

const idsOf = (items: readonly { readonly objectId: string }[]) =>
  items.map(({ objectId }) => objectId);

/** Whether the person chose to attach the whole transcript (handbook 7.2). */
function attachesTranscript({ settings }: Target): boolean {
  const { attach } = settings.options;
  return Array.isArray(attach) && attach.includes("full_transcript");
}

const meetingBuilder: Builder = async (tx, target, items) => {
  const { workspaceId } = target.connection;
  const found = await readMeetings(tx, workspaceId, idsOf(items));
  const texts = attachesTranscript(target)
    ? await readTranscripts(tx, workspaceId, idsOf(items))
    : new Map<string, string>();
  const built = new Map<string, Parcel>();
  for (const item of items) {
    const meeting = found.get(item.objectId);
    if (!meeting) continue;
    built.set(item.id, {
      resource: "meeting",
      objectType: "meeting",
      objectId: meeting.id,
      externalType: "meeting",
      record: {
        title: meeting.title,
        startsAt: meeting.date,
        durationSeconds: meeting.durationSeconds,
        url: meeting.url,
        overview: meeting.overview,
        decisions: meeting.decisions,
        nextSteps: meeting.nextSteps,
        attendees: meeting.attendees,
        transcript: texts.get(meeting.id) ?? null,
      },
      place: null,
      threadOf: null,
      label: meeting.title,
    });
  }
  return built;
};

/** A personal connection takes what its owner has to do, and what nobody has to of the owner's meetings (D-65). */
function concerns(
  { connection }: Target,
  task: { readonly assigneeUserId: string | null; readonly ownerId: string | null },
): boolean {
  if (connection.ownerUserId === null) return true;
  if (task.assigneeUserId !== null) return task.assigneeUserId === connection.ownerUserId;
  return task.ownerId === connection.ownerUserId;
}

const actionItemBuilder: Builder = async (tx, target, items) => {
  const { workspaceId } = target.connection;
  const rows = await tx
    .select({
      task: actionItems,
      email: users.email,
      userName: users.name,
      title: meetings.title,
      ownerId: meetings.userId,
    })
    .from(actionItems)
    .innerJoin(meetings, eq(meetings.id, actionItems.meetingId))
    .leftJoin(users, eq(users.id, actionItems.assigneeUserId))
    .where(and(eq(actionItems.workspaceId, workspaceId), inArray(actionItems.id, idsOf(items))));
  const found = new Map(rows.map((row) => [row.task.id, row]));
  const built = new Map<string, Parcel | Nothing>();
  for (const item of items) {
    const row = found.get(item.objectId);
    if (!row) continue;
    const { task, email, userName, title, ownerId } = row;
    if (!concerns(target, { assigneeUserId: task.assigneeUserId, ownerId })) {
      built.set(item.id, { nothing: "It is somebody else’s task." });
      continue;
    }
    const fields: ActionItemFields = {
      text: task.text,
      isDone: task.status === "done",
      dueOn: task.dueDate,
    };
    built.set(item.id, {
      resource: "action_item",
      objectType: "action_item",
      objectId: task.id,
      externalType: "action_item",
      record: {
        ...fields,
        assigneeEmail: email,
        assigneeName: userName ?? task.assigneeName,
        meeting: { title, url: meetingUrl(task.meetingId) },
      },
      place: null,
      threadOf: null,
      label: task.text,
    });
  }
  return built;
};

const contactBuilder: Builder = async (tx, target, items) => {
  const { workspaceId } = target.connection;
  const rows = await tx
    .select()
    .from(contacts)
    .where(and(eq(contacts.workspaceId, workspaceId), inArray(contacts.id, idsOf(items))));
  const found = new Map(rows.map((row) => [row.id, row]));
  const built = new Map<string, Parcel>();
  for (const item of items) {
    const row = found.get(item.objectId);
    if (!row) continue;
    const { name, email, phone, title, company } = row;
    const fields: ContactFields = { name, email, phone, title, company };
    built.set(item.id, {
      resource: "contact",
      objectType: "contact",
      objectId: row.id,
      externalType: "contact",
      record: { ...fields, lastInteractionAt: row.lastInteractionAt },
      place: null,
      threadOf: null,
      label: name,
    });
  }
  return built;
};

const noteBuilder: Builder = async (tx, target, items) => {
  const { workspaceId } = target.connection;
  const rows = await tx
    .select({ note: meetingNotes, title: meetings.title })
    .from(meetingNotes)
    .innerJoin(meetings, eq(meetings.id, meetingNotes.meetingId))
    .where(
      and(eq(meetingNotes.workspaceId, workspaceId), inArray(meetingNotes.meetingId, idsOf(items))),
    );
  const found = new Map(rows.map((row) => [row.note.meetingId, row]));
  const built = new Map<string, Parcel | Nothing>();
  for (const item of items) {
    const row = found.get(item.objectId);
    if (!row) continue;
    if (row.note.markdown.trim() === "") {
      built.set(item.id, { nothing: "The notes are empty." });
      continue;
    }
    built.set(item.id, {
      resource: "note",
      objectType: "note",
      objectId: row.note.meetingId,
      externalType: "note",
      record: {
        meeting: { title: row.title, url: meetingUrl(row.note.meetingId) },
        markdown: row.note.markdown,
      },
      place: null,
      threadOf: null,
      label: row.title,
    });
  }
  return built;
};

/** The records of tools that keep things, by topic. */
export const objectBuilders: Readonly<Record<string, Builder>> = {
  "meeting.processed": meetingBuilder,
  "action_item.changed": actionItemBuilder,
  "contact.changed": contactBuilder,
  "note.changed": noteBuilder,
};
