import { describe, expect, test } from "vitest";
import { nextSyncAt } from "@/lib/integrations/schedule";

const at = (text: string) => new Date(text);

describe("the next sync", () => {
  test("hourly is at minute 0, never now", () => {
    expect(nextSyncAt("hourly", "UTC", at("2026-06-01T10:59:59.999Z"))).toEqual(
      at("2026-06-01T11:00:00Z"),
    );
    expect(nextSyncAt("hourly", "UTC", at("2026-06-01T11:00:00Z"))).toEqual(
      at("2026-06-01T12:00:00Z"),
    );
  });

  test.for([
    ["UTC", "2026-06-01T01:59:00Z", "2026-06-01T02:00:00Z"],
    ["UTC", "2026-06-01T02:00:00Z", "2026-06-02T02:00:00Z"],
    ["America/New_York", "2026-06-01T05:00:00Z", "2026-06-01T06:00:00Z"],
    ["Asia/Kolkata", "2026-06-01T20:00:00Z", "2026-06-01T20:30:00Z"],
    ["Asia/Kathmandu", "2026-06-01T20:00:00Z", "2026-06-01T20:15:00Z"],
    // Summer time begins: 02:00 does not exist, 03:00 follows 01:59.
    ["Europe/Berlin", "2026-03-28T20:00:00Z", "2026-03-29T01:00:00Z"],
    // Summer time ends: 02:00 comes twice, the first one counts.
    ["Europe/Berlin", "2026-10-24T20:00:00Z", "2026-10-25T00:00:00Z"],
  ] as const)("daily in %s after %s is at %s", ([zone, now, expected]) => {
    expect(nextSyncAt("daily", zone, at(now))).toEqual(at(expected));
  });

  test("of the day that has 02:00 twice is not the second 02:00", () => {
    const second = nextSyncAt("daily", "Europe/Berlin", at("2026-10-25T00:00:00Z"));
    expect(second).toEqual(at("2026-10-26T01:00:00Z"));
  });

  test("in real time and by hand is set by no clock", () => {
    expect(nextSyncAt("realtime", "UTC", at("2026-06-01T10:00:00Z"))).toBeNull();
    expect(nextSyncAt("manual", "UTC", at("2026-06-01T10:00:00Z"))).toBeNull();
  });
});
