import { randomBytes } from "node:crypto";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { type ListScope, pageJson, pageQuery, sliceOf } from "@/lib/http/page";

beforeAll(() => {
  vi.stubEnv("HARMONY_SECRET", randomBytes(32).toString("base64"));
});

const scope: ListScope = {
  list: "meetings",
  workspaceId: "wsp_1",
  filters: { status: "processed", team_id: undefined },
};
const answerShape = z.object({
  data: z.array(z.unknown()),
  pagination: z.object({ has_more: z.boolean(), next_cursor: z.string().nullable() }),
});

function answer(values: Partial<Parameters<typeof pageJson>[0]>, slice = sliceOf({}, scope)) {
  const row = { total: 50, data: "[1]", n: 20, more: null, last_key: ["5", "mtg_1"], ...values };
  return answerShape.parse(JSON.parse(pageJson(row, slice, scope).text));
}

const cursorOf = () => answer({}).pagination.next_cursor ?? "";
const refusal = expect.objectContaining({ code: "invalid_request" });

describe("sliceOf", () => {
  test("a page is an offset", () => {
    expect(sliceOf({}, scope)).toEqual({ perPage: 20, page: 1, offset: 0, after: null });
    expect(sliceOf({ page: 3, per_page: 50 }, scope)).toMatchObject({ offset: 100, page: 3 });
  });

  test("a cursor is the key of the last row, and has no page", () => {
    expect(sliceOf({ cursor: cursorOf(), per_page: 5 }, scope)).toEqual({
      perPage: 5,
      page: null,
      offset: 0,
      after: ["5", "mtg_1"],
    });
  });

  test("a filter that is not given is no filter, in whatever order", () => {
    const same = { ...scope, filters: { q: undefined, status: "processed" } };
    expect(sliceOf({ cursor: cursorOf() }, same).after).toEqual(["5", "mtg_1"]);
  });

  test.for([
    { ...scope, list: "contacts" },
    { ...scope, workspaceId: "wsp_2" },
    { ...scope, filters: {} },
    { ...scope, filters: { status: "failed" } },
    { ...scope, filters: { status: "processed", q: "x" } },
  ])("a cursor of another scope is refused: %#", (other) => {
    expect(() => sliceOf({ cursor: cursorOf() }, other)).toThrow(refusal);
  });

  test("page and cursor exclude each other", () => {
    expect(() => sliceOf({ cursor: cursorOf(), page: 1 }, scope)).toThrow(refusal);
  });

  test.for(["", ".", "a.b", "a", "bm90IGpzb24.sig"])("%j is no cursor", (cursor) => {
    expect(() => sliceOf({ cursor }, scope)).toThrow(refusal);
  });
});

describe("pageJson", () => {
  test("goes on while rows are left, and ends on the last", () => {
    expect(answer({ n: 20, total: 21 }).pagination.has_more).toBe(true);
    expect(answer({ n: 20, total: 20 }).pagination).toMatchObject({
      has_more: false,
      next_cursor: null,
    });
    expect(answer({ n: 0, total: 50, last_key: null }).pagination.next_cursor).toBeNull();
  });

  test("believes the database when it looked for one more", () => {
    expect(answer({ more: false, n: 1, total: 50 }).pagination.has_more).toBe(false);
    expect(answer({ more: true, n: 20, total: 20 }).pagination.has_more).toBe(true);
  });

  test("puts what a list has beside its rows in front", () => {
    const row = { total: 0, data: "[]", n: 0, more: false, last_key: null };
    const { text } = pageJson(row, sliceOf({}, scope), scope, '"type":"scale",');
    expect(text).toMatch(/^\{"type":"scale","data":\[\],"pagination":\{/);
  });
});

describe("the query", () => {
  const query = z.object(pageQuery);

  test("takes whole numbers from 1 on, and clamps per_page", () => {
    expect(query.parse({ page: "2", per_page: "500" })).toEqual({ page: 2, per_page: 100 });
    expect(query.parse({ page: "007" })).toEqual({ page: 7 });
  });

  test.for(["0", "-1", "1.5", "", " 1", "1 ", "1e3", "٣", "1234567890"])("refuses %j", (text) => {
    expect(query.safeParse({ page: text }).success).toBe(false);
    expect(query.safeParse({ per_page: text }).success).toBe(false);
  });
});
