import { readFileSync } from "node:fs";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { db } from "@/db/client";
import { workspaces } from "@/db/schema/workspaces";
import { retryMeeting } from "@/lib/meetings/retry-meeting";
import { type Api, errorOf, makeApi } from "../../support/api-client";
import { doors } from "../../support/doors";
import {
  makeContact,
  makeForm,
  makeInsight,
  makeKey,
  makeMeeting,
  makeMember,
  makeProject,
  makeVtt,
  makeWorkspace,
  type TestWorkspace,
} from "../../support/factories";
import { expectInvariants, storedFiles } from "../../support/invariants";
import { sql } from "../../support/pg";
import { waitFor } from "../../support/wait-for";

// From an upload to its end, watched through the API while the real worker runs.

const [{ url: laneUrl }] = doors;
const fixture = (name: string) =>
  new Uint8Array(readFileSync(join(process.cwd(), "tests", "fixtures", "transcripts", name)));

interface Uploader {
  readonly workspace: TestWorkspace;
  readonly api: Api;
}

async function makeUploader(options: Parameters<typeof makeWorkspace>[0] = {}): Promise<Uploader> {
  const workspace = await makeWorkspace(options);
  const { token } = await makeKey(workspace.admin);
  return { workspace, api: await makeApi(laneUrl, { key: token }) };
}

const uploaded = z.object({ id: z.string(), status_url: z.string() });

async function upload(api: Api, form: FormData): Promise<string> {
  const answer = await api.upload(form);
  expect(answer.status).toBe(202);
  return uploaded.parse(answer.json).id;
}

const statusShape = z.object({
  status: z.string(),
  stage: z.string().nullable(),
  progress: z.number(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
});
type Status = z.output<typeof statusShape>;

/** Every different status that was seen until the meeting came to its end. */
async function watch(api: Api, id: string, timeoutMs = 30_000): Promise<Status[]> {
  const seen: Status[] = [];
  await waitFor(
    `the end of ${id}`,
    async () => {
      const status = statusShape.parse((await api.get(`/meetings/${id}/status`)).json);
      const last = seen.at(-1);
      if (JSON.stringify(last) !== JSON.stringify(status)) seen.push(status);
      return status.status === "processed" || status.status === "failed";
    },
    timeoutMs,
  );
  return seen;
}

async function eventsOf(meetingId: string) {
  const rows = await sql<{ type: string; data: Record<string, unknown> }[]>`
    select type, data from events where meeting_id = ${meetingId} order by occurred_at, type`;
  return [...rows];
}

describe("a transcript", () => {
  let workspace: TestWorkspace;
  let api: Api;
  let id: string;
  let seen: Status[];

  beforeAll(async () => {
    ({ workspace, api } = await makeUploader());
    const project = await makeProject(workspace);
    for (const type of ["yes_no", "scale", "checklist", "open_question"] as const) {
      await makeInsight(workspace, project.id, {
        type,
        name: "Budget",
        question: "Was the budget discussed?",
        ...(type === "checklist" ? { options: { items: ["Budget", "Timeline"] } } : {}),
      });
    }
    await makeInsight(workspace, project.id, { type: "yes_no", active: false, name: "Retired" });
    id = await upload(api, makeForm(fixture("sales-call.vtt"), "sales-call.vtt"));
    seen = await watch(api, id);
  });

  test("goes from queued through processing to processed, and progress never falls", () => {
    const order = ["queued", "processing", "processed"];
    const stages = [null, "transcribing", "summarizing", "generating_insights"];
    expect(seen.at(-1)).toEqual({ status: "processed", stage: null, progress: 100, error: null });
    const places = seen.map(({ status }) => order.indexOf(status));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    const progress = seen.map((status) => status.progress);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    const steps = seen.slice(0, -1).map(({ stage }) => stages.indexOf(stage));
    expect(steps).not.toContain(-1);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
  });

  test("can be read: transcript, summary, action items and answers, each naming its engine", async () => {
    const transcript = await api.get(`/meetings/${id}/transcript`);
    expect(transcript.status).toBe(200);
    expect(transcript.json).toMatchObject({
      meeting_id: id,
      timing: "exact",
      engine: { id: "file" },
    });
    const summary = await api.get(`/meetings/${id}/summary`);
    expect(summary.status).toBe(200);
    expect(summary.json).toMatchObject({ engine: { id: "rules", model: null } });
    const { action_items } = z
      .object({ action_items: z.array(z.object({ text: z.string(), confidence: z.number() })) })
      .parse(summary.json);
    expect(action_items.length).toBeGreaterThan(0);
    const answers = z
      .object({ data: z.array(z.object({ type: z.string(), status: z.string() })) })
      .parse((await api.get(`/meetings/${id}/insights`)).json);
    expect(answers.data.map(({ type }) => type).sort()).toEqual([
      "checklist",
      "open_question",
      "scale",
      "yes_no",
    ]);
    const detail = await api.get(`/meetings/${id}`);
    expect(detail.json).toMatchObject({
      status: "processed",
      summary_available: true,
      transcript_available: true,
      recording_available: false,
      failure: null,
    });
  });

  test("is told by exactly one meeting.processed, and one insight.generated an answer", async () => {
    const events = await eventsOf(id);
    const [results] = await sql<{ n: number }[]>`select count(*)::int as n from insight_results
      where meeting_id = ${id} and status = 'answered'`;
    expect(results?.n).toBeGreaterThan(0);
    expect(events.filter(({ type }) => type === "insight.generated")).toHaveLength(results?.n ?? 0);
    const [processed, ...more] = events.filter(({ type }) => type.startsWith("meeting."));
    expect(more).toEqual([]);
    const [meeting] = await sql<{ title: string; duration_seconds: number }[]>`
      select title, duration_seconds from meetings where id = ${id}`;
    expect(processed).toEqual({
      type: "meeting.processed",
      data: { meeting_id: id, title: meeting?.title, duration: meeting?.duration_seconds },
    });
  });

  test("has its status, answers and events written by one transaction", async () => {
    const writers = await sql<{ xmin: string }[]>`
      select xmin::text from meetings where id = ${id}
      union select xmin::text from events where meeting_id = ${id}
      union select xmin::text from insight_results where meeting_id = ${id}`;
    expect(writers).toHaveLength(1);
  });

  test("leaves everything in order", () => expectInvariants(workspace.id));
});

describe("before a meeting is processed", () => {
  test.for(["recording", "queued", "processing", "failed"] as const)(
    "a %s one answers 409 not_ready for what is not there",
    async (status) => {
      const { workspace, api } = await makeUploader();
      const { id } = await makeMeeting(workspace, { status });
      for (const part of ["transcript", "summary", "insights"]) {
        const answer = await api.get(`/meetings/${id}/${part}`);
        expect(answer.status).toBe(409);
        expect(errorOf(answer)).toMatchObject({ code: "not_ready", details: { status } });
        expect("retry-after" in answer.headers).toBe(status !== "failed");
      }
    },
  );
});

describe("people", () => {
  const cues = (...names: string[]) =>
    `WEBVTT\n\n${names
      .map((name, n) => `00:00:0${n}.000 --> 00:00:0${n}.900\n${name}: Sentence ${n} of many.\n`)
      .join("\n")}`;
  const people = z.object({
    participants: z.array(
      z.looseObject({ name: z.string(), user_id: z.string().nullable(), email: z.unknown() }),
    ),
  });

  async function participantsOf(api: Api, id: string) {
    await watch(api, id);
    const { participants } = people.parse((await api.get(`/meetings/${id}`)).json);
    return Object.fromEntries(participants.map((person) => [person.name, person]));
  }

  test("speakers are matched to members and contacts by name, and nobody is guessed", async () => {
    const { workspace, api } = await makeUploader();
    await makeMember(workspace, { role: "user", name: "Twin Name" });
    await makeMember(workspace, { role: "user", name: "Twin Name" });
    const mara = await makeContact(workspace, { name: "Mara Lindt", email: "mara@lindt.example" });
    const form = makeForm(cues("Mara Lindt", "Twin Name", "Pavel Novak"), "a.vtt", {
      contact_email: "pavel@novak.example",
    });
    const found = await participantsOf(api, await upload(api, form));
    expect(found).toMatchObject({
      "Mara Lindt": { type: "external", contact_id: mara, email: "mara@lindt.example" },
      // Two members have this name, and two speakers could be the contact named at the upload.
      "Twin Name": { type: "external", user_id: null, contact_id: null },
      "Pavel Novak": { type: "external", contact_id: null, email: null },
    });
    await expectInvariants(workspace.id);
  });

  test("accents and case do not matter; the named contact is the one speaker who is left, and gets their name", async () => {
    const { workspace, api } = await makeUploader();
    const member = await makeMember(workspace, { role: "user", name: "José  García" });
    const form = makeForm(cues("Jose GARCIA", "Guest Person"), "a.vtt", {
      contact_email: "guest@x.example",
      date: "2026-02-01T10:00:00Z",
    });
    const found = await participantsOf(api, await upload(api, form));
    expect(found["José  García"]).toMatchObject({
      user_id: member.userId,
      type: "internal",
      email: member.email,
    });
    expect(found["Guest Person"]).toMatchObject({ email: "guest@x.example", type: "external" });
    const contacts = await api.get("/contacts?email=guest@x.example");
    expect(contacts.json).toMatchObject({
      data: [
        {
          name: "Guest Person",
          meetings_count: 1,
          last_interaction_at: expect.stringMatching(/^2026-02-01T10:00:0/),
        },
      ],
    });
    await expectInvariants(workspace.id);
  });
});

describe("what cannot be processed", () => {
  test("a recording of which nothing can be read fails, is kept, and can be retried; each failure is told once", async () => {
    const { workspace, api } = await makeUploader();
    const mp3 = new Uint8Array(4096);
    mp3.set([0xff, 0xfb, 0x90, 0x64]);
    const id = await upload(api, makeForm(mp3, "call.mp3"));
    const seen = await watch(api, id);
    expect(seen.at(-1)).toMatchObject({ status: "failed", stage: null });
    expect(seen.at(-1)?.error?.code).toMatch(/^(corrupt_file|no_speech)$/);
    expect(await storedFiles(workspace.id)).toEqual([id]);
    expect((await api.get(`/meetings/${id}`)).json).toMatchObject({ recording_available: true });
    await retryMeeting(await workspace.admin.ctx(), { id });
    await watch(api, id);
    const events = await eventsOf(id);
    expect(events.map(({ type }) => type)).toEqual(["meeting.failed", "meeting.failed"]);
    await expectInvariants(workspace.id);
  });

  test("a transcript longer than the plan allows fails with the plan's number, and passes on a larger plan", async () => {
    const { workspace, api } = await makeUploader({ plan: "plus" });
    const id = await upload(api, makeForm(makeVtt(3000), "four-hours-and-more.vtt"));
    const seen = await watch(api, id);
    expect(seen.at(-1)?.error?.code).toBe("duration_exceeds_plan");
    expect(seen.at(-1)?.error?.message).toContain("240");
    await db().update(workspaces).set({ plan: "max" }).where(eq(workspaces.id, workspace.id));
    await retryMeeting(await workspace.admin.ctx(), { id });
    expect((await watch(api, id)).at(-1)?.status).toBe("processed");
    expect((await eventsOf(id)).map(({ type }) => type)).toEqual([
      "meeting.failed",
      "meeting.processed",
    ]);
    await expectInvariants(workspace.id);
  });

  test("a large broken transcript is judged by the job, and fails as corrupt_file", async () => {
    const { workspace, api } = await makeUploader();
    const row = '{"speaker":"Ada","text":"Hello, this is a sentence.","start":1,"end":2},';
    const id = await upload(api, makeForm(`{"segments":[${row.repeat(40_000)}`, "cut.json"));
    expect((await watch(api, id)).at(-1)?.error?.code).toBe("corrupt_file");
    await expectInvariants(workspace.id);
  });
});

test("ten hours of transcript are processed within half a minute", async () => {
  const { workspace, api } = await makeUploader();
  const id = await upload(api, makeForm(makeVtt(7200), "ten-hours.vtt"));
  const seen = await watch(api, id);
  expect(seen.at(-1)?.status).toBe("processed");
  expect((await api.get(`/meetings/${id}`)).json).toMatchObject({ duration: 35_999 });
  const transcript = await api.get(`/meetings/${id}/transcript`);
  expect(transcript.text).toContain("09:59:5");
  await expectInvariants(workspace.id);
});

test("forty uploads at once all come to their end, each told once", async () => {
  const { workspace, api } = await makeUploader();
  const ids = await Promise.all(
    Array.from({ length: 40 }, (_, n) => upload(api, makeForm(makeVtt(n + 3), `call-${n}.vtt`))),
  );
  for (const id of ids) expect((await watch(api, id)).at(-1)?.status).toBe("processed");
  const [told] = await sql<{ n: number; meetings: number }[]>`
    select count(*)::int as n, count(distinct meeting_id)::int as meetings from events
    where workspace_id = ${workspace.id} and type = 'meeting.processed'`;
  expect(told).toEqual({ n: 40, meetings: 40 });
  await expectInvariants(workspace.id);
});
