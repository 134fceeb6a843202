import { beforeAll, describe, expect, inject, test } from "vitest";
import { z } from "zod";
import { bestPracticeSamples } from "@/app/docs/samples";
import { STATUS_BY_CODE } from "@/lib/core/errors";
import { PLANS } from "@/lib/plans/plans";
import { type HtmlPage, readPage } from "./html-page";

const origin = inject("laneUrl");
let page: HtmlPage;

beforeAll(async () => {
  page = await readPage(`${origin}/docs`);
});

const operationIds = z
  .object({
    paths: z.record(z.string(), z.record(z.string(), z.object({ operationId: z.string() }))),
  })
  .transform(({ paths }) =>
    Object.values(paths).flatMap((item) => Object.values(item).map((one) => one.operationId)),
  );

describe("the reference", () => {
  test("is open to everybody and sets no cookie", () => {
    expect(page.status).toBe(200);
    expect(page.headers.get("content-type")).toMatch(/^text\/html/);
    expect(page.headers.get("set-cookie")).toBeNull();
  });

  test("has a place for every operation of the OpenAPI document", async () => {
    const document: unknown = await (await fetch(`${origin}/api/v1/openapi.json`)).json();
    const ids = operationIds.parse(document);
    expect(ids.length).toBeGreaterThanOrEqual(13);
    expect(ids.filter((id) => !page.ids.has(id))).toEqual([]);
  });

  test("has a place for every error code", () => {
    const missing = Object.keys(STATUS_BY_CODE).filter((code) => !page.ids.has(`error-${code}`));
    expect(missing).toEqual([]);
  });

  test("is where doc_url of an error leads", async () => {
    const response = await fetch(`${origin}/v1/meetings/mtg_missing`);
    const body = z.object({ error: z.object({ doc_url: z.url() }) }).parse(await response.json());
    const target = new URL(body.error.doc_url);
    expect(target.origin + target.pathname).toBe(`${origin}/docs`);
    expect(page.ids).toContain(target.hash.slice(1));
  });

  test("has no link to a place that it does not have", () => {
    const inside = page.links.filter((link) => link.startsWith("#"));
    expect(inside.length).toBeGreaterThan(20);
    expect(inside.filter((link) => !page.ids.has(link.slice(1)))).toEqual([]);
  });

  test("loads nothing from anywhere else, and its policy would not let it", () => {
    const outside = page.loads.filter(
      (url) => new URL(url, origin).origin !== origin && !url.startsWith("data:"),
    );
    expect(page.loads.length).toBeGreaterThan(0);
    expect(outside).toEqual([]);
    expect(page.headers.get("content-security-policy")).toContain("default-src 'self'");
  });

  test("shows the calls of the product's documentation, with this host", () => {
    const calls = [
      `curl -X GET "${origin}/v1/meetings" \\ -H "Authorization: Bearer YOUR_API_KEY" \\ -H "Content-Type: application/json"`,
      `curl -X GET "${origin}/v1/meetings/mtg_abc123/transcript" \\ -H "Authorization: Bearer YOUR_API_KEY"`,
      `curl -X POST "${origin}/v1/meetings/upload" \\ -H "Authorization: Bearer YOUR_API_KEY" \\ -F "file=@recording.mp3" \\ -F "title=Customer Call" \\ -F "date=2026-02-01T10:00:00Z"`,
      `${origin}/v1/meetings?page=2&per_page=50`,
      `${origin}/v1/meetings?date_from=2026-01-01&date_to=2026-01-31&status=processed`,
    ];
    expect(calls.filter((call) => !page.text.includes(call))).toEqual([]);
  });

  test("shows every program in every language without JavaScript's help", () => {
    const programs = Object.values(bestPracticeSamples(`${origin}/v1`)).flatMap((sample) =>
      sample.programs.map(({ code }) => code.replace(/\s+/g, " ").trim()),
    );
    expect(programs).toHaveLength(9);
    expect(programs.filter((code) => !page.text.includes(code))).toEqual([]);
  });

  test.for(Object.values(PLANS))("gives the limit of $label as the plans have it", (plan) => {
    const limit = plan.requestsPerMinute.toLocaleString("en");
    expect(page.text).toContain(
      `${plan.label} API access ${plan.apiAccess} Requests a minute ${limit}`,
    );
  });

  test("promises no SDK that is not there", () => {
    expect(page.text).toContain("are being built and have not been released");
    expect(page.text).not.toMatch(/npm install|pip install|gem install/);
  });
});
