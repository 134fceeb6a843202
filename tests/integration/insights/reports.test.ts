import { beforeAll, describe, expect, inject, test } from "vitest";
import { z } from "zod";
import type { Context } from "@/lib/auth/principal";
import { getDefinition, listDefinitions } from "@/lib/insights/definitions";
import { exportAnswers } from "@/lib/insights/export";
import { type Report, readReport, readTotals } from "@/lib/insights/report";
import { readMeetingAnswers } from "@/lib/insights/service";
import { type Api, makeApi } from "../../support/api-client";
import {
  type Member,
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
import { makeTalk } from "./insight-workspace";

let workspace: TestWorkspace;
let ctx: Context;
let api: Api;
let teamId: string;
let projectId: string;
let manager: Member;
let talks: readonly TestMeeting[];
let ids: Readonly<Record<"yesNo" | "scale" | "checklist" | "text", string>>;

const at = (day: string) => new Date(`${day}T12:00:00Z`);

beforeAll(async () => {
  workspace = await makeWorkspace();
  ctx = await workspace.admin.ctx();
  api = await makeApi(inject("laneUrl"), { key: (await makeKey(workspace.admin)).token });
  teamId = await makeTeam(workspace);
  manager = await makeMember(workspace, { role: "manager", teamIds: [teamId] });
  projectId = (await makeProject(workspace)).id;
  const add = (values: Parameters<typeof makeInsight>[2]) =>
    makeInsight(workspace, projectId, values);
  ids = {
    yesNo: await add({ type: "yes_no", name: "Budget" }),
    scale: await add({ type: "scale", name: "Mood", active: false }),
    checklist: await add({
      type: "checklist",
      name: "Points, all",
      options: { items: ["Pilot", "Contract"] },
    }),
    text: await add({ type: "markdown", name: "=Note" }),
  };
  // Mondays of three weeks, the last but one without a meeting; the third is of the manager's team.
  talks = [
    await makeTalk(workspace, { title: "One", date: at("2026-03-02") }),
    await makeTalk(workspace, { title: "+Two", date: at("2026-03-04") }),
    await makeTalk(workspace, { title: "Three", date: at("2026-03-16"), teamId }),
  ];
  const [one, two, three] = talks;
  if (!one || !two || !three) throw new Error("no meetings");
  await makeResult(one, ids.yesNo, { value: true, evidence: [{ turn: 2 }, { turn: 99 }] });
  await makeResult(two, ids.yesNo, { value: false });
  await makeResult(three, ids.yesNo, { value: null });
  await makeResult(one, ids.scale, { value: 3, score: 3 });
  await makeResult(two, ids.scale, { value: 8, score: 8 });
  await makeResult(three, ids.scale, { value: 8, score: 8 });
  const done = (...names: string[]) =>
    ["Pilot", "Contract"].map((item) => ({ item, done: names.includes(item) }));
  await makeResult(one, ids.checklist, { value: done("Pilot") });
  await makeResult(two, ids.checklist, { value: done("Pilot", "Contract") });
  await makeResult(three, ids.text, { value: "- first\n- second" });
  await makeResult(two, ids.text, { status: "needs_language_model" });
  await makeResult(one, ids.text, { status: "failed" });
  // A meeting without any answer appears nowhere.
  await makeMeeting(workspace, { title: "Silent" });
});

async function report(
  which: keyof typeof ids,
  query: Parameters<typeof readReport>[2] = {},
  by = ctx,
): Promise<Report> {
  return readReport(by, await getDefinition(by, ids[which]), query);
}

const titles = ({ rows }: Report) => rows.map(({ meeting }) => meeting.title);
const dataShape = z.object({
  aggregate: z.unknown(),
  pagination: z.object({ total: z.int() }),
});

describe("a report", () => {
  test.each(["yesNo", "scale", "checklist", "text"] as const)(
    "of %s adds up to what the API says, for everybody and with each filter",
    async (which) => {
      for (const filter of ["", `team_id=${teamId}`, "date_from=2026-03-03&date_to=2026-03-10"]) {
        const query = Object.fromEntries(new URLSearchParams(filter));
        const served = dataShape.parse(
          (await api.get(`/insights/${ids[which]}/data?${filter}`)).json,
        );
        const ours = await report(which, query);
        expect(ours.aggregate, filter).toEqual(served.aggregate);
        expect(ours.answered, filter).toBe(served.pagination.total);
      }
    },
  );

  test("of a yes/no question: counts, weeks without gaps filled in, rows with the newest first", async () => {
    const found = await report("yesNo");
    expect(found.aggregate).toEqual({ yes: 1, no: 1, unknown: 1 });
    expect(found.weeks).toEqual([
      { week: "2026-03-02", answers: 2, value: 50 },
      { week: "2026-03-16", answers: 1, value: 0 },
    ]);
    expect(titles(found)).toEqual(["Three", "+Two", "One"]);
    expect(found).toMatchObject({ answered: 3, needsModel: 0, failed: 0, total: 3, page: 1 });
  });

  test("of a scale: average, bounds, how often each number came, and the weekly average", async () => {
    const found = await report("scale");
    expect(found.aggregate).toEqual({ average: 6.33, min: 3, max: 8, count: 3 });
    expect(found.histogram).toEqual([
      { value: 3, count: 1 },
      { value: 8, count: 2 },
    ]);
    expect(found.weeks.map(({ value }) => value)).toEqual([5.5, 8]);
  });

  test("of a checklist: each item, and how much was done a week", async () => {
    const found = await report("checklist");
    expect(found.aggregate).toEqual({
      items: [
        { item: "Pilot", done: 2, total: 2 },
        { item: "Contract", done: 1, total: 2 },
      ],
    });
    expect(found.weeks).toEqual([{ week: "2026-03-02", answers: 2, value: 75 }]);
  });

  test("of a text: one row for each answered meeting, and what stayed open is counted", async () => {
    const found = await report("text");
    expect(titles(found)).toEqual(["Three"]);
    expect(found).toMatchObject({ answered: 1, needsModel: 1, failed: 1 });
    expect(found.rows[0]?.result.value).toBe("- first\n- second");
    const text = { id: ids.text, type: "markdown" } as const;
    expect((await readTotals(ctx, [text], { team_id: teamId })).get(ids.text)).toEqual({
      aggregate: { count: 1 },
      answered: 1,
      needsModel: 0,
      failed: 0,
    });
  });

  test("of a whole project is one statement that says of each insight what its own report says", async () => {
    const all = await listDefinitions(ctx, projectId);
    const totals = await readTotals(ctx, all, {});
    expect([...totals.keys()].sort()).toEqual(Object.values(ids).sort());
    for (const { id, type } of all) {
      const { aggregate, answered, needsModel, failed } = await readReport(ctx, { id, type }, {});
      expect(totals.get(id)).toEqual({ aggregate, answered, needsModel, failed });
    }
    expect(await readTotals(ctx, [], {})).toEqual(new Map());
    const theirs = await readTotals(await manager.ctx(), all, {});
    expect(theirs.get(ids.scale)).toMatchObject({ aggregate: { count: 1 }, answered: 1 });
  });

  test.each([
    ["yesNo", "yes", ["One"]],
    ["yesNo", "no", ["+Two"]],
    ["yesNo", "unknown", ["Three"]],
    ["scale", "8", ["Three", "+Two"]],
    ["scale", "nonsense", []],
    ["checklist", "Contract", ["+Two"]],
    ["checklist", "Nothing", []],
  ] as const)(
    "of %s with the answer %s shows those meetings and keeps its charts",
    async (which, answer, expected) => {
      const found = await report(which, { answer });
      expect(titles(found)).toEqual(expected);
      expect(found.total).toBe(expected.length);
      expect(found.aggregate).toEqual((await report(which)).aggregate);
    },
  );

  test("cites the words with speaker, time and the turn to go to; turns that are gone are left out", async () => {
    const found = await report("yesNo", { answer: "yes" });
    expect(found.rows[0]?.result.evidence).toEqual([
      {
        speaker: "John Smith",
        text: "I will send the offer by Friday.",
        timestamp: "01:02:05",
        turn: 2,
        startMs: 3_725_000,
      },
    ]);
  });

  test("leads to the turn that was cited, where the same words were said twice in one second", async () => {
    const talk = await makeTalk(workspace, { title: "Twice", date: at("2020-01-01") });
    await sql`update transcripts set turns = jsonb_build_array(turns -> 0,
        jsonb_set(turns -> 0, '{startMs}', to_jsonb((turns -> 0 ->> 'startMs')::int + 1)), turns -> 2)
      where meeting_id = ${talk.id}`;
    const insight = await makeInsight(workspace, projectId, { type: "yes_no", name: "Twice" });
    await makeResult(talk, insight, { value: true, evidence: [{ turn: 0 }] });
    const [answer] = await readMeetingAnswers(ctx, talk.id);
    expect(answer?.evidence).toMatchObject([{ turn: 0 }]);
    const stranger = await (await makeWorkspace()).admin.ctx();
    await expect(readMeetingAnswers(stranger, talk.id)).rejects.toMatchObject({
      code: "not_found",
    });
    await sql`delete from insights where id = ${insight}`;
  });

  test("counts only the meetings that the viewer may see, and is not there for another workspace", async () => {
    const theirs = await manager.ctx();
    const found = await report("scale", {}, theirs);
    expect(found).toMatchObject({ answered: 1, total: 1, histogram: [{ value: 8, count: 1 }] });
    const stranger = await (await makeWorkspace()).admin.ctx();
    await expect(report("scale", {}, stranger)).rejects.toMatchObject({ code: "not_found" });
  });
});

async function csvOf(by: Context, filters = {}): Promise<string[]> {
  let text = "";
  for await (const piece of exportAnswers(by, projectId, filters)) text += piece;
  return text.trimEnd().split("\r\n");
}

describe("the CSV file", () => {
  test("has a row for each meeting with an answer and a column for each insight, disabled ones too", async () => {
    const [one, two, three] = talks;
    const team = (await csvOf(ctx))[1]?.split(",")[4];
    expect(await csvOf(ctx)).toEqual([
      'meeting_id,title,date_utc,duration_seconds,team,owner,Budget,Mood,"Points, all",\'=Note',
      `${three?.id},Three,2026-03-16T12:00:00Z,1800,${team},,not discussed,8,,"'- first\n- second"`,
      `${two?.id},'+Two,2026-03-04T12:00:00Z,1800,,,no,8,Pilot: yes; Contract: yes,`,
      `${one?.id},One,2026-03-02T12:00:00Z,1800,,,yes,3,Pilot: yes; Contract: no,`,
    ]);
  });

  test("follows filters and sight", async () => {
    expect(await csvOf(ctx, { date_to: "2026-03-03" })).toHaveLength(2);
    expect(await csvOf(ctx, { team_id: teamId })).toHaveLength(2);
    expect(await csvOf(await manager.ctx())).toHaveLength(2);
  });

  test("comes through its door as a download; others are refused in the house's shape", async () => {
    const url = `${inject("laneUrl")}/insights/projects/${projectId}/export`;
    const get = (cookie: string, query = "") => fetch(`${url}${query}`, { headers: { cookie } });
    const answer = await get(workspace.admin.cookie, "?date_from=2026-03-10");
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(answer.headers.get("content-disposition")).toMatch(/filename="harmony-insights-/);
    expect((await answer.text()).trimEnd().split("\r\n")).toHaveLength(2);
    const stranger = (await makeWorkspace()).admin;
    const refused = [
      [await get(stranger.cookie), 404, "not_found"],
      [await get(workspace.admin.cookie, "?wrong=1"), 400, "invalid_request"],
      [await get(""), 401, "unauthorized"],
    ] as const;
    for (const [response, status, code] of refused) {
      expect(response.status).toBe(status);
      expect(await response.json()).toMatchObject({ error: { code } });
    }
  });
});

test("a disabled insight keeps its answers in the API and says that it is disabled", async () => {
  const insight = (await api.get(`/insights/${ids.scale}`)).json;
  expect(insight).toMatchObject({ active: false, results_count: 3 });
  const data = (await api.get(`/insights/${ids.scale}/data`)).json;
  expect(data).toMatchObject({ aggregate: { count: 3 }, pagination: { total: 3 } });
});
