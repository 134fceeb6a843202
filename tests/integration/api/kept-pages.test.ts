import { beforeAll, describe, expect, test } from "vitest";
import { revokeApiKey } from "@/lib/api-keys/service";
import { type Api, errorOf, listOf, makeApi } from "../../support/api-client";
import { doors } from "../../support/doors";
import {
  makeKey,
  makeMeeting,
  makeMeetings,
  makeWorkspace,
  type TestWorkspace,
} from "../../support/factories";
import { sql } from "../../support/pg";

// A page of meetings that has not changed is not made again. Whatever changes, in whatever process, the next request
// sees it: both web servers are asked after each change, having kept the page before it.

describe.each(doors)("through the $door door", ({ url }) => {
  let workspace: TestWorkspace;
  let api: Api;

  beforeAll(async () => {
    workspace = await makeWorkspace();
    await makeMeetings(
      workspace,
      Array.from({ length: 30 }, (_, n) => ({ title: `Meeting ${n}` })),
    );
    api = await makeApi(url, { key: (await makeKey(workspace.admin)).token });
  });

  const page = async () => listOf(await api.get("/meetings?per_page=5"));

  test("the same page twice is the same to the byte, ETag included", async () => {
    const [first, second] = [await api.get("/meetings"), await api.get("/meetings")];
    expect(second.text).toBe(first.text);
    expect(second.headers.etag).toBe(first.headers.etag);
    expect(
      (await api.get("/meetings", { "if-none-match": String(first.headers.etag) })).status,
    ).toBe(304);
  });

  test.each([
    ["a new title", "title = 'Renamed'"],
    ["a new date", "date = date + interval '1 hour'"],
    ["a new duration", "duration_seconds = duration_seconds + 1"],
    ["a new status", "status = 'queued', progress = 0"],
  ])("%s is seen by the next request", async (_what, change) => {
    const [before] = (await page()).data;
    await sql.unsafe(`update meetings set ${change} where id = '${before?.id}'`);
    const [row] = await sql`select id, title, duration_seconds as duration, status,
      to_char(date at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as date
      from meetings where id = ${before?.id ?? ""}`;
    expect((await page()).data[0]).toEqual(row);
    expect(row).not.toEqual(before);
  });

  test("a new meeting and a deleted one are seen, with their totals", async () => {
    const before = await page();
    const { id } = await makeMeeting(workspace, { date: new Date("2026-03-01T10:00:00Z") });
    const after = await page();
    expect([after.data[0]?.id, after.pagination.total]).toEqual([id, before.pagination.total + 1]);
    await sql`delete from meetings where id = ${id}`;
    expect(await page()).toEqual(before);
  });

  test("a change that no list shows leaves the page as it is", async () => {
    const before = await api.get("/meetings");
    await sql`update meetings set progress = 50 where workspace_id = ${workspace.id}`;
    const [row] =
      await sql`select version from meeting_versions where workspace_id = ${workspace.id}`;
    await sql`update meetings set progress = 100 where workspace_id = ${workspace.id}`;
    expect(
      await sql`select version from meeting_versions where workspace_id = ${workspace.id}`,
    ).toEqual([row]);
    expect((await api.get("/meetings")).text).toBe(before.text);
  });

  test("pages of other sizes, places, filters and workspaces are kept apart", async () => {
    const other = await makeWorkspace();
    const stranger = api.with({ key: (await makeKey(other.admin)).token });
    for (let round = 0; round < 2; round += 1) {
      const sizes = await Promise.all(
        ["", "?per_page=7", "?page=2", "?status=failed", "?per_page=7&page=2"].map(async (query) =>
          listOf(await api.get(`/meetings${query}`)),
        ),
      );
      expect(new Set(sizes.map((one) => JSON.stringify(one))).size).toBe(5);
      expect(listOf(await stranger.get("/meetings")).data).toEqual([]);
    }
  });

  test("a kept page is not given to a key that was revoked", async () => {
    const key = await makeKey(workspace.admin);
    const once = api.with({ key: key.token });
    expect((await once.get("/meetings")).status).toBe(200);
    await revokeApiKey(await workspace.admin.ctx(), { id: key.id });
    expect(errorOf(await once.get("/meetings")).code).toBe("unauthorized");
  });
});

test("readers beside writers never see an older page than one they have seen", async () => {
  const workspace = await makeWorkspace();
  const { token } = await makeKey(workspace.admin);
  const apis = await Promise.all(doors.map(({ url }) => makeApi(url, { key: token })));
  const { id } = await makeMeeting(workspace, { title: "0" });
  let isWriting = true;
  const writing = (async () => {
    for (let n = 1; n <= 150; n += 1)
      await sql`update meetings set title = ${String(n)} where id = ${id}`;
    isWriting = false;
  })();
  await Promise.all(
    apis.map(async (api) => {
      let seen = 0;
      while (isWriting) {
        const title = Number(
          (listOf(await api.get("/meetings")).data[0] as { title?: string })?.title,
        );
        expect(title).toBeGreaterThanOrEqual(seen);
        seen = title;
      }
      expect(listOf(await api.get("/meetings")).data[0]).toMatchObject({ title: "150" });
    }),
  );
  await writing;
});
