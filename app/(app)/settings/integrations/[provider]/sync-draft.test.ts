import { describe, expect, it } from "vitest";
import type { SyncSettingsView } from "@/lib/integrations/schema";
import { isChanged, oneOf, routesOf, severalOf, shownSettings, syncsSomething } from "./sync-draft";

const off = { meeting_data: false, action_items: false, contacts: false, notes: false };

describe("options as they were stored", () => {
  it("read as what the form can show, whatever was stored", () => {
    expect(oneOf({ channel: "C1" }, "channel")).toEqual(["C1"]);
    expect([oneOf({}, "channel"), oneOf({ channel: "" }, "channel")]).toEqual([[], []]);
    expect(oneOf({ channel: ["C1"] }, "channel")).toEqual([]);
    expect(severalOf({ calendars: ["a", 1, "b"] }, "calendars")).toEqual(["a", "b"]);
    expect(severalOf({ calendars: "a" }, "calendars")).toEqual([]);
    const route = { teamId: "team_1", choice: "C1" };
    const stored = { routes: [route, { teamId: "team_2", choice: 5 }, null, "C2"] };
    expect(routesOf(stored, "routes")).toEqual([route]);
    expect([routesOf({ routes: {} }, "routes"), routesOf({}, "routes")]).toEqual([[], []]);
  });
});

describe("what the form asks", () => {
  const setting = { label: "", help: "", kind: "toggle", isRequired: false } as const;
  const rest = { choicesOf: null, takesPastedId: false };
  const settings = [
    { ...setting, ...rest, key: "always", of: null },
    { ...setting, ...rest, key: "withNotes", of: "notes" as const },
  ];

  it("a setting of a data option is asked only while the option is on", () => {
    const keys = (data: typeof off) => shownSettings(settings, data).map(({ key }) => key);
    expect(keys(off)).toEqual(["always"]);
    expect(keys({ ...off, notes: true })).toEqual(["always", "withNotes"]);
  });

  it("without any data option nothing would be synced", () => {
    expect(syncsSomething(off)).toBe(false);
    expect(syncsSomething({ ...off, contacts: true })).toBe(true);
  });

  it("only a real change can be saved", () => {
    const saved: SyncSettingsView = {
      data: off,
      direction: "one_way",
      frequency: "daily",
      conflictRule: "tool_wins",
      options: { channel: "C1" },
    };
    expect(isChanged(saved, { ...saved, options: { channel: "C1" } })).toBe(false);
    expect(isChanged(saved, { ...saved, options: { channel: "C2" } })).toBe(true);
    expect(isChanged(saved, { ...saved, frequency: "hourly" })).toBe(true);
  });
});
