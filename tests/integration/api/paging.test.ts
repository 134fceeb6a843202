import { beforeAll, describe, expect, test } from "vitest";
import { newId } from "@/lib/core/ids";
import { type Api, errorOf, idsOf, listOf, makeApi } from "../../support/api-client";
import { doors } from "../../support/doors";
import {
  makeContact,
  makeInsight,
  makeKey,
  makeMeeting,
  makeMeetings,
  makeProject,
  makeResult,
  makeWorkspace,
  type TestWorkspace,
} from "../../support/factories";
import { expectInvariants } from "../../support/invariants";
import { sql } from "../../support/pg";

const [{ url: laneUrl }] = doors;

/** A workspace with a key, and a client of the fast lane that uses it. */
async function makeReader(): Promise<{ workspace: TestWorkspace; api: Api }> {
  const workspace = await makeWorkspace();
  const { token } = await makeKey(workspace.admin);
  return { workspace, api: await makeApi(laneUrl, { key: token }) };
}

/** `n` rows whose dates tie in threes, and differ by one microsecond from group to group. */
async function makeTiedMeetings(workspace: TestWorkspace, n: number): Promise<void> {
  const ids = Array.from({ length: n }, () => newId("meeting"));
  await sql`insert into meetings (id, workspace_id, title, date, status, source, progress)
    select id, ${workspace.id}, 'Tied ' || nr, timestamptz '2026-02-01 10:00:00Z'
      + ((nr / 3) * interval '1 microsecond'), 'processed', 'api', 100
    from unnest(${ids}::text[]) with ordinality x(id, nr)`;
}

/** The order in which the API has to show a workspace's meetings. */
async function idsInOrder(workspaceId: string): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select id from meetings where workspace_id = ${workspaceId} order by date desc, id desc`;
  return rows.map(({ id }) => id);
}

/** Follows next_cursor from a first request to the end; `between` runs after every page. */
async function walk(
  api: Api,
  path: string,
  between: (page: number) => Promise<void> = async () => undefined,
): Promise<string[]> {
  const seen: string[] = [];
  const join = path.includes("?") ? "&" : "?";
  let answer = await api.get(path);
  for (let page = 1; ; page += 1) {
    expect(answer.status).toBe(200);
    const { data, pagination } = listOf(answer);
    seen.push(...data.map(({ id }) => id));
    expect(pagination.has_more).toBe(pagination.next_cursor !== null);
    if (pagination.next_cursor === null) return seen;
    expect(data).toHaveLength(pagination.per_page);
    await between(page);
    answer = await api.get(`${path}${join}cursor=${pagination.next_cursor}`);
    expect(listOf(answer).pagination.page).toBeNull();
  }
}

describe("page and per_page", () => {
  let api: Api;
  let workspace: TestWorkspace;
  let all: string[];

  beforeAll(async () => {
    ({ workspace, api } = await makeReader());
    await makeTiedMeetings(workspace, 120);
    all = await idsInOrder(workspace.id);
  });

  test("default to the first 20, the newest first and ties by id", async () => {
    const answer = await api.get("/meetings");
    expect(idsOf(answer)).toEqual(all.slice(0, 20));
    expect(listOf(answer).pagination).toStrictEqual({
      page: 1,
      per_page: 20,
      total: 120,
      has_more: true,
      next_cursor: expect.any(String),
    });
  });

  test("the seed's page=2&per_page=50 gives rows 51 to 100", async () => {
    const answer = await api.get("/meetings?page=2&per_page=50");
    expect(idsOf(answer)).toEqual(all.slice(50, 100));
    expect(listOf(answer).pagination).toMatchObject({ page: 2, per_page: 50, total: 120 });
  });

  test("cover everything once, and has_more ends on the last page", async () => {
    const seen: string[] = [];
    const more: boolean[] = [];
    for (const page of [1, 2, 3, 4]) {
      const answer = await api.get(`/meetings?page=${page}&per_page=30`);
      seen.push(...idsOf(answer));
      more.push(listOf(answer).pagination.has_more);
    }
    expect(seen).toEqual(all);
    expect(more).toEqual([true, true, true, false]);
  });

  test("per_page above 100 is clamped, and the answer says so", async () => {
    const answer = await api.get("/meetings?per_page=5000");
    expect(idsOf(answer)).toEqual(all.slice(0, 100));
    expect(listOf(answer).pagination.per_page).toBe(100);
  });

  test.for([7, 100, 999_999_999])(
    "page %i past the end is empty, with the same total",
    async (page) => {
      const answer = await api.get(`/meetings?page=${page}`);
      expect(answer.status).toBe(200);
      expect(answer.json).toStrictEqual({
        data: [],
        pagination: { page, per_page: 20, total: 120, has_more: false, next_cursor: null },
      });
    },
  );

  test.for(["0", "-1", "1.5", "x", "", "1e3", "%2B1", "0x10", "９", "9999999999", "1%00"])(
    "page=%s is refused",
    async (value) => {
      for (const name of ["page", "per_page"]) {
        const answer = await api.get(
          `/meetings?${name}=${encodeURIComponent(decodeURIComponent(value))}`,
        );
        expect(answer.status).toBe(400);
        expect(Object.keys(errorOf(answer).details.fields ?? {})).toEqual([name]);
      }
    },
  );

  test("leading zeros are a number all the same", async () => {
    expect(idsOf(await api.get("/meetings?page=02&per_page=050"))).toEqual(all.slice(50, 100));
  });
});

describe("the cursor", () => {
  test.for([1, 7, 20, 100])("walks 90 tied meetings in steps of %i, each once", async (perPage) => {
    const { workspace, api } = await makeReader();
    await makeTiedMeetings(workspace, 90);
    expect(await walk(api, `/meetings?per_page=${perPage}`)).toEqual(
      await idsInOrder(workspace.id),
    );
  });

  test("neither skips nor repeats what was there, while rows come and go around it", async () => {
    const { workspace, api } = await makeReader();
    await makeTiedMeetings(workspace, 60);
    const before = await idsInOrder(workspace.id);
    const removed = before.filter((_, index) => index % 7 === 6);
    const seen = await walk(api, "/meetings?per_page=10", async (page) => {
      await makeMeetings(workspace, [
        { date: new Date("2027-01-01") },
        { date: new Date("2025-01-01") },
        { date: new Date("2026-02-01T10:00:00Z") },
      ]);
      const id = removed[page] ?? "";
      await sql`delete from meetings where id = ${id}`;
    });
    expect(new Set(seen).size).toBe(seen.length);
    const kept = before.filter((id) => !removed.slice(1, 7).includes(id));
    expect(seen.filter((id) => kept.includes(id))).toEqual(kept);
  });

  test("goes on from any page", async () => {
    const { workspace, api } = await makeReader();
    await makeTiedMeetings(workspace, 30);
    const all = await idsInOrder(workspace.id);
    const second = await api.get("/meetings?page=2&per_page=10");
    const { next_cursor: cursor } = listOf(second).pagination;
    const third = await api.get(`/meetings?per_page=10&cursor=${cursor}`);
    expect(idsOf(third)).toEqual(all.slice(20));
    expect(listOf(third).pagination).toStrictEqual({
      page: null,
      per_page: 10,
      total: 30,
      has_more: false,
      next_cursor: null,
    });
  });

  test("keeps its filters, and may change the step", async () => {
    const { workspace, api } = await makeReader();
    await makeMeetings(
      workspace,
      Array.from({ length: 20 }, (_, n) => ({ status: n % 2 ? "queued" : "processed" })),
    );
    const first = await api.get("/meetings?status=queued&per_page=3");
    const { next_cursor: cursor } = listOf(first).pagination;
    const rest = await api.get(`/meetings?status=queued&per_page=50&cursor=${cursor}`);
    expect(idsOf(rest)).toHaveLength(7);
    expect(new Set([...idsOf(first), ...idsOf(rest)]).size).toBe(10);
  });

  test("walks contacts of one name, definitions and answers of one instant", async () => {
    const { workspace, api } = await makeReader();
    const people: string[] = [];
    for (let n = 0; n < 9; n += 1)
      people.push(await makeContact(workspace, { name: n < 6 ? 'Same "Name"' : `Other ${n}` }));
    const project = await makeProject(workspace);
    const createdAt = new Date("2026-01-01");
    const definitions: string[] = [];
    for (let n = 0; n < 7; n += 1)
      definitions.push(await makeInsight(workspace, project.id, { type: "scale", createdAt }));
    const [definition = ""] = definitions;
    const results: string[] = [];
    for (const meeting of await makeMeetings(workspace, Array(8).fill({})))
      results.push(await makeResult(meeting, definition, { value: 5 }));
    for (const [path, wanted] of [
      ["/contacts", people],
      ["/insights", definitions],
      [`/insights/${definition}/data`, results],
    ] as const) {
      const seen = await walk(api, `${path}?per_page=2`);
      expect(seen).toHaveLength(wanted.length);
      expect(new Set(seen)).toEqual(new Set(wanted));
      const paged = await Promise.all(
        [1, 2, 3, 4, 5].map(async (page) =>
          idsOf(await api.get(`${path}?per_page=2&page=${page}`)),
        ),
      );
      expect(paged.flat()).toEqual(seen);
    }
  });
});

describe("a cursor that does not belong here is refused", () => {
  let api: Api;
  let other: Api;
  let workspace: TestWorkspace;
  let cursor: string;
  let contactId: string;
  let insightId: string;

  const refused = async (client: Api, path: string) => {
    const answer = await client.get(path);
    expect(answer.status).toBe(400);
    expect(errorOf(answer).code).toBe("invalid_request");
    return errorOf(answer);
  };

  beforeAll(async () => {
    ({ workspace, api } = await makeReader());
    other = (await makeReader()).api;
    await makeTiedMeetings(workspace, 5);
    const meeting = await makeMeeting(workspace);
    contactId = await makeContact(workspace, {}, [meeting]);
    insightId = await makeInsight(workspace, (await makeProject(workspace)).id, { type: "yes_no" });
    cursor = listOf(await api.get("/meetings?per_page=2")).pagination.next_cursor ?? "";
    expect((await api.get(`/meetings?cursor=${cursor}`)).status).toBe(200);
  });

  test("with page", async () => {
    const error = await refused(api, `/meetings?page=1&cursor=${cursor}`);
    expect(error.details.fields).toHaveProperty("page");
  });

  test.for(["status=processed", "date_from=2026-01-01", "user_id=usr_x", "team_id=team_x"])(
    "with another filter: %s",
    async (filter) => {
      await refused(api, `/meetings?${filter}&cursor=${cursor}`);
    },
  );

  test("in another workspace", async () => {
    await refused(other, `/meetings?cursor=${cursor}`);
  });

  test("on another list, though it has no filters either", async () => {
    for (const path of [
      "/contacts",
      "/insights",
      `/contacts/${contactId}/meetings`,
      `/insights/${insightId}/data`,
    ])
      await refused(api, `${path}?cursor=${cursor}`);
    await makeContact(workspace, { name: "One more" });
    const ofContacts = listOf(await api.get("/contacts?per_page=1")).pagination.next_cursor;
    await refused(api, `/meetings?cursor=${ofContacts}`);
    await refused(api, `/insights?cursor=${ofContacts}`);
  });

  test("changed in any place", async () => {
    for (let at = 0; at < cursor.length; at += 9) {
      const changed = `${cursor.slice(0, at)}${cursor[at] === "A" ? "B" : "A"}${cursor.slice(at + 1)}`;
      await refused(api, `/meetings?cursor=${changed}`);
    }
    for (const changed of [
      "",
      ".",
      "x",
      cursor.slice(0, -1),
      `${cursor}A`,
      `${cursor}.`,
      `${cursor}.x`,
      `.${cursor}`,
      cursor.replace(".", ""),
      cursor.split(".").reverse().join("."),
      "%00",
      "x".repeat(2000),
    ])
      await refused(api, `/meetings?cursor=${changed}`);
  });
});

describe("totals", () => {
  test("stay exact under 200 writers at once, deletes and status changes included", async () => {
    const { workspace, api } = await makeReader();
    const rows = await makeMeetings(workspace, Array(60).fill({ status: "queued" }));
    const writers = [
      (_id: string, n: number) =>
        makeMeeting(workspace, { status: n % 8 === 0 ? "processed" : "queued" }),
      (id: string) =>
        sql`update meetings set status = 'processing' where id = ${id} and status = 'queued'`,
      (id: string) =>
        sql`update meetings set status = 'failed', failure_code = 'internal_error'
          where id = ${id} and status = 'processing'`,
      (id: string) => sql`delete from meetings where id = ${id}`,
      () =>
        sql`insert into meetings (id, workspace_id, title, date, status, source)
          select ${newId("meeting")} || g, ${workspace.id}, 'Many', now(),
            case when g = 1 then 'queued' else 'processed' end, 'api' from generate_series(1, 3) g`,
    ];
    await Promise.all(
      Array.from({ length: 200 }, (_, n) =>
        writers[n % writers.length]?.(rows[(n * 7) % 60]?.id ?? "", n),
      ),
    );
    await expectInvariants(workspace.id);
    const [counted] = await sql<{ n: number; queued: number }[]>`
      select count(*)::int as n, (count(*) filter (where status = 'queued'))::int as queued
      from meetings where workspace_id = ${workspace.id}`;
    const total = async (query: string) =>
      listOf(await api.get(`/meetings?${query}`)).pagination.total;
    expect(await total("per_page=1")).toBe(counted?.n);
    expect(await total("status=queued")).toBe(counted?.queued);
    expect(await total("date_from=1990-01-01")).toBe(counted?.n);
    expect(await total("status=recording")).toBe(0);
  });

  test("are zero in an empty workspace, on every list", async () => {
    const { api } = await makeReader();
    for (const path of ["/meetings", "/contacts", "/insights"]) {
      const answer = await api.get(path);
      expect(answer.json).toStrictEqual({
        data: [],
        pagination: { page: 1, per_page: 20, total: 0, has_more: false, next_cursor: null },
      });
    }
  });

  test("and rows agree within one answer, while others write", async () => {
    const { workspace, api } = await makeReader();
    let isWriting = true;
    const writer = (async () => {
      while (isWriting) {
        const { id } = await makeMeeting(workspace);
        await sql`delete from meetings where id = ${id}`;
      }
    })();
    for (let n = 0; n < 40; n += 1) {
      const { data, pagination } = listOf(await api.get("/meetings"));
      expect(data).toHaveLength(pagination.total);
    }
    isWriting = false;
    await writer;
  });
});
