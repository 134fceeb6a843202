import { describe, expect, it } from "vitest";
import { refuseFile } from "./accept-file";
import { activeHref } from "./active-href";
import {
  formatBytes,
  formatClock,
  formatCount,
  formatDuration,
  formatMilliseconds,
  initials,
} from "./format";
import { pageItems } from "./page-items";
import { problemText } from "./problem";
import { toQuery, withQuery } from "./query-string";
import { formatUtc, formatWhen } from "./when";

describe("lengths and sizes", () => {
  it.each([
    [0, "0 s"],
    [59.4, "59 s"],
    [59.6, "1 min"],
    [3569, "59 min"],
    [3571, "1 h 00 min"],
    [3900, "1 h 05 min"],
    [-5, "0 s"],
  ])("%d seconds read as %s", (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  it.each([
    [7, "0:07"],
    [750, "12:30"],
    [3725, "1:02:05"],
  ])("second %d of a recording reads as %s", (seconds, text) => {
    expect(formatClock(seconds)).toBe(text);
  });

  it.each([
    [0, "0 bytes"],
    [999, "999 bytes"],
    [1500, "1.5 KB"],
    [20_000_000, "20 MB"],
    [2_147_483_648, "2.1 GB"],
  ])("%d bytes read as %s", (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it("counts name one thing in the singular", () => {
    expect(formatCount(1, "meeting")).toBe("1 meeting");
    expect(formatCount(1284, "meeting")).toBe("1,284 meetings");
    expect(formatCount(0, "delivery", "deliveries")).toBe("0 deliveries");
  });

  it("request times switch to seconds at one second", () => {
    expect([formatMilliseconds(999), formatMilliseconds(1240)]).toEqual(["999 ms", "1.24 s"]);
  });

  it("initials work for names, addresses, other scripts and nothing", () => {
    const names = ["Ada Lindqvist", "ada", "priya.raman@example.com", "王小明", "Å B Ç", " "];
    expect(names.map(initials)).toEqual(["AL", "A", "PR", "王", "ÅÇ", "?"]);
  });
});

describe("moments", () => {
  const berlin = { timeZone: "Europe/Berlin", now: new Date("2026-11-22T13:05:00Z") };

  it.each([
    ["2026-11-22T13:05:00Z", "Today 14:05"],
    ["2026-11-21T23:30:00Z", "Today 00:30"],
    ["2026-11-21T22:30:00Z", "Yesterday 23:30"],
    ["2026-11-23T08:00:00Z", "Tomorrow 09:00"],
    ["2026-02-03T11:15:00Z", "3 Feb 2026"],
  ])("%s reads as %s in Berlin", (iso, text) => {
    expect(formatWhen(new Date(iso), berlin)).toBe(text);
  });

  it("yesterday survives the change of the clocks", () => {
    const now = new Date("2026-10-25T23:30:00+01:00");
    const before = new Date("2026-10-24T00:10:00+02:00");
    expect(formatWhen(before, { timeZone: "Europe/Berlin", now })).toBe("Yesterday 00:10");
  });

  it("without a known now nothing is called today", () => {
    const clock = { timeZone: "UTC", now: null };
    expect(formatWhen(new Date("2026-11-22T13:05:00Z"), clock, "datetime")).toBe(
      "22 Nov 2026, 13:05",
    );
  });

  it("the tooltip names the zone", () => {
    expect(formatUtc(new Date("2026-11-22T14:05:09Z"))).toBe("Sun 22 Nov 2026, 14:05:09 UTC");
  });
});

describe("paging and addresses", () => {
  it.each([
    [1, 1, [1]],
    [3, 7, [1, 2, 3, 4, 5, 6, 7]],
    [4, 8, [1, 2, 3, 4, 5, "gap-end", 8]],
    [5, 8, [1, "gap-start", 4, 5, 6, 7, 8]],
    [6, 12, [1, "gap-start", 5, 6, 7, "gap-end", 12]],
  ])("page %d of %d shows the right numbers", (page, pages, items) => {
    expect(pageItems(page, pages)).toEqual(items);
  });

  it("every page is reachable in steps and no entry is out of range", () => {
    for (let pages = 1; pages <= 30; pages += 1) {
      for (let page = 1; page <= pages; page += 1) {
        const numbers = pageItems(page, pages).filter((item) => typeof item === "number");
        expect(numbers).toContain(page);
        expect(numbers[0]).toBe(1);
        expect(numbers.at(-1)).toBe(pages);
        expect(new Set(numbers).size).toBe(numbers.length);
      }
    }
  });

  it("a change of one parameter keeps the others and removes emptied ones", () => {
    expect(withQuery("q=a&status=failed&page=4", { q: "b c", page: null })).toBe(
      "?q=b+c&status=failed",
    );
    expect(withQuery("q=a", { q: "" })).toBe("");
  });

  it("repeated parameters survive the way through a page's searchParams", () => {
    expect(toQuery({ tag: ["a", "b"], q: "x&y", none: undefined })).toBe("tag=a&tag=b&q=x%26y");
  });

  it("the longest matching link is the current one, and Home is only itself", () => {
    const hrefs = ["/", "/settings/integrations", "/settings/integrations/api"];
    expect(activeHref("/settings/integrations/api/docs", hrefs)).toBe("/settings/integrations/api");
    expect(activeHref("/settings/integrations/hubspot", hrefs)).toBe("/settings/integrations");
    expect(activeHref("/settings/integrationsx", hrefs)).toBeNull();
    expect(activeHref("/", hrefs)).toBe("/");
  });
});

describe("files and failures in words", () => {
  const rules = { accept: [".vtt", "audio/*"], maxBytes: 1000 };

  it("a fitting file is taken, by extension or by type", () => {
    expect(refuseFile({ name: "A.VTT", type: "", size: 10 }, rules)).toBeNull();
    expect(refuseFile({ name: "a.xyz", type: "audio/ogg", size: 10 }, rules)).toBeNull();
  });

  it.each([
    [{ name: "a.exe", type: "application/x", size: 10 }, /format.*Choose \.vtt/],
    [{ name: "a.vtt", type: "", size: 0 }, /empty/],
    [{ name: "a.vtt", type: "", size: 1500 }, /1\.5 KB; the limit is 1 KB/],
    [{ name: "vtt", type: "audiobook", size: 1 }, /format/],
  ])("a refused file says why", (file, reason) => {
    expect(refuseFile(file, rules)).toMatch(reason);
  });

  it("message and remedy become sentences", () => {
    expect(problemText({ message: "The key is gone", fix: "Generate another." })).toBe(
      "The key is gone. Generate another.",
    );
  });
});
