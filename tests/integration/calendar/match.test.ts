import { Readable } from "node:stream";
import { beforeAll, describe, expect, test } from "vitest";
import { db } from "@/db/client";
import { decideMatch, listProposals, matchMeeting } from "@/lib/calendar/service";
import type { EventRecord } from "@/lib/integrations/contract";
import { processMeeting } from "@/lib/processing/process-meeting";
import { storage } from "@/lib/storage/storage";
import {
  addParticipant,
  type Member,
  makeContact,
  makeMeeting,
  makeMember,
  makeTeam,
  makeWorkspace,
  type TestMeeting,
  type TestWorkspace,
} from "../../support/factories";
import { sql } from "../../support/pg";
import { eventRecord, makeCalendar, store, type TestCalendar, upsert } from "./fixtures";

// A recorded meeting and the event that it was. Each test has a day of its own, since events of the whole workspace are
// looked at.

const key = "zoom:85746065432";
const zoomLink = ["https://acme.zoom.us/j/85746065432"];

let workspace: TestWorkspace;
let owner: Member;
let calendar: TestCalendar;
let day = 0;

beforeAll(async () => {
  workspace = await makeWorkspace();
  owner = await makeMember(workspace, { role: "user", name: "Dana Reyes" });
  calendar = await makeCalendar(owner);
});

const nextDay = () => {
  day += 1;
  return new Date(Date.UTC(2026, 0, day, 14));
};

interface Scene {
  readonly meeting: TestMeeting;
  readonly at: Date;
}

async function scene(
  event: Partial<EventRecord> = {},
  meeting: Parameters<typeof makeMeeting>[1] = {},
  of: TestCalendar = calendar,
): Promise<Scene> {
  const at = nextDay();
  const made = await makeMeeting(workspace, {
    title: "Renewal call",
    date: at,
    userId: owner.userId,
    attributes: { conference_key: key },
    ...meeting,
  });
  await store(of, [upsert(`e${day}`, eventRecord(at, { linkCandidates: zoomLink, ...event }))], {
    // The event is known before the meeting is processed: nothing is matched late.
    now: new Date(at.getTime() - 86_400_000),
  });
  return { meeting: made, at };
}

const match = async ({ meeting }: Scene) =>
  await db().transaction((tx) => matchMeeting(tx, workspace.id, meeting.id));

const peopleOf = async ({ meeting }: Scene) =>
  await sql`select name, email, type, user_id, contact_id, position from participants
    where meeting_id = ${meeting.id} order by position`;

const statesOf = async ({ meeting }: Scene) =>
  (await sql`select state from meeting_events where meeting_id = ${meeting.id} order by state`).map(
    (row) => row.state,
  );

const guest = (email: string, name: string | null = null, response = "accepted") => ({
  email,
  name,
  response,
});

describe("a meeting of a known call", () => {
  test("is linked, and its attendees become participants: members as such, others as contacts", async () => {
    const made = await scene({
      attendees: [
        // The calendar's account has another address than the one that signs in to Harmony.
        { ...guest("dana@gmail.example"), isSelf: true },
        guest(workspace.admin.email.toUpperCase(), "Somebody"),
        guest("ravi@northwind.example", "Ravi Shah", "needsAction"),
        guest("no@northwind.example", "Never Came", "declined"),
        guest("not an address"),
      ],
    });
    expect(await match(made)).toBe("linked");
    expect(await peopleOf(made)).toMatchObject([
      { name: "Dana Reyes", type: "internal", user_id: owner.userId, contact_id: null },
      { name: workspace.admin.name, type: "internal", user_id: workspace.admin.userId },
      { name: "Ravi Shah", email: "ravi@northwind.example", type: "external", user_id: null },
    ]);
    const [contact] = await sql`select c.name, c.last_interaction_at from contacts c
      join meeting_contacts mc on mc.contact_id = c.id and mc.workspace_id = c.workspace_id
      where mc.meeting_id = ${made.meeting.id}`;
    expect(contact?.name).toBe("Ravi Shah");
    expect(new Date(String(contact?.last_interaction_at))).toEqual(
      new Date(made.at.getTime() + 1_800_000),
    );
    const internal = await sql`select 1 from contacts where workspace_id = ${workspace.id}
      and lower(email) = ${workspace.admin.email.toLowerCase()}`;
    expect(internal).toHaveLength(0);
  });

  test("twice, and at once, doubles nobody", async () => {
    const made = await scene({ attendees: [guest("ravi@northwind.example", "Ravi Shah")] });
    await match(made);
    await match(made);
    expect(await peopleOf(made)).toHaveLength(1);
    expect(await statesOf(made)).toEqual(["linked"]);
  });

  test("of the same guests in another order, processed at once, makes each contact once", async () => {
    const guests = Array.from({ length: 20 }, (_, n) =>
      guest(`many${n}@together.example`, `Many ${n}`),
    );
    const scenes = [
      await scene({ attendees: guests }),
      await scene({ attendees: [...guests].reverse() }),
    ];
    expect(await Promise.all(scenes.map(match))).toEqual(["linked", "linked"]);
    const [row] = await sql`select count(*)::int as n from contacts
      where workspace_id = ${workspace.id} and email like '%@together.example'`;
    expect(row?.n).toBe(20);
  });

  test("whoever speaks in it already is recognised and not added", async () => {
    const made = await scene({
      attendees: [
        guest("ines@contoso.example", "Inês Gárcia"),
        guest("known@contoso.example", "Known Contact"),
      ],
    });
    const contactId = await makeContact(workspace, {
      name: "Known Contact",
      email: "known@contoso.example",
    });
    await addParticipant(made.meeting, {
      name: "ines garcia",
      type: "external",
      position: 0,
      words: 40,
    });
    await addParticipant(made.meeting, {
      name: "K. Contact",
      type: "external",
      position: 1,
      email: "known@contoso.example",
      contactId,
    });
    await match(made);
    expect(await peopleOf(made)).toMatchObject([
      { name: "ines garcia", email: "ines@contoso.example", type: "external" },
      { name: "K. Contact", email: "known@contoso.example", contact_id: contactId },
    ]);
  });

  test("whose owner switched Contacts off is linked without its attendees", async () => {
    const other = await makeMember(workspace, { role: "user" });
    const shy = await makeCalendar(other, { takesAttendees: false });
    const made = await scene({ attendees: [guest("ravi@northwind.example")] }, {}, shy);
    expect(await match(made)).toBe("linked");
    expect(await peopleOf(made)).toEqual([]);
  });

  test.each([
    ["cancelled", { status: "cancelled" as const }],
    ["all day", { isAllDay: true }],
    ["another call", { linkCandidates: ["https://acme.zoom.us/j/11111111111"], title: "Other" }],
  ])("is not one that is %s", async (_what, event) => {
    expect(await match(await scene(event))).toBe("none");
  });

  test("is not one of a calendar that was disconnected, nor of another workspace", async () => {
    const left = await makeCalendar(await makeMember(workspace, { role: "user" }), {
      status: "disconnected",
    });
    expect(await match(await scene({}, {}, left))).toBe("none");
    const foreign = await makeCalendar((await makeWorkspace()).admin);
    expect(await match(await scene({}, {}, foreign))).toBe("none");
  });

  test("that was processed before its event was known is linked when the event arrives", async () => {
    const at = nextDay();
    const meeting = await makeMeeting(workspace, {
      date: at,
      userId: owner.userId,
      attributes: { conference_key: key },
    });
    const made = { meeting, at };
    expect(await match(made)).toBe("none");
    const record = eventRecord(at, {
      linkCandidates: zoomLink,
      attendees: [guest("late@northwind.example", "Late Comer")],
    });
    await store(calendar, [upsert(`e${day}`, record)]);
    expect(await statesOf(made)).toEqual(["linked"]);
    expect(await peopleOf(made)).toMatchObject([{ name: "Late Comer" }]);
  });
});

describe("an upload that names no call", () => {
  const upload = { attributes: {} };

  test("is proposed to the calendar's owner, and nobody is added before they answer", async () => {
    const made = await scene({ attendees: [guest("ravi@northwind.example", "Ravi Shah")] }, upload);
    expect(await match(made)).toBe("proposed");
    expect(await peopleOf(made)).toEqual([]);
    const proposals = await listProposals(await owner.ctx(), made.meeting.id);
    expect(proposals).toMatchObject([
      { title: "Renewal call", startsAt: made.at.toISOString(), attendeeCount: 1 },
    ]);
    const stranger = (await makeWorkspace()).admin;
    for (const other of [workspace.admin, stranger]) {
      expect(await listProposals(await other.ctx(), made.meeting.id)).toEqual([]);
    }
  });

  test("“Use its attendees” links it and adds them, twice the same as once", async () => {
    const made = await scene({ attendees: [guest("use@northwind.example", "Uma Used")] }, upload);
    await match(made);
    const [proposal] = await listProposals(await owner.ctx(), made.meeting.id);
    const input = {
      meetingId: made.meeting.id,
      eventId: proposal?.eventId ?? "",
      decision: "use" as const,
    };
    await decideMatch(await owner.ctx(), input);
    await decideMatch(await owner.ctx(), input);
    expect(await peopleOf(made)).toMatchObject([{ name: "Uma Used" }]);
    expect(await statesOf(made)).toEqual(["linked"]);
    expect(await listProposals(await owner.ctx(), made.meeting.id)).toEqual([]);
  });

  test("“Not this one” is remembered: it is not proposed again", async () => {
    const made = await scene({}, upload);
    await match(made);
    const [proposal] = await listProposals(await owner.ctx(), made.meeting.id);
    await decideMatch(await owner.ctx(), {
      meetingId: made.meeting.id,
      eventId: proposal?.eventId ?? "",
      decision: "dismiss",
    });
    expect(await match(made)).toBe("none");
    expect(await statesOf(made)).toEqual(["dismissed"]);
  });

  test("only the calendar's owner decides, and only about a meeting that they may change", async () => {
    const teamId = await makeTeam(workspace);
    const made = await scene({ attendees: [guest("x@northwind.example")] }, { ...upload, teamId });
    await match(made);
    const [proposal] = await listProposals(await owner.ctx(), made.meeting.id);
    const input = {
      meetingId: made.meeting.id,
      eventId: proposal?.eventId ?? "",
      decision: "use" as const,
    };
    const stranger = (await makeWorkspace()).admin;
    for (const other of [workspace.admin, stranger]) {
      await expect(decideMatch(await other.ctx(), input)).rejects.toMatchObject({
        code: "not_found",
      });
    }
    const colleague = await makeMember(workspace, { role: "user" });
    const theirs = await makeMeeting(workspace, { userId: colleague.userId });
    await expect(
      decideMatch(await owner.ctx(), { ...input, meetingId: theirs.id }),
    ).rejects.toMatchObject({ code: "not_found" });
    expect(await peopleOf(made)).toEqual([]);
    expect(await statesOf(made)).toEqual(["proposed"]);
  });
});

test("a private event is proposed to its owner instead of being linked for all to see", async () => {
  const made = await scene({ isPrivate: true, attendees: [guest("secret@northwind.example")] });
  expect(await match(made)).toBe("proposed");
  expect(await peopleOf(made)).toEqual([]);
});

test("processing a meeting ends with its event linked, in the same transaction", async () => {
  const vtt = "WEBVTT\n\n00:00:00.000 --> 00:00:09.000\nPetra Zimmer: We renew for two years.\n";
  const recordingKey = `test/${workspace.id}/${nextDay().getTime()}.vtt`;
  const staged = await storage().stage(Readable.from(vtt), new AbortController().signal);
  await staged.keep(recordingKey);
  const made = await scene(
    {
      attendees: [guest("petra@processed.example", "Petra Zimmer"), guest("jo@processed.example")],
    },
    {
      status: "queued",
      recordingKey,
      recordingKind: "transcript",
      recordingName: "call.vtt",
    },
  );
  const target = { workspaceId: workspace.id, meetingId: made.meeting.id };
  await processMeeting(target, { signal: new AbortController().signal, isLastAttempt: true });
  expect(await statesOf(made)).toEqual(["linked"]);
  expect(await peopleOf(made)).toMatchObject([
    { name: "Petra Zimmer", email: "petra@processed.example" },
    { name: "jo@processed.example" },
  ]);
});
