import { beforeAll, describe, expect, test } from "vitest";
import { type Api, errorOf, idsOf, listOf, makeApi } from "../../support/api-client";
import { doors } from "../../support/doors";
import {
  makeContact,
  makeInsight,
  makeKey,
  makeMeeting,
  makeMeetings,
  makeMember,
  makeProject,
  makeResult,
  makeTeam,
  makeWorkspace,
  type TestMeeting,
  type TestWorkspace,
} from "../../support/factories";
import { sql } from "../../support/pg";

const [{ url: laneUrl }] = doors;

async function makeReader(): Promise<{ workspace: TestWorkspace; api: Api }> {
  const workspace = await makeWorkspace();
  const { token } = await makeKey(workspace.admin);
  return { workspace, api: await makeApi(laneUrl, { key: token }) };
}

describe("dates", () => {
  let api: Api;
  let workspace: TestWorkspace;
  let contactId: string;
  let insightId: string;
  const names = new Map<string, string>();

  /** Instant → meeting, around both ends of January 2026. */
  const instants = [
    "2025-12-31T23:59:59.999Z",
    "2026-01-01T00:00:00.000Z",
    "2026-01-15T09:30:00.400Z",
    "2026-01-31T23:59:59.999Z",
    "2026-02-01T00:00:00.000Z",
  ];

  beforeAll(async () => {
    ({ workspace, api } = await makeReader());
    const meetings = await makeMeetings(
      workspace,
      instants.map((date) => ({ date: new Date(date) })),
    );
    // PostgreSQL keeps microseconds: the last one of January must still count as January.
    const [micro] = await makeMeetings(workspace, [{}]);
    await sql`update meetings set date = '2026-01-31 23:59:59.999999Z' where id = ${micro?.id ?? ""}`;
    for (const [index, meeting] of meetings.entries()) names.set(meeting.id, instants[index] ?? "");
    names.set(micro?.id ?? "", "micro");
    contactId = await makeContact(workspace, {}, [...meetings, ...(micro ? [micro] : [])]);
    insightId = await makeInsight(workspace, (await makeProject(workspace)).id, { type: "yes_no" });
    for (const meeting of [...meetings, ...(micro ? [micro] : [])])
      await makeResult(meeting, insightId, { value: true });
  });

  /** The instants that a filter leaves, on all three lists that take dates. */
  async function instantsOf(query: string): Promise<string[]> {
    const meetings = await api.get(`/meetings?${query}`);
    const ofContact = await api.get(`/contacts/${contactId}/meetings?${query}`);
    const data = await api.get(`/insights/${insightId}/data?${query}`);
    const found = idsOf(meetings).map((id) => names.get(id) ?? id);
    expect(idsOf(ofContact)).toEqual(idsOf(meetings));
    expect(
      listOf(data)
        .data.map(({ meeting_id }) => meeting_id)
        .sort(),
    ).toEqual([...idsOf(meetings)].sort());
    for (const answer of [meetings, ofContact, data])
      expect(listOf(answer).pagination.total).toBe(found.length);
    return found.sort();
  }

  const [before, first, middle, last, after] = instants;

  test("a range of days includes both ends whole", async () => {
    expect(await instantsOf("date_from=2026-01-01&date_to=2026-01-31")).toEqual([
      first,
      middle,
      last,
      "micro",
    ]);
  });

  test("one day alone is that day", async () => {
    expect(await instantsOf("date_from=2026-01-31&date_to=2026-01-31")).toEqual([last, "micro"]);
  });

  test.for([
    ["date_from=2026-02-01", [after]],
    ["date_to=2025-12-31", [before]],
    ["date_from=2026-02-01T00:00:00Z", [after]],
    ["date_from=2026-02-01T00:00:00.001Z", []],
    ["date_to=2026-01-01T00:00:00Z", [before, first]],
    ["date_from=2026-01-15T09:30:00Z&date_to=2026-01-15T09:30:00Z", [middle]],
    ["date_from=2026-01-15T09:30:00.400Z&date_to=2026-01-15T09:30:00.400Z", [middle]],
    ["date_from=2026-01-15T09:30:00.401Z&date_to=2026-01-15T09:31:00Z", []],
    ["date_from=2026-01-15T11:30:00%2B02:00&date_to=2026-01-15T04:30:00-05:00", [middle]],
    ["date_from=2026-01-15T09:30&date_to=2026-01-15T09:30:00.4", [middle]],
    ["date_from=1900-01-01&date_to=2025-12-31", [before]],
    ["date_from=2026-01-31T23:59:59Z&date_to=2026-01-31", [last, "micro"]],
    ["date_from=2026-02-02&date_to=9999-12-31", []],
  ] as const)("%s", async ([query, wanted]) => {
    expect(await instantsOf(query)).toEqual(wanted);
  });

  test("a meeting is found by the very date that the API shows for it", async () => {
    for (const { id, date } of listOf(await api.get("/meetings")).data) {
      const found = await api.get(`/meetings?date_from=${date}&date_to=${date}`);
      expect(idsOf(found)).toContain(id);
    }
  });

  test.for([
    ["date_from=2026-02-01&date_to=2026-01-31", "date_from"],
    ["date_from=2026-01-31T10:00:00Z&date_to=2026-01-31T09:59:59Z", "date_from"],
    ["date_from=31.01.2026", "date_from"],
    ["date_from=2026-02-30", "date_from"],
    ["date_to=2026-02-30T10:00:00Z", "date_to"],
    ["date_to=", "date_to"],
    ["date_to=tomorrow", "date_to"],
    ["date_from=2026-01-15T11:30:00+02:00", "date_from"],
    ["date_from=1700000000", "date_from"],
  ] as const)("%s is refused and names %s", async ([query, field]) => {
    for (const list of [
      "/meetings",
      `/contacts/${contactId}/meetings`,
      `/insights/${insightId}/data`,
    ]) {
      const answer = await api.get(`${list}?${query}`);
      expect(answer.status).toBe(400);
      expect(Object.keys(errorOf(answer).details.fields ?? {})).toEqual([field]);
    }
  });
});

describe("meetings", () => {
  test("the seed's January example: status and dates together, with the right total", async () => {
    const { workspace, api } = await makeReader();
    const rows = await makeMeetings(workspace, [
      { date: new Date("2026-01-20T10:00:00Z") },
      { date: new Date("2026-01-10T10:00:00Z"), status: "queued" },
      { date: new Date("2026-01-31T20:00:00Z") },
      { date: new Date("2026-02-01T00:00:00Z") },
      { date: new Date("2026-01-05T10:00:00Z"), status: "failed" },
    ]);
    const answer = await api.get(
      "/meetings?date_from=2026-01-01&date_to=2026-01-31&status=processed",
    );
    expect(idsOf(answer)).toEqual([rows[2]?.id, rows[0]?.id]);
    expect(listOf(answer).pagination.total).toBe(2);
  });

  test("every status, alone and beside the counters' shortcut", async () => {
    const { workspace, api } = await makeReader();
    const statuses = ["recording", "queued", "processing", "processed", "failed"] as const;
    await makeMeetings(
      workspace,
      statuses.flatMap((status, index) => Array(index + 1).fill({ status })),
    );
    for (const [index, status] of statuses.entries()) {
      for (const more of ["", "&date_from=2000-01-01"]) {
        const answer = await api.get(`/meetings?status=${status}${more}`);
        expect(listOf(answer).pagination.total).toBe(index + 1);
        expect(listOf(answer).data.every((row) => row.status === status)).toBe(true);
      }
    }
    for (const wrong of ["Processed", "done", ""]) {
      const answer = await api.get(`/meetings?status=${wrong}`);
      expect(answer.status).toBe(400);
      expect(answer.text).toContain("recording, queued, processing, processed, failed");
    }
  });

  test("team and owner, alone and together; an unknown id finds nothing, an empty one is refused", async () => {
    const { workspace, api } = await makeReader();
    const [one, two] = [await makeTeam(workspace), await makeTeam(workspace)];
    const person = await makeMember(workspace, { role: "user" });
    const both = await makeMeeting(workspace, { teamId: one, userId: person.userId });
    const ofTeam = await makeMeeting(workspace, { teamId: one });
    const ofPerson = await makeMeeting(workspace, { teamId: two, userId: person.userId });
    const found = async (query: string) => idsOf(await api.get(`/meetings?${query}`)).sort();
    expect(await found(`team_id=${one}`)).toEqual([both.id, ofTeam.id].sort());
    expect(await found(`user_id=${person.userId}`)).toEqual([both.id, ofPerson.id].sort());
    expect(await found(`team_id=${one}&user_id=${person.userId}`)).toEqual([both.id]);
    expect(await found("team_id=team_unknown")).toEqual([]);
    expect(await found("user_id=%25")).toEqual([]);
    for (const name of ["team_id", "user_id"]) {
      const answer = await api.get(`/meetings?${name}=`);
      expect(answer.status).toBe(400);
      expect(errorOf(answer).details.fields).toHaveProperty(name);
      expect((await api.get(`/meetings?${name}=${"x".repeat(61)}`)).status).toBe(400);
    }
  });
});

describe("contacts", () => {
  let api: Api;
  const ids: Record<string, string> = {};

  beforeAll(async () => {
    const made = await makeReader();
    api = made.api;
    for (const [name, email, company] of [
      ["100% Real", "percent@x.example", "Acme"],
      ["100 Real", "plain@x.example", "Acme_Corp"],
      ["Under_score", "under@x.example", "AcmeXCorp"],
      ["Back\\slash", "Back.Slash@X.example", null],
      ["Müller GRÖSSE", "mueller@x.example", "Straße & Söhne"],
      ["李小龙", "li@x.example", "功夫"],
      ["O'Brien; drop table", null, null],
    ] as const)
      ids[name] = await makeContact(made.workspace, { name, email, company });
  });

  const found = async (query: string) => {
    const answer = await api.get(`/contacts?${query}`);
    expect(answer.status).toBe(200);
    expect(listOf(answer).pagination.total).toBe(idsOf(answer).length);
    return idsOf(answer).map((id) => Object.keys(ids).find((name) => ids[name] === id));
  };

  test.for([
    ["%", ["100% Real"]],
    ["_", ["Under_score", "100 Real"]],
    ["\\", ["Back\\slash"]],
    ["100%", ["100% Real"]],
    ["_corp", ["100 Real"]],
    ["müller", ["Müller GRÖSSE"]],
    ["GRÖSSE", ["Müller GRÖSSE"]],
    ["straße", ["Müller GRÖSSE"]],
    ["小龙", ["李小龙"]],
    ["功夫", ["李小龙"]],
    ["o'brien; DROP", ["O'Brien; drop table"]],
    ["under@x.example", ["Under_score"]],
    ["  real  ", ["100% Real", "100 Real"]],
    ["no such", []],
    ["%%%", []],
  ] as const)("q=%s finds the words as they are typed", async ([q, wanted]) => {
    expect((await found(`q=${encodeURIComponent(q)}`)).sort()).toEqual([...wanted].sort());
  });

  test("email is the whole address, whatever its case", async () => {
    expect(await found("email=BACK.slash%40x.EXAMPLE")).toEqual(["Back\\slash"]);
    expect(await found("email=%20under@x.example%20")).toEqual(["Under_score"]);
    expect(await found("email=x.example")).toEqual([]);
    expect(await found("email=%25")).toEqual([]);
    expect(await found("email=")).toEqual([]);
  });

  test("both must hold", async () => {
    expect(await found("email=under@x.example&q=score")).toEqual(["Under_score"]);
    expect(await found("email=under@x.example&q=real")).toEqual([]);
  });

  test("too long a search is refused", async () => {
    expect((await api.get(`/contacts?q=${"x".repeat(101)}`)).status).toBe(400);
    expect((await api.get(`/contacts?email=${"x".repeat(321)}`)).status).toBe(400);
  });
});

describe("insights and their data", () => {
  test("team, project and type; a project without teams is every team's", async () => {
    const { workspace, api } = await makeReader();
    const [one, two] = [await makeTeam(workspace), await makeTeam(workspace)];
    const forOne = await makeProject(workspace, [one]);
    const forAll = await makeProject(workspace);
    const scale = await makeInsight(workspace, forOne.id, { type: "scale" });
    const yesNo = await makeInsight(workspace, forOne.id, { type: "yes_no" });
    const general = await makeInsight(workspace, forAll.id, { type: "scale" });
    const found = async (query: string) => {
      const answer = await api.get(`/insights?${query}`);
      expect(listOf(answer).pagination.total).toBe(idsOf(answer).length);
      return idsOf(answer).sort();
    };
    expect(await found(`team_id=${one}`)).toEqual([scale, yesNo, general].sort());
    expect(await found(`team_id=${two}`)).toEqual([general]);
    expect(await found("team_id=team_unknown")).toEqual([]);
    expect(await found(`project_id=${forOne.id}`)).toEqual([scale, yesNo].sort());
    expect(await found("type=scale")).toEqual([scale, general].sort());
    expect(await found(`type=scale&project_id=${forOne.id}&team_id=${one}`)).toEqual([scale]);
    for (const wrong of ["type=Scale", "type=", "team_id=", "project_id="])
      expect((await api.get(`/insights?${wrong}`)).status).toBe(400);
  });

  test("the aggregate of every type follows the filters, and pages do not change it", async () => {
    const { workspace, api } = await makeReader();
    const team = await makeTeam(workspace);
    const project = await makeProject(workspace);
    const meetings = await makeMeetings(workspace, [
      { teamId: team, date: new Date("2026-01-10") },
      { teamId: team, date: new Date("2026-01-20") },
      { date: new Date("2026-02-10") },
    ]);
    const aggregates: [Parameters<typeof makeInsight>[2]["type"], unknown[], object, object][] = [
      ["yes_no", [true, false, null], { yes: 1, no: 1, unknown: 1 }, { yes: 1, no: 1, unknown: 0 }],
      [
        "scale",
        [1, 10, 4],
        { average: 5, min: 1, max: 10, count: 3 },
        { average: 5.5, min: 1, max: 10, count: 2 },
      ],
      ["summary", ["One", "**Two**", "Three"], { count: 3 }, { count: 2 }],
      [
        "checklist",
        [
          [{ item: "A", done: true }],
          [
            { item: "A", done: false },
            { item: "B", done: true },
          ],
          [{ item: "A", done: true }],
        ],
        {
          items: [
            { item: "A", done: 2, total: 3 },
            { item: "B", done: 1, total: 1 },
          ],
        },
        {
          items: [
            { item: "A", done: 1, total: 2 },
            { item: "B", done: 1, total: 1 },
          ],
        },
      ],
    ];
    for (const [type, values, whole, ofTeam] of aggregates) {
      const insight = await makeInsight(workspace, project.id, { type });
      for (const [index, value] of values.entries()) {
        const meeting: TestMeeting | undefined = meetings[index];
        if (meeting) await makeResult(meeting, insight, { value });
      }
      const aggregate = async (query: string) =>
        (await api.get(`/insights/${insight}/data?${query}`)).json;
      expect(await aggregate("")).toMatchObject({ type, aggregate: whole });
      expect(await aggregate("per_page=1&page=2")).toMatchObject({ aggregate: whole });
      expect(await aggregate(`team_id=${team}`)).toMatchObject({ aggregate: ofTeam });
      expect(await aggregate("date_to=2026-01-31")).toMatchObject({ aggregate: ofTeam });
      expect((await api.get(`/insights/${insight}/data?team_id=`)).status).toBe(400);
    }
  });

  test("an aggregate over nothing is empty, not an error", async () => {
    const { workspace, api } = await makeReader();
    const project = await makeProject(workspace);
    for (const [type, aggregate] of [
      ["yes_no", { yes: 0, no: 0, unknown: 0 }],
      ["scale", { average: null, min: null, max: null, count: 0 }],
      ["checklist", { items: [] }],
      ["markdown", { count: 0 }],
    ] as const) {
      const insight = await makeInsight(workspace, project.id, { type });
      expect((await api.get(`/insights/${insight}/data`)).json).toMatchObject({ aggregate });
    }
  });
});

describe("parameters that a list does not know", () => {
  test.for([
    ["/meetings", "stauts=processed", "status"],
    ["/meetings", "from=2026-01-01", null],
    ["/meetings", "perPage=50", "per_page"],
    ["/meetings", "contact_id=con_x", null],
    ["/contacts", "e-mail=x", "email"],
    ["/contacts", "status=processed", null],
    ["/insights", "projectid=x", "project_id"],
  ] as const)(
    "%s?%s is refused, and the nearest known one is named",
    async ([list, query, near]) => {
      const { api } = await makeReader();
      const answer = await api.get(`${list}?${query}`);
      expect(answer.status).toBe(400);
      const error = errorOf(answer);
      expect(Object.keys(error.details.fields ?? {})).toEqual([query.split("=")[0]]);
      if (near) expect(error.message).toContain(`Did you mean "${near}"?`);
      expect(error.fix).toMatch(/^It takes: page, per_page, cursor/);
    },
  );

  test("a parameter given twice is refused, even with one value", async () => {
    const { api } = await makeReader();
    const answer = await api.get("/meetings?status=processed&status=processed");
    expect(answer.status).toBe(400);
    expect(errorOf(answer).message).toContain('"status" is given twice');
  });
});
