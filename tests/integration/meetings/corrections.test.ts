import { and, eq } from "drizzle-orm";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { db } from "@/db/client";
import { actionItems, meetingContacts, participants, transcripts } from "@/db/schema/meetings";
import { takeAttendees } from "@/lib/calendar/take-attendees";
import { newId } from "@/lib/core/ids";
import { addActionItem, dismissActionItem, setActionItem } from "@/lib/meetings/action-items";
import {
  addMeetingContact,
  removeMeetingContact,
  restoreMeetingContact,
} from "@/lib/meetings/meeting-contacts";
import { readPageTalk, readPageTranscript } from "@/lib/meetings/page-queries";
import { findPeople } from "@/lib/meetings/people-choices";
import { getMeeting, getSummary, getTranscript } from "@/lib/meetings/service";
import { editTurn, mergeSpeakers, renameSpeaker } from "@/lib/meetings/transcript-corrections";
import { undoCorrection } from "@/lib/meetings/transcript-undo";
import { makeApi } from "../../support/api-client";
import {
  addContent,
  addParticipant,
  type Member,
  makeContact,
  makeInsight,
  makeKey,
  makeMeeting,
  makeMember,
  makeProject,
  makeResult,
  makeTeam,
  makeWorkspace,
  type TestMeeting,
  type TestWorkspace,
} from "../../support/factories";
import { sql } from "../../support/pg";

// Corrections of a transcript: what they change with it, what they leave in its place, and who may make them.

let workspace: TestWorkspace;
let teamId: string;
let manager: Member;
let user: Member;
let stranger: Member;

beforeAll(async () => {
  workspace = await makeWorkspace();
  teamId = await makeTeam(workspace);
  manager = await makeMember(workspace, { role: "manager", teamIds: [teamId] });
  user = await makeMember(workspace, { role: "user", teamIds: [teamId] });
  stranger = (await makeWorkspace()).admin;
});

interface Ready {
  readonly meeting: TestMeeting;
  readonly actionItemId: string;
}

/** Three turns: John Smith, Mara Lindt ("Speaker A"), John Smith; each is a participant without a person. */
async function ready(values: Partial<TestMeeting> = {}): Promise<Ready> {
  const meeting = await makeMeeting(workspace, {
    teamId,
    userId: workspace.admin.userId,
    ...values,
  });
  const { actionItemId } = await addContent(meeting);
  for (const [position, name] of ["John Smith", "Mara Lindt"].entries()) {
    await addParticipant(meeting, { name, position, type: "external", words: 1, talkMs: 1 });
  }
  return { meeting, actionItemId };
}

const peopleOf = (meeting: TestMeeting) =>
  db()
    .select()
    .from(participants)
    .where(eq(participants.meetingId, meeting.id))
    .orderBy(participants.position);

async function rowOf(meeting: TestMeeting) {
  const [row] = await db().select().from(transcripts).where(eq(transcripts.meetingId, meeting.id));
  if (!row) throw new Error("no transcript");
  return row;
}

const auditOf = (meeting: TestMeeting) =>
  sql`select action, metadata, actor_id from audit_events where target_id = ${meeting.id} order by at, id`;

describe("renaming a speaker", () => {
  test("to a member: transcript, participant, task and summary name them, and nothing else moves", async () => {
    const { meeting, actionItemId } = await ready();
    const before = await rowOf(meeting);
    const ctx = await manager.ctx();
    const { version } = await renameSpeaker(ctx, {
      meetingId: meeting.id,
      version: 1,
      speaker: 0,
      person: { kind: "member", id: user.userId },
    });
    expect(version).toBe(2);
    const row = await rowOf(meeting);
    expect(row).toMatchObject({
      speakers: [
        { label: "John Smith", name: user.name },
        { label: "Speaker A", name: "Mara Lindt" },
      ],
      turns: before.turns,
      version: 2,
      editedBy: manager.userId,
    });
    expect(await peopleOf(meeting)).toMatchObject([
      {
        position: 0,
        name: user.name,
        type: "internal",
        userId: user.userId,
        words: 11,
        talkMs: 5500,
      },
      { position: 1, name: "Mara Lindt", words: 6, talkMs: 1000 },
    ]);
    const [item] = await db().select().from(actionItems).where(eq(actionItems.id, actionItemId));
    expect(item).toMatchObject({ assigneeName: user.name, assigneeUserId: user.userId });
    const summary = await getSummary(ctx, meeting.id);
    expect(summary.summary.overview).toContain(`2 speakers (${user.name} 85%, Mara Lindt 15% of`);
    expect(summary.action_items).toMatchObject([{ assignee: user.name, timestamp: "01:02:05" }]);
    expect(await auditOf(meeting)).toEqual([
      {
        action: "meeting.transcript_corrected",
        metadata: { correction: "speaker_renamed", version: 2 },
        actor_id: manager.userId,
      },
    ]);
  });

  test("to a contact links the contact to the meeting, and an invited one is not listed twice", async () => {
    const { meeting } = await ready();
    const contactId = await makeContact(workspace, { name: "Ines Rey", email: "ines@rey.test" });
    await addParticipant(meeting, {
      name: "Ines Rey",
      position: 2,
      type: "external",
      contactId,
      email: "ines@rey.test",
    });
    const ctx = await workspace.admin.ctx();
    await renameSpeaker(ctx, {
      meetingId: meeting.id,
      version: 1,
      speaker: 1,
      person: { kind: "contact", id: contactId },
    });
    const shown = await getMeeting(ctx, meeting.id);
    expect(shown.contact_ids).toEqual([contactId]);
    expect(shown.participants).toEqual([
      expect.objectContaining({ name: "John Smith" }),
      {
        name: "Ines Rey",
        email: "ines@rey.test",
        type: "external",
        contact_id: contactId,
        user_id: null,
      },
    ]);
  });

  test("to a typed name cleans it, and a name without a letter is refused", async () => {
    const { meeting } = await ready();
    const ctx = await manager.ctx();
    const rename = (name: string, version: number) =>
      renameSpeaker(ctx, {
        meetingId: meeting.id,
        version,
        speaker: 1,
        person: { kind: "name", name },
      });
    await expect(rename(" \u202e?! ", 1)).rejects.toMatchObject({
      code: "invalid_request",
      details: { fields: { name: expect.any(String) } },
    });
    await rename("  Mara\u200b  Lind (Guest) ", 1);
    expect((await rowOf(meeting)).speakers[1]).toEqual({ label: "Speaker A", name: "Mara Lind" });
  });

  test("to somebody who speaks in it already is refused with that speaker, to be merged", async () => {
    const { meeting } = await ready();
    await expect(
      renameSpeaker(await manager.ctx(), {
        meetingId: meeting.id,
        version: 1,
        speaker: 1,
        person: { kind: "name", name: "john smith" },
      }),
    ).rejects.toMatchObject({
      code: "conflict",
      details: { reason: "same_speaker", speaker: 0 },
    });
  });

  test("to a contact that the caller may not see, or a person of another workspace, finds nobody", async () => {
    const { meeting } = await ready({ userId: user.userId });
    const hidden = await makeContact(workspace, { name: "Hidden" });
    const ctx = await user.ctx();
    for (const person of [
      { kind: "contact", id: hidden },
      { kind: "member", id: stranger.userId },
    ] as const) {
      await expect(
        renameSpeaker(ctx, { meetingId: meeting.id, version: 1, speaker: 1, person }),
      ).rejects.toMatchObject({ code: "not_found" });
    }
    expect((await rowOf(meeting)).version).toBe(1);
  });

  test("is taken back as a whole, once, by the person who did it and by nobody else", async () => {
    const { meeting, actionItemId } = await ready();
    const ctx = await manager.ctx();
    const people = await peopleOf(meeting);
    const { undo } = await renameSpeaker(ctx, {
      meetingId: meeting.id,
      version: 1,
      speaker: 0,
      person: { kind: "member", id: user.userId },
    });
    for (const other of [workspace.admin, stranger]) {
      await expect(undoCorrection(await other.ctx(), { undo })).rejects.toMatchObject({
        code: "conflict",
      });
    }
    await expect(
      undoCorrection(await manager.ctx(() => new Date(Date.now() + 11 * 60_000)), { undo }),
    ).rejects.toMatchObject({ code: "conflict" });
    await undoCorrection(ctx, { undo });
    expect((await rowOf(meeting)).speakers[0]).toEqual({ label: "John Smith", name: "John Smith" });
    expect((await peopleOf(meeting)).map(({ id, name, userId }) => [id, name, userId])).toEqual(
      people.map(({ id, name, userId }) => [id, name, userId]),
    );
    const [item] = await db().select().from(actionItems).where(eq(actionItems.id, actionItemId));
    expect(item).toMatchObject({ assigneeName: "John Smith", assigneeUserId: null });
    expect((await getSummary(ctx, meeting.id)).summary.overview).toBe(
      "John thanks Mara and promises an offer.",
    );
    await expect(undoCorrection(ctx, { undo })).rejects.toMatchObject({ code: "conflict" });
  });
});

describe("taking back that a speaker is a contact", () => {
  const linkedTo = async (meeting: TestMeeting) =>
    (await getMeeting(await workspace.admin.ctx(), meeting.id)).contact_ids;

  test("takes the contact out of the meeting that the correction had brought in", async () => {
    const { meeting } = await ready();
    const ctx = await workspace.admin.ctx();
    const contactId = await makeContact(workspace, { name: "Uma Roth" });
    const person = { kind: "contact", id: contactId } as const;
    const { undo } = await renameSpeaker(ctx, {
      ...{ meetingId: meeting.id, version: 1, speaker: 1, person },
    });
    expect(await linkedTo(meeting)).toEqual([contactId]);
    await undoCorrection(ctx, { undo });
    expect(await linkedTo(meeting)).toEqual([]);
    expect((await peopleOf(meeting))[1]).toMatchObject({ name: "Mara Lindt", contactId: null });
  });

  test("leaves one that was in the meeting before", async () => {
    const { meeting } = await ready();
    const ctx = await workspace.admin.ctx();
    const contactId = await makeContact(workspace, { name: "Uma Rand" });
    await addMeetingContact(ctx, { meetingId: meeting.id, contactId });
    const person = { kind: "contact", id: contactId } as const;
    const { undo } = await renameSpeaker(ctx, {
      ...{ meetingId: meeting.id, version: 1, speaker: 1, person },
    });
    await undoCorrection(ctx, { undo });
    expect(await linkedTo(meeting)).toEqual([contactId]);
  });
});

describe("merging speakers", () => {
  test("moves every turn, keeps their places, counts anew, and is taken back", async () => {
    const { meeting } = await ready();
    const project = await makeProject(workspace);
    const insight = await makeInsight(workspace, project.id, { type: "yes_no" });
    await makeResult(meeting, insight, { value: true, evidence: [{ turn: 1 }] });
    const ctx = await manager.ctx();
    const before = await rowOf(meeting);
    const { undo } = await mergeSpeakers(ctx, {
      meetingId: meeting.id,
      version: 1,
      from: 1,
      into: 0,
    });
    const after = await rowOf(meeting);
    expect(after.turns).toEqual(before.turns.map((turn) => ({ ...turn, speaker: 0 })));
    expect(await peopleOf(meeting)).toMatchObject([
      { position: 0, name: "John Smith", words: 17, talkMs: 6500 },
    ]);
    expect((await getTranscript(ctx, meeting.id)).transcript[1]).toMatchObject({
      speaker: "John Smith",
      text: "Grüße aus Köln – 你好 👋",
    });
    expect((await readPageTalk(ctx, meeting.id))?.facts).toMatchObject([{ speaker: 0, share: 1 }]);
    await undoCorrection(ctx, { undo });
    expect((await rowOf(meeting)).turns).toEqual(before.turns);
    expect(await peopleOf(meeting)).toMatchObject([
      { name: "John Smith", words: 11 },
      { name: "Mara Lindt", words: 6 },
    ]);
  });

  test("leaves a gap, in which nobody who was only invited is taken for a speaker", async () => {
    const { meeting } = await ready();
    const ctx = await manager.ctx();
    const meetingId = meeting.id;
    const third = await editTurn(ctx, {
      ...{ meetingId, version: 1, turn: 2, speaker: "new" },
      text: "I will send the offer by Friday.",
      was: { text: "I will send the offer by Friday.", speaker: 0 },
    });
    await addParticipant(meeting, {
      ...{ name: user.name, position: 3, type: "internal", userId: user.userId },
    });
    const merged = await mergeSpeakers(ctx, {
      ...{ meetingId, version: third.version, from: 1, into: 0 },
    });
    const person = { kind: "member" as const, id: user.userId };
    await renameSpeaker(ctx, { meetingId, version: merged.version, speaker: 0, person });
    expect(await peopleOf(meeting)).toMatchObject([
      { position: 0, userId: user.userId },
      { position: 2, userId: null },
    ]);
  });

  test("of the last speaker leaves their place: who was invited stands behind it and stays", async () => {
    const { meeting } = await ready();
    const ctx = await manager.ctx();
    const own = { meetingId: meeting.id };
    const { version } = await mergeSpeakers(ctx, { ...own, version: 1, from: 1, into: 0 });
    const invited = { email: "gwen@guests.test", name: "Gwen Hart", response: "accepted" };
    await db().transaction((tx) =>
      takeAttendees(
        tx,
        { workspaceId: workspace.id, id: meeting.id, endsAt: meeting.date },
        { attendees: [invited], ownerUserId: null },
      ),
    );
    const person = { kind: "name" as const, name: "Everybody" };
    await renameSpeaker(ctx, { ...own, version, speaker: 0, person });
    expect(await peopleOf(meeting)).toMatchObject([
      { position: 0, name: "Everybody" },
      { position: 2, name: "Gwen Hart" },
    ]);
  });

  test("with oneself, or with somebody who has no turn, is refused", async () => {
    const { meeting } = await ready();
    const ctx = await manager.ctx();
    const own = { meetingId: meeting.id, version: 1 };
    await expect(mergeSpeakers(ctx, { ...own, from: 0, into: 0 })).rejects.toMatchObject({
      code: "invalid_request",
    });
    await expect(mergeSpeakers(ctx, { ...own, from: 0, into: 7 })).rejects.toMatchObject({
      code: "not_found",
    });
  });

  test("cannot be taken back after another correction", async () => {
    const { meeting } = await ready();
    const ctx = await manager.ctx();
    const own = { meetingId: meeting.id };
    const { undo, version } = await mergeSpeakers(ctx, { ...own, version: 1, from: 1, into: 0 });
    await renameSpeaker(ctx, {
      ...own,
      version,
      speaker: 0,
      person: { kind: "name", name: "Both of them" },
    });
    await expect(undoCorrection(ctx, { undo })).rejects.toMatchObject({ code: "conflict" });
    expect((await rowOf(meeting)).version).toBe(3);
  });
});

describe("editing a turn", () => {
  const was = { text: "Thanks for joining today.", speaker: 0 };

  test("the API answers with the corrected text under another ETag", async () => {
    const { meeting } = await ready();
    const { token } = await makeKey(workspace.admin);
    const api = await makeApi(inject("laneUrl"), { key: token });
    const path = `/meetings/${meeting.id}/transcript`;
    const first = await api.get(path);
    const ctx = await manager.ctx();
    await editTurn(ctx, {
      meetingId: meeting.id,
      version: 1,
      turn: 0,
      text: "  Thanks for\njoining us today.\u0000 ",
      speaker: 0,
      was,
    });
    const second = await api.get(path, { "if-none-match": first.headers.etag ?? "" });
    expect(second.status).toBe(200);
    expect(second.json).toEqual({
      ...(first.json as object),
      transcript: [
        { speaker: "John Smith", text: "Thanks for joining us today.", timestamp: "00:00:05" },
        { speaker: "Mara Lindt", text: "Grüße aus Köln – 你好 👋", timestamp: "00:00:08" },
        {
          speaker: "John Smith",
          text: "I will send the offer by Friday.",
          timestamp: "01:02:05",
        },
      ],
    });
    expect(await rowOf(meeting)).toMatchObject({ version: 2, editedBy: manager.userId });
    expect(JSON.stringify(await auditOf(meeting))).not.toContain("joining");
  });

  test("corrected words are certain; a turn that only changed its speaker is as certain as before", async () => {
    const { meeting } = await ready();
    const row = await rowOf(meeting);
    await db()
      .update(transcripts)
      .set({ turns: row.turns.map((turn) => ({ ...turn, confidence: 0.4 })) })
      .where(eq(transcripts.meetingId, meeting.id));
    const ctx = await manager.ctx();
    const own = { meetingId: meeting.id };
    await editTurn(ctx, { ...own, version: 1, turn: 0, text: "Thanks.", speaker: 0, was });
    await editTurn(ctx, {
      ...own,
      version: 2,
      turn: 2,
      text: row.turns[2]?.text ?? "",
      speaker: 1,
      was: { text: row.turns[2]?.text ?? "", speaker: 0 },
    });
    const { turns } = await rowOf(meeting);
    expect(turns.map(({ confidence }) => confidence)).toEqual([undefined, 0.4, 0.4]);
    const page = await readPageTranscript(ctx, meeting.id);
    expect(page?.turns.map(([, , , unsure]) => unsure)).toEqual([undefined, 1, 1]);
    expect(page).toMatchObject({ version: 3, editedBy: manager.name });
  });

  test("given to somebody new makes a speaker with the next letter, before those who said nothing", async () => {
    const { meeting } = await ready();
    await addParticipant(meeting, { name: "Silent Sam", position: 2, type: "external" });
    await editTurn(await manager.ctx(), {
      meetingId: meeting.id,
      version: 1,
      turn: 0,
      text: was.text,
      speaker: "new",
      was,
    });
    expect((await rowOf(meeting)).speakers[2]).toEqual({ label: "Speaker B", name: "Speaker B" });
    expect(await peopleOf(meeting)).toMatchObject([
      { position: 0, name: "John Smith", words: 7 },
      { position: 1, name: "Mara Lindt" },
      { position: 2, name: "Speaker B", words: 4, type: "external" },
      { position: 3, name: "Silent Sam", words: 0 },
    ]);
  });

  test("of two people who correct one turn at once, one wins and the other is shown the newer text", async () => {
    const { meeting } = await ready();
    const edit = async (member: Member, text: string) =>
      editTurn(await member.ctx(), {
        meetingId: meeting.id,
        version: 1,
        turn: 0,
        text,
        speaker: 0,
        was,
      });
    const results = await Promise.allSettled([
      edit(workspace.admin, "From the admin."),
      edit(manager, "From the manager."),
    ]);
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const lost = results.find((result) => result.status === "rejected");
    const [first] = (await rowOf(meeting)).turns;
    expect(lost?.reason).toMatchObject({
      code: "conflict",
      details: {
        reason: "transcript_changed",
        version: 2,
        editedBy: expect.any(String),
        turn: { text: first?.text, speaker: 0, name: "John Smith" },
      },
    });
  });

  test("different turns are corrected by two people at once, and both corrections stay", async () => {
    const { meeting } = await ready();
    const mara = { text: "Grüße aus Köln – 你好 👋", speaker: 1 };
    const edit = async (member: Member, turn: number, text: string, seen: typeof was) =>
      editTurn(await member.ctx(), {
        meetingId: meeting.id,
        version: 1,
        turn,
        text,
        speaker: seen.speaker,
        was: seen,
      });
    await Promise.all([edit(workspace.admin, 0, "One.", was), edit(manager, 1, "Two.", mara)]);
    const row = await rowOf(meeting);
    expect(row.turns.map(({ text }) => text).slice(0, 2)).toEqual(["One.", "Two."]);
    expect(row.version).toBe(3);
  });

  test("the same words again change nothing; none, a turn or a speaker that is not there are refused", async () => {
    const { meeting } = await ready();
    const ctx = await manager.ctx();
    const own = { meetingId: meeting.id, version: 1, turn: 0, speaker: 0, was };
    expect(await editTurn(ctx, { ...own, text: was.text })).toEqual({ version: 1 });
    await expect(editTurn(ctx, { ...own, text: " … " })).rejects.toMatchObject({
      code: "invalid_request",
      details: { fields: { text: expect.any(String) } },
    });
    for (const wrong of [{ turn: 3 }, { speaker: 2 }]) {
      await expect(editTurn(ctx, { ...own, text: "x", ...wrong })).rejects.toMatchObject({
        code: "not_found",
      });
    }
    expect((await rowOf(meeting)).version).toBe(1);
  });
});

describe("rights", () => {
  const attempts: readonly [string, (member: Member, ready: Ready) => Promise<unknown>][] = [
    [
      "rename",
      async (member, { meeting }) =>
        renameSpeaker(await member.ctx(), {
          meetingId: meeting.id,
          version: 1,
          speaker: 0,
          person: { kind: "name", name: "Mallory" },
        }),
    ],
    [
      "merge",
      async (member, { meeting }) =>
        mergeSpeakers(await member.ctx(), { meetingId: meeting.id, version: 1, from: 0, into: 1 }),
    ],
    [
      "edit",
      async (member, { meeting }) =>
        editTurn(await member.ctx(), {
          meetingId: meeting.id,
          version: 1,
          turn: 0,
          text: "mine",
          speaker: 0,
          was: { text: "", speaker: 0 },
        }),
    ],
    [
      "add a task",
      async (member, { meeting }) =>
        addActionItem(await member.ctx(), {
          meetingId: meeting.id,
          text: "mine",
          assigneeUserId: null,
          dueDate: null,
        }),
    ],
    [
      "reword a task",
      async (member, { actionItemId }) =>
        setActionItem(await member.ctx(), { id: actionItemId, text: "mine" }),
    ],
  ];

  test.for(attempts)(
    "%s: another workspace, and one who may not see the meeting, find nothing",
    async ([, attempt]) => {
      const made = await ready();
      for (const member of [stranger, user]) {
        await expect(attempt(member, made)).rejects.toMatchObject({ code: "not_found" });
      }
      expect((await rowOf(made.meeting)).version).toBe(1);
      const items = await db()
        .select()
        .from(actionItems)
        .where(eq(actionItems.meetingId, made.meeting.id));
      expect(items.map(({ text }) => text)).toEqual(["Send the offer"]);
    },
  );

  test("contacts: another workspace finds neither the meeting nor the contact", async () => {
    const { meeting } = await ready();
    const contactId = await makeContact(workspace, { name: "Somebody" }, [meeting]);
    const theirs = await makeContact({ id: stranger.workspaceId }, { name: "Theirs" });
    const { ctx } = workspace.admin;
    const attempts = [
      async () =>
        addMeetingContact(await stranger.ctx(), { meetingId: meeting.id, contactId: theirs }),
      async () => addMeetingContact(await ctx(), { meetingId: meeting.id, contactId: theirs }),
      async () => removeMeetingContact(await stranger.ctx(), { meetingId: meeting.id, contactId }),
    ];
    for (const attempt of attempts) {
      await expect(attempt()).rejects.toMatchObject({ code: "not_found" });
    }
    expect((await getMeeting(await workspace.admin.ctx(), meeting.id)).contact_ids).toEqual([
      contactId,
    ]);
    const found = await findPeople(await stranger.ctx(), {
      q: "somebody",
      kinds: ["member", "contact"],
    });
    expect(found).toEqual([]);
  });

  test("a meeting that is not processed is not corrected", async () => {
    const { meeting } = await ready({ status: "processing" });
    await expect(
      mergeSpeakers(await manager.ctx(), { meetingId: meeting.id, version: 1, from: 0, into: 1 }),
    ).rejects.toMatchObject({ code: "conflict", details: { status: "processing" } });
  });
});

describe("action items", () => {
  test("are added, reworded, given to a member, moved and taken away again", async () => {
    const { meeting } = await ready();
    const ctx = await manager.ctx();
    const { id } = await addActionItem(ctx, {
      meetingId: meeting.id,
      text: "Ask legal",
      assigneeUserId: user.userId,
      dueDate: "2026-03-01",
    });
    const read = async () =>
      (await db().select().from(actionItems).where(eq(actionItems.id, id)))[0];
    expect(await read()).toMatchObject({
      position: 1,
      text: "Ask legal",
      assigneeUserId: user.userId,
      assigneeName: user.name,
      dueDate: "2026-03-01",
      source: "manual",
      status: "open",
      confident: true,
    });
    await setActionItem(ctx, { id, text: "Ask legal twice", assigneeUserId: null, dueDate: null });
    expect(await read()).toMatchObject({
      text: "Ask legal twice",
      assigneeUserId: null,
      assigneeName: null,
      dueDate: null,
    });
    await expect(setActionItem(ctx, { id, assigneeUserId: stranger.userId })).rejects.toMatchObject(
      { code: "invalid_request" },
    );
    await dismissActionItem(ctx, { id });
    expect(await read()).toBeUndefined();
  });

  test("of a speaker who gets a person are told to connected tools", async () => {
    const { meeting, actionItemId } = await ready();
    const id = newId("connection");
    await sql`insert into connections (id, workspace_id, provider, scope, owner_user_id, status,
        connected_by_label, wants)
      values (${id}, ${workspace.id}, 'linear', 'personal', ${workspace.admin.userId}, 'connected',
        'Ada', ${["action_item.changed"]})`;
    await sql`insert into sync_settings (connection_id, workspace_id, meeting_data, action_items,
        contacts, notes, direction, frequency)
      values (${id}, ${workspace.id}, false, true, false, false, 'one_way', 'manual')`;
    await renameSpeaker(await manager.ctx(), {
      meetingId: meeting.id,
      version: 1,
      speaker: 0,
      person: { kind: "member", id: user.userId },
    });
    expect(await sql`select topic, object_id from sync_items where connection_id = ${id}`).toEqual([
      { topic: "action_item.changed", object_id: actionItemId },
    ]);
  });
});

describe("contacts of a meeting", () => {
  test("are added once and removed, also from the speaker who was one", async () => {
    const { meeting } = await ready();
    const ctx = await workspace.admin.ctx();
    const contactId = await makeContact(workspace, {
      name: "Ines Rey",
      email: `${newId("contact")}@rey.test`,
    });
    const own = { meetingId: meeting.id, contactId };
    await addMeetingContact(ctx, own);
    await addMeetingContact(ctx, own);
    await renameSpeaker(ctx, {
      meetingId: meeting.id,
      version: 1,
      speaker: 1,
      person: { kind: "contact", id: contactId },
    });
    await removeMeetingContact(ctx, own);
    await removeMeetingContact(ctx, own);
    expect(await peopleOf(meeting)).toMatchObject([
      { name: "John Smith" },
      { name: "Ines Rey", contactId: null, email: null },
    ]);
    expect(
      await db()
        .select()
        .from(meetingContacts)
        .where(
          and(
            eq(meetingContacts.workspaceId, workspace.id),
            eq(meetingContacts.meetingId, meeting.id),
          ),
        ),
    ).toEqual([]);
    expect((await auditOf(meeting)).map(({ metadata }) => metadata)).toEqual([
      { change: "added" },
      { correction: "speaker_renamed", version: 2 },
      { change: "removed" },
    ]);
  });

  test("taken out by mistake, is put back with the speaker who was them, by the same person alone", async () => {
    const { meeting } = await ready();
    const ctx = await manager.ctx();
    // Only this meeting shows the contact to the manager.
    const values = { name: "Ines Rey", email: "ines.r@a.example" };
    const contactId = await makeContact(workspace, values, [meeting]);
    const own = { meetingId: meeting.id, contactId };
    const person = { kind: "contact", id: contactId } as const;
    await renameSpeaker(ctx, { meetingId: meeting.id, version: 1, speaker: 1, person });
    const before = await peopleOf(meeting);
    const { undo } = await removeMeetingContact(ctx, own);
    if (undo === null) throw new Error("nothing was removed");
    expect(await removeMeetingContact(ctx, own)).toEqual({ undo: null });
    for (const other of [workspace.admin, stranger]) {
      await expect(restoreMeetingContact(await other.ctx(), { undo })).rejects.toMatchObject({
        code: "conflict",
      });
    }
    await restoreMeetingContact(ctx, { undo });
    await restoreMeetingContact(ctx, { undo });
    expect(await peopleOf(meeting)).toEqual(before);
    expect((await getMeeting(ctx, meeting.id)).contact_ids).toEqual([contactId]);
    const again = await removeMeetingContact(ctx, own);
    await sql`delete from contacts where id = ${contactId}`;
    await expect(restoreMeetingContact(ctx, { undo: again.undo ?? "" })).rejects.toMatchObject({
      code: "conflict",
    });
  });

  test("put back, leaves a speaker alone who has become somebody else since", async () => {
    const { meeting } = await ready();
    const ctx = await manager.ctx();
    const values = { name: "Ines Rey", email: "ines.o@a.example" };
    const contactId = await makeContact(workspace, values, [meeting]);
    const own = { meetingId: meeting.id, contactId };
    const who = { meetingId: meeting.id, speaker: 1 };
    const person = { kind: "contact", id: contactId } as const;
    await renameSpeaker(ctx, { ...who, version: 1, person });
    const { undo } = await removeMeetingContact(ctx, own);
    const member = { kind: "member", id: user.userId } as const;
    await renameSpeaker(ctx, { ...who, version: 2, person: member });
    await restoreMeetingContact(ctx, { undo: undo ?? "" });
    expect((await peopleOf(meeting))[1]).toMatchObject({ userId: user.userId, contactId: null });
    expect((await getMeeting(ctx, meeting.id)).contact_ids).toEqual([contactId]);
  });
});
