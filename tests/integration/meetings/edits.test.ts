import { Readable } from "node:stream";
import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { actionItems, meetingNotes, meetings } from "@/db/schema/meetings";
import { newId } from "@/lib/core/ids";
import { dismissActionItem, restoreActionItem, setActionItem } from "@/lib/meetings/action-items";
import { deleteMeeting } from "@/lib/meetings/delete-meeting";
import { saveMeetingNotes } from "@/lib/meetings/notes";
import { myActionItems, readMeetingHead, readMeetingNotes } from "@/lib/meetings/page-queries";
import { retryMeeting } from "@/lib/meetings/retry-meeting";
import { processMeeting } from "@/lib/processing/process-meeting";
import { storage } from "@/lib/storage/storage";
import {
  addContent,
  type Member,
  makeMeeting,
  makeMember,
  makeTeam,
  makeWorkspace,
  type TestMeeting,
  type TestWorkspace,
} from "../../support/factories";
import { sql } from "../../support/pg";
import { waitFor } from "../../support/wait-for";

// What people change on a meeting's page: who may, what is refused, and that nothing is lost on the way.

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

const ofTeam = () => makeMeeting(workspace, { teamId, userId: workspace.admin.userId });
const ofUser = () => makeMeeting(workspace, { teamId: null, userId: user.userId });

async function withItem(values: Partial<typeof actionItems.$inferInsert> = {}) {
  const meeting = await ofTeam();
  await addContent(meeting);
  const id = newId("actionItem");
  await db()
    .insert(actionItems)
    .values({
      id,
      workspaceId: workspace.id,
      meetingId: meeting.id,
      position: 1,
      text: "Ask legal",
      source: "ai",
      confidence: 0.4,
      confident: false,
      ...values,
    });
  return { meeting, id };
}

async function itemRow(id: string) {
  const [row] = await db().select().from(actionItems).where(eq(actionItems.id, id));
  return row ?? null;
}

describe("notes", () => {
  const save = async (member: Member, meeting: TestMeeting, markdown: string, version: number) =>
    saveMeetingNotes(await member.ctx(), { meetingId: meeting.id, markdown, version });

  test("carry their author, their time and a rising version", async () => {
    const meeting = await ofTeam();
    const first = await save(workspace.admin, meeting, "# Plan", 0);
    expect(first).toMatchObject({ version: 1, updatedBy: workspace.admin.name });
    const second = await save(manager, meeting, "# Plan B", 1);
    expect(second).toMatchObject({ version: 2, updatedBy: manager.name });
    expect(await readMeetingNotes(await workspace.admin.ctx(), meeting.id)).toMatchObject({
      markdown: "# Plan B",
      version: 2,
      updatedBy: manager.name,
    });
  });

  test("saved from an older version are refused with the newer text, which stays", async () => {
    const meeting = await ofTeam();
    await save(workspace.admin, meeting, "theirs", 0);
    await expect(save(manager, meeting, "mine", 0)).rejects.toMatchObject({
      code: "conflict",
      details: { current: { markdown: "theirs", version: 1, updatedBy: workspace.admin.name } },
    });
    expect(await readMeetingNotes(await manager.ctx(), meeting.id)).toMatchObject({
      markdown: "theirs",
    });
  });

  test("of two people who save at once exactly one wins, and the other is told", async () => {
    const meeting = await ofTeam();
    const results = await Promise.allSettled([
      save(workspace.admin, meeting, "from the admin", 0),
      save(manager, meeting, "from the manager", 0),
    ]);
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  test("the same text again changes nothing", async () => {
    const meeting = await ofTeam();
    await save(workspace.admin, meeting, "same", 0);
    expect(await save(manager, meeting, "same", 0)).toMatchObject({
      version: 1,
      updatedBy: workspace.admin.name,
    });
  });
});

describe("action items", () => {
  test("completing or confirming makes a suggestion a person's own", async () => {
    for (const change of [{ status: "done" }, { confirm: true }] as const) {
      const { id } = await withItem();
      await setActionItem(await manager.ctx(), { id, ...change });
      expect((await itemRow(id))?.editedAt).toBeInstanceOf(Date);
    }
  });

  test("a dismissed one comes back as it was, once or twice", async () => {
    const { id } = await withItem({ dueDate: "2026-12-01", turn: 2 });
    const before = await itemRow(id);
    const ctx = await manager.ctx();
    const { undo } = await dismissActionItem(ctx, { id });
    expect(await itemRow(id)).toBeNull();
    await restoreActionItem(ctx, { undo });
    await restoreActionItem(ctx, { undo });
    expect(await itemRow(id)).toMatchObject({
      text: before?.text,
      dueDate: "2026-12-01",
      turn: 2,
      confidence: before?.confidence,
      confident: false,
      editedAt: null,
    });
  });

  test("what was dismissed comes back only for the one who did it, and only for ten minutes", async () => {
    const { id } = await withItem();
    const { undo } = await dismissActionItem(await manager.ctx(), { id });
    const late = () => new Date(Date.now() + 11 * 60_000);
    for (const ctx of [
      await workspace.admin.ctx(),
      await stranger.ctx(),
      await manager.ctx(late),
    ]) {
      await expect(restoreActionItem(ctx, { undo })).rejects.toMatchObject({ code: "conflict" });
    }
    await expect(
      restoreActionItem(await manager.ctx(), { undo: `${undo.slice(0, -2)}xx` }),
    ).rejects.toMatchObject({ code: "conflict" });
    expect(await itemRow(id)).toBeNull();
  });

  test("home lists what I took on, and no mere suggestion", async () => {
    const mine = { assigneeUserId: user.userId, text: "Call back" };
    const meeting = await ofUser();
    const other = await ofTeam();
    const rows = [
      { ...mine, meetingId: meeting.id, confident: true, dueDate: "2026-12-01" },
      { ...mine, meetingId: meeting.id, confident: false },
      { ...mine, meetingId: meeting.id, confident: true, status: "done" as const },
      { ...mine, meetingId: other.id, confident: true },
    ];
    await db()
      .insert(actionItems)
      .values(
        rows.map((row, position) => ({
          ...row,
          workspaceId: workspace.id,
          position,
          source: "ai" as const,
        })),
      );
    expect(await myActionItems(await user.ctx())).toEqual({
      total: 1,
      rows: [
        expect.objectContaining({
          text: "Call back",
          dueDate: "2026-12-01",
          meetingId: meeting.id,
          meetingTitle: meeting.title,
        }),
      ],
    });
  });
});

describe("retry", () => {
  test("puts a failed meeting back to work, with its job", async () => {
    const meeting = await makeMeeting(workspace, { status: "failed", userId: user.userId });
    await retryMeeting(await user.ctx(), { id: meeting.id });
    // Without a file the job fails it again, in words of its own: that it did proves that it ran.
    const again = await waitFor("the job", async () => {
      const [row] = await db().select().from(meetings).where(eq(meetings.id, meeting.id));
      return row?.status === "failed" && row;
    });
    expect(again.failureMessage).toContain("no file to process");
  });

  test("is refused for a meeting that did not fail", async () => {
    const meeting = await ofUser();
    await expect(retryMeeting(await user.ctx(), { id: meeting.id })).rejects.toMatchObject({
      code: "conflict",
    });
  });

  test("of two at once makes one job", async () => {
    const meeting = await makeMeeting(workspace, { status: "failed", userId: user.userId });
    const ctx = await user.ctx();
    const results = await Promise.allSettled([
      retryMeeting(ctx, { id: meeting.id }),
      retryMeeting(ctx, { id: meeting.id }),
    ]);
    const jobs = await sql`select 1 from pgboss.job where name = 'meeting.process'
      and data ->> 'meetingId' = ${meeting.id}`;
    // The second may come after the first job has failed the meeting again; it is then a retry of its own.
    expect(jobs.length).toBe(results.filter(({ status }) => status === "fulfilled").length);
    expect(jobs.length).toBeGreaterThan(0);
  });
});

describe("deleting", () => {
  test("takes the rows and the file, and a job that was under way ends quietly", async () => {
    const key = `recordings/${workspace.id}/${newId("meeting")}`;
    const meeting = await makeMeeting(workspace, {
      userId: user.userId,
      status: "queued",
      recordingKey: key,
      recordingKind: "transcript",
      recordingName: "call.vtt",
    });
    const staged = await storage().stage(Readable.from("WEBVTT"), new AbortController().signal);
    await staged.keep(key);
    await saveMeetingNotes(await user.ctx(), { meetingId: meeting.id, markdown: "x", version: 0 });

    await deleteMeeting(await user.ctx(), { id: meeting.id });

    await expect(readMeetingHead(await user.ctx(), meeting.id)).rejects.toMatchObject({
      code: "not_found",
    });
    expect(
      await db().select().from(meetingNotes).where(eq(meetingNotes.meetingId, meeting.id)),
    ).toEqual([]);
    await expect(storage().readAll(key, 100)).rejects.toMatchObject({ code: "not_found" });
    const job = { signal: new AbortController().signal, isLastAttempt: false };
    await processMeeting({ workspaceId: workspace.id, meetingId: meeting.id }, job);
  });
});

describe("connected tools", () => {
  /** A tool of the admin's own that takes these topics at its next scheduled run. */
  async function makeConnection(wants: readonly string[]): Promise<string> {
    const id = newId("connection");
    const { id: workspaceId, admin } = workspace;
    await sql`delete from connections where workspace_id = ${workspaceId}`;
    await sql`insert into connections (id, workspace_id, provider, scope, owner_user_id, status, connected_by_label, wants)
      values (${id}, ${workspaceId}, 'linear', 'personal', ${admin.userId}, 'connected', 'Ada', ${[...wants]})`;
    await sql`insert into sync_settings (connection_id, workspace_id, meeting_data, action_items, contacts, notes,
        direction, frequency)
      values (${id}, ${workspaceId}, false, true, false, true, 'one_way', 'manual')`;
    return id;
  }

  const itemsOf = (
    connectionId: string,
  ) => sql`select topic, object_id, state, revision from sync_items
    where connection_id = ${connectionId} order by topic, object_id`;

  test("hear of a changed task and of changed notes, once however often they change", async () => {
    const connection = await makeConnection(["action_item.changed", "note.changed"]);
    const { meeting, id } = await withItem();
    const ctx = await workspace.admin.ctx();
    await setActionItem(ctx, { id, status: "done" });
    await setActionItem(ctx, { id, status: "open" });
    await saveMeetingNotes(ctx, { meetingId: meeting.id, markdown: "First", version: 0 });
    expect(await itemsOf(connection)).toEqual([
      { topic: "action_item.changed", object_id: id, state: "pending", revision: 2 },
      { topic: "note.changed", object_id: meeting.id, state: "pending", revision: 1 },
    ]);
    const { undo } = await dismissActionItem(ctx, { id });
    await restoreActionItem(ctx, { undo });
    expect(await itemsOf(connection)).toMatchObject([{ revision: 3 }, { revision: 1 }]);
  });

  test("hear nothing more of a meeting that was deleted, nor of its tasks", async () => {
    const connection = await makeConnection(["action_item.changed", "note.changed"]);
    const { meeting, id } = await withItem();
    const ctx = await workspace.admin.ctx();
    await setActionItem(ctx, { id, status: "done" });
    await saveMeetingNotes(ctx, { meetingId: meeting.id, markdown: "First", version: 0 });
    await deleteMeeting(ctx, { id: meeting.id });
    expect(await itemsOf(connection)).toMatchObject([
      { topic: "action_item.changed", state: "cancelled" },
      { topic: "note.changed", state: "cancelled" },
    ]);
  });

  test("are not told what concerns none of their owners", async () => {
    const connection = await makeConnection(["note.changed"]);
    const meeting = await ofUser();
    await saveMeetingNotes(await user.ctx(), { meetingId: meeting.id, markdown: "x", version: 0 });
    expect(await itemsOf(connection)).toEqual([]);
  });
});

describe("rights", () => {
  const attempts: readonly [string, (member: Member, id: string) => Promise<unknown>][] = [
    [
      "notes",
      async (member, id) =>
        saveMeetingNotes(await member.ctx(), { meetingId: id, markdown: "mine", version: 0 }),
    ],
    ["retry", async (member, id) => retryMeeting(await member.ctx(), { id })],
    ["delete", async (member, id) => deleteMeeting(await member.ctx(), { id })],
  ];

  test.for(attempts)(
    "%s: another workspace, and one who may not see it, find nothing",
    async ([, attempt]) => {
      const meeting = await ofTeam();
      for (const member of [stranger, user]) {
        await expect(attempt(member, meeting.id)).rejects.toMatchObject({ code: "not_found" });
      }
      expect(await readMeetingHead(await workspace.admin.ctx(), meeting.id)).toMatchObject({
        status: "processed",
        hasNotes: false,
      });
    },
  );

  test("action items of another workspace are not found", async () => {
    const { id } = await withItem();
    for (const member of [stranger, user]) {
      const ctx = await member.ctx();
      await expect(setActionItem(ctx, { id, status: "done" })).rejects.toMatchObject({
        code: "not_found",
      });
      await expect(dismissActionItem(ctx, { id })).rejects.toMatchObject({ code: "not_found" });
    }
  });

  test("a Team Manager changes their team's meeting but does not delete it", async () => {
    const meeting = await ofTeam();
    const ctx = await manager.ctx();
    await saveMeetingNotes(ctx, { meetingId: meeting.id, markdown: "noted", version: 0 });
    await expect(deleteMeeting(ctx, { id: meeting.id })).rejects.toMatchObject({
      code: "forbidden",
    });
    expect(await readMeetingHead(ctx, meeting.id)).toMatchObject({
      mayUpdate: true,
      mayDelete: false,
    });
  });

  test("a User changes and deletes their own", async () => {
    const meeting = await ofUser();
    const ctx = await user.ctx();
    expect(await readMeetingHead(ctx, meeting.id)).toMatchObject({
      mayUpdate: true,
      mayDelete: true,
    });
    await deleteMeeting(ctx, { id: meeting.id });
    await expect(readMeetingHead(ctx, meeting.id)).rejects.toMatchObject({ code: "not_found" });
  });
});
