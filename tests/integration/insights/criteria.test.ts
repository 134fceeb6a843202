import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { db, pool } from "@/db/client";
import { projects } from "@/db/schema/insights";
import { type Criterion, type MeetingFacts, meetsCriteria } from "@/lib/insights/criteria";
import { meetingsThatMeet } from "@/lib/insights/queries";
import { questionsAbout } from "@/lib/insights/service";
import {
  makeInsight,
  makeMeetings,
  makeProject,
  makeTeam,
  makeWorkspace,
  type TestWorkspace,
} from "../../support/factories";

// The rule in memory and its twin in SQL: every criterion over every meeting, one by one and in pairs.

let workspace: TestWorkspace;
let teamIds: string[];
let criteria: Criterion[];
const meetings = new Map<string, MeetingFacts>();

const seconds = [0, 59, 60, 61, 1800, 3600];
const dates = [
  "2026-03-09T23:59:59.999Z",
  "2026-03-10T00:00:00.000Z",
  "2026-03-10T23:59:59.999Z",
  "2026-03-11T00:00:00.000Z",
];
const attributes: Record<string, unknown>[] = [
  {},
  { tier: "Gold", score: 7 },
  { tier: "gold", score: 7.5 },
  { tier: null, score: "7" },
  { tier: ["Gold"], score: true },
  { tier: "true", score: "7.0" },
];

beforeAll(async () => {
  workspace = await makeWorkspace();
  teamIds = [await makeTeam(workspace), await makeTeam(workspace)];
  const sources = ["zoom", "upload", "api"] as const;
  const mediums = ["video_call", "phone_call"] as const;
  const tags = [[], ["Demo"], ["demo", "Q1"], ["Demo", "Q1"]];
  const rows = Array.from({ length: 60 }, (_, n) => ({
    durationSeconds: seconds[n % seconds.length] ?? 0,
    date: new Date(dates[n % dates.length] ?? ""),
    tags: tags[(n >> 1) % tags.length] ?? [],
    source: sources[n % 3] ?? "api",
    medium: mediums[(n >> 2) % 2] ?? ("other" as const),
    teamId: [null, ...teamIds][(n >> 1) % 3] ?? null,
    attributes: attributes[(n >> 2) % attributes.length] ?? {},
  }));
  const made = await makeMeetings(workspace, rows);
  made.forEach((meeting, n) => {
    const facts = rows[n];
    if (facts) meetings.set(meeting.id, facts);
  });
  const kind = "attribute" as const;
  criteria = [
    { kind, field: "length", min: 60, max: null },
    { kind, field: "length", min: null, max: 60 },
    { kind, field: "length", min: 60, max: 1800 },
    { kind, field: "tags", any: ["Demo", "Other"] },
    { kind, field: "tags", any: ["Q1"] },
    { kind, field: "source", any: ["zoom", "api"] },
    { kind, field: "medium", any: ["phone_call"] },
    { kind, field: "date", from: "2026-03-10", to: "2026-03-10" },
    { kind, field: "date", from: null, to: "2026-03-10" },
    { kind, field: "date", from: "2026-03-11", to: null },
    { kind, field: "team", any: [teamIds[0] ?? ""] },
    { kind, field: "attribute", name: "tier", equals: "Gold" },
    { kind, field: "attribute", name: "tier", equals: "true" },
    { kind, field: "attribute", name: "score", equals: "7" },
    { kind, field: "attribute", name: "score", equals: "7.0" },
    { kind, field: "attribute", name: "score", equals: "true" },
    { kind, field: "attribute", name: "missing", equals: "" },
    { kind: "boolean", question: "Was it a demo?" },
  ];
});

async function metInSql(chosen: readonly Criterion[]): Promise<string[]> {
  const sql = pool();
  const rows = await sql<{ id: string }[]>`select m.id from meetings m
    where m.workspace_id = ${workspace.id} and ${meetingsThatMeet(chosen)} order by m.id`;
  return rows.map(({ id }) => id);
}

function metInMemory(chosen: readonly Criterion[]): string[] {
  return [...meetings].flatMap(([id, facts]) => (meetsCriteria(chosen, facts) ? [id] : [])).sort();
}

describe("the rule and its twin in SQL choose the same meetings", () => {
  test("for each criterion, and each leaves some and takes some", async () => {
    for (const criterion of criteria) {
      const met = metInMemory([criterion]);
      expect(await metInSql([criterion]), JSON.stringify(criterion)).toEqual(met);
      const isMissing =
        criterion.kind === "attribute" &&
        criterion.field === "attribute" &&
        criterion.name === "missing";
      if (criterion.kind === "attribute" && !isMissing) {
        expect(met.length, JSON.stringify(criterion)).toBeGreaterThan(0);
        expect(met.length, JSON.stringify(criterion)).toBeLessThan(meetings.size);
      }
    }
  });

  test("for all pairs, and for none", async () => {
    expect(await metInSql([])).toHaveLength(meetings.size);
    for (const [index, first] of criteria.entries()) {
      for (const second of criteria.slice(index + 1)) {
        const pair = [first, second];
        expect(await metInSql(pair), JSON.stringify(pair)).toEqual(metInMemory(pair));
      }
    }
  });
});

test("processing asks the active questions of the meeting's teams whose criteria it meets", async () => {
  const own = await makeWorkspace();
  const [teamId, otherId] = [await makeTeam(own), await makeTeam(own)];
  const made = {
    everybody: await makeProject(own),
    team: await makeProject(own, [teamId]),
    other: await makeProject(own, [otherId]),
    long: await makeProject(own),
  };
  const ids: Record<string, string> = {};
  for (const [name, project] of Object.entries(made)) {
    ids[name] = await makeInsight(own, project.id, { type: "yes_no", name });
  }
  await makeInsight(own, made.everybody.id, { type: "yes_no", name: "Off", active: false });
  await db()
    .update(projects)
    .set({ criteria: [{ kind: "attribute", field: "length", min: 3600, max: null }] })
    .where(eq(projects.id, made.long.id));
  const facts: MeetingFacts = {
    durationSeconds: 1800,
    tags: [],
    source: "api",
    medium: "video_call",
    date: new Date(),
    teamId,
    attributes: {},
  };
  const asked = async (changes: Partial<MeetingFacts>) =>
    (await questionsAbout(own.id, { ...facts, ...changes })).map(({ name }) => name).sort();
  expect(await asked({})).toEqual(["everybody", "team"]);
  expect(await asked({ durationSeconds: 3600 })).toEqual(["everybody", "long", "team"]);
  expect(await asked({ teamId: null })).toEqual(["everybody"]);
  expect(await questionsAbout((await makeWorkspace()).id, facts)).toEqual([]);
});
