import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Webhook } from "standardwebhooks";
import { beforeAll, describe, expect, inject, test, vi } from "vitest";
import { sampleRequest, sampleSecret } from "@/app/docs/webhooks/samples";
import { formatDuration } from "@/components/ui/format";
import { bodyBytesMax } from "@/lib/events/fan-out";
import { EVENTS, eventTypes } from "@/lib/events/schema";
import { PLANS } from "@/lib/plans/plans";
import { attemptTimeoutMs } from "@/lib/webhooks/make-attempt";
import { attemptDelaysSeconds } from "@/lib/webhooks/schedule";
import { logRetentionDays } from "@/lib/webhooks/schema";
import { type HtmlPage, readPage, unescapeHtml } from "./html-page";

const origin = inject("laneUrl");
const kit = join(process.cwd(), "docs", "examples", "webhooks");
let page: HtmlPage;
let blocks: readonly string[] = [];

beforeAll(async () => {
  page = await readPage(`${origin}/docs/webhooks`);
  blocks = [...page.html.matchAll(/<code>([^<]*)<\/code><\/pre>/g)].map(([, code = ""]) =>
    unescapeHtml(code),
  );
});

describe("the page about webhooks", () => {
  test("is open to everybody, sets no cookie and loads nothing from elsewhere", () => {
    expect(page.status).toBe(200);
    expect(page.headers.get("set-cookie")).toBeNull();
    expect(page.loads.length).toBeGreaterThan(0);
    expect(page.loads.filter((url) => new URL(url, origin).origin !== origin)).toEqual([]);
  });

  test("has no link to a place that it does not have", () => {
    const inside = page.links.filter((link) => link.startsWith("#"));
    expect(inside.length).toBeGreaterThan(20);
    expect(inside.filter((link) => !page.ids.has(link.slice(1)))).toEqual([]);
  });

  test("is reached from the reference, and its links into the reference hold", async () => {
    const reference = await readPage(`${origin}/docs`);
    expect(reference.links).toContain("/docs/webhooks");
    const into = page.links.filter((link) => link.startsWith("/docs#"));
    expect(into.length).toBeGreaterThan(0);
    expect(into.filter((link) => !reference.ids.has(link.slice("/docs#".length)))).toEqual([]);
  });

  test.for(readdirSync(kit).filter((name) => name !== "__pycache__"))(
    "prints %s as it is run by the tests",
    (name) => {
      expect(blocks).toContain(readFileSync(join(kit, name), "utf8").trimEnd());
    },
  );

  test.for(eventTypes)("has %s with every field of its data and a sample", (type) => {
    const { data, sample, trigger } = EVENTS[type];
    expect(page.ids).toContain(`event-${type}`);
    expect(page.text).toContain(`${trigger}.`);
    expect(Object.keys(data.shape).filter((field) => !page.text.includes(field))).toEqual([]);
    const printed = blocks.filter((code) => code.startsWith(`{\n  "event": "${type}"`));
    expect(printed.map((code) => JSON.parse(code).data)).toEqual([sample]);
  });

  test("has every code of the verify helpers", () => {
    const helper = readFileSync(join(kit, "verify-webhook.mjs"), "utf8");
    const codes = new Set([...helper.matchAll(/"([a-z]+(?:_[a-z]+)+)"/g)].map(([, code]) => code));
    expect(codes.size).toBe(7);
    expect([...codes].filter((code) => !page.ids.has(`helper-${code}`))).toEqual([]);
  });

  test("gives the numbers that the product works by", () => {
    const waits = attemptDelaysSeconds.slice(1).map((seconds) => formatDuration(seconds));
    expect(waits.filter((wait) => !page.text.includes(wait))).toEqual([]);
    expect(page.text).toContain(`${attemptDelaysSeconds.length} attempts in about 3 days`);
    expect(page.text).toContain(`within ${attemptTimeoutMs / 1000} seconds`);
    expect(page.text).toContain(`in the log for ${logRetentionDays} days`);
    expect(page.text).toContain(`at most ${bodyBytesMax.toLocaleString("en")} bytes`);
    for (const { label, webhooksMax } of Object.values(PLANS)) {
      expect(page.text).toContain(`${label} ${webhooksMax}`);
    }
  });

  test("prints a request whose signature holds for the secret beside it", () => {
    expect(blocks).toContain(sampleRequest());
    expect(page.text).toContain(sampleSecret);
    const [head = "", body = ""] = sampleRequest().split("\n\n");
    const headers = Object.fromEntries(
      head
        .split("\n")
        .slice(1)
        .map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]),
    );
    vi.useFakeTimers({ now: Number(headers["webhook-timestamp"]) * 1000, toFake: ["Date"] });
    try {
      expect(new Webhook(sampleSecret).verify(body, headers)).toEqual(JSON.parse(body));
      expect(() => new Webhook(sampleSecret).verify(`${body} `, headers)).toThrow(/signature/);
    } finally {
      vi.useRealTimers();
    }
  });
});
