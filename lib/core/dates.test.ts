import { describe, expect, test } from "vitest";
import { clockOf, dateRange, isoSeconds, parseIso } from "@/lib/core/dates";

describe("parseIso", () => {
  test.for([
    ["2026-01-31", "2026-01-31T00:00:00.000Z"],
    ["2024-02-29", "2024-02-29T00:00:00.000Z"],
    ["2026-01-31T09:00Z", "2026-01-31T09:00:00.000Z"],
    ["2026-01-31T09:00:05", "2026-01-31T09:00:05.000Z"],
    ["2026-01-31 09:00:05", "2026-01-31T09:00:05.000Z"],
    ["2026-01-31T09:00:05.123456789Z", "2026-01-31T09:00:05.123Z"],
    ["2026-01-31T09:00:00+02:00", "2026-01-31T07:00:00.000Z"],
    ["2026-01-31T23:30:00-0530", "2026-02-01T05:00:00.000Z"],
    ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59.000Z"],
  ] as const)("%s is %s", ([text, instant]) => {
    expect(parseIso(text)?.at.toISOString()).toBe(instant);
  });

  test.for([
    "",
    "yesterday",
    "2026",
    "2026-1-1",
    "2026-13-01",
    "2026-00-10",
    "2026-02-30",
    "2025-02-29",
    "2026-02-30T09:00:00Z",
    "2026-01-31T25:00:00Z",
    "2026-01-31T09:60:00Z",
    "2026-01-31T09:00:00+99:00",
    "2026-01-31T09:00:00 02:00",
    "1899-12-31",
    "9999-12-31T23:59:59-10:00",
    "+010000-01-01",
    "2026-01-31T09:00:00Z'",
    "２０２６-01-31",
  ])("%s is refused", (text) => {
    expect(parseIso(text)).toBeNull();
  });
});

describe("dateRange", () => {
  test("covers the whole day of a bare date_to", () => {
    expect(dateRange("2026-01-01", "2026-01-31")).toEqual({
      from: "2026-01-01T00:00:00.000Z",
      before: "2026-02-01T00:00:00.000Z",
      isEmpty: false,
    });
  });

  test("covers the whole second of an instant, and one millisecond of an exact one", () => {
    expect(dateRange(undefined, "2026-01-31T09:00:00Z").before).toBe("2026-01-31T09:00:01.000Z");
    expect(dateRange(undefined, "2026-01-31T09:00:00.5Z").before).toBe("2026-01-31T09:00:00.501Z");
  });

  test("has no upper end behind the last day that can be written", () => {
    expect(dateRange("2026-01-01", "9999-12-31").before).toBeNull();
  });

  test.for([
    ["2026-02-01", "2026-01-31", true],
    ["2026-01-31", "2026-01-31", false],
    ["2026-01-31T23:59:59Z", "2026-01-31", false],
    ["2026-01-31T09:00:00Z", "2026-01-31T09:00:00Z", false],
    ["2026-01-31T09:00:00.500Z", "2026-01-31T09:00:00Z", true],
    ["2026-01-31T09:00:00+02:00", "2026-01-31T08:00:00Z", false],
    [undefined, "2026-01-31", false],
    ["2026-01-31", undefined, false],
  ] as const)("from %s to %s is upside down: %s", ([from, to, isEmpty]) => {
    expect(dateRange(from, to).isEmpty).toBe(isEmpty);
  });
});

test("clockOf counts hours beyond two digits and rounds down", () => {
  expect([0, 999, 59_999, 3_725_000, 360_000_000].map(clockOf)).toEqual([
    "00:00:00",
    "00:00:00",
    "00:00:59",
    "01:02:05",
    "100:00:00",
  ]);
});

test("isoSeconds writes UTC to the second", () => {
  expect(isoSeconds(new Date("2026-01-31T09:00:00.999Z"))).toBe("2026-01-31T09:00:00Z");
});
