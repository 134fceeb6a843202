import { describe, expect, test } from "vitest";
import { type Criterion, criterionSchema, type MeetingFacts, meetsCriteria } from "./criteria";

const facts: MeetingFacts = {
  durationSeconds: 1800,
  tags: ["Demo", "Q1"],
  source: "zoom",
  medium: "video_call",
  date: new Date("2026-03-10T23:59:59.999Z"),
  teamId: "team_a",
  attributes: { tier: "Gold", score: 7, renewed: true, empty: null, list: ["Gold"] },
};

type Given = Readonly<Record<string, unknown>>;
const attribute = (given: Given): Criterion =>
  criterionSchema.parse({ kind: "attribute", ...given });
const meets = (given: Given, changes: Partial<MeetingFacts> = {}) =>
  meetsCriteria([attribute(given)], { ...facts, ...changes });

describe("a meeting meets", () => {
  test.each<[string, Given, boolean]>([
    ["a length between both ends", { field: "length", min: 60, max: 3600 }, true],
    ["the shortest length itself", { field: "length", min: 1800, max: null }, true],
    ["the greatest length itself", { field: "length", min: null, max: 1800 }, true],
    ["no length that it misses by a second", { field: "length", min: 1801, max: null }, false],
    ["no length that it exceeds by a second", { field: "length", min: null, max: 1799 }, false],
    ["one of the tags", { field: "tags", any: ["Other", "Demo"] }, true],
    ["no tag in other capitals", { field: "tags", any: ["demo"] }, false],
    ["its source", { field: "source", any: ["upload", "zoom"] }, true],
    ["no other source", { field: "source", any: ["upload"] }, false],
    ["its medium", { field: "medium", any: ["video_call"] }, true],
    ["no other medium", { field: "medium", any: ["phone_call"] }, false],
    ["its own day, to the last moment", { field: "date", from: null, to: "2026-03-10" }, true],
    ["its own day as the first", { field: "date", from: "2026-03-10", to: null }, true],
    ["no day before", { field: "date", from: null, to: "2026-03-09" }, false],
    ["no day after", { field: "date", from: "2026-03-11", to: null }, false],
    ["its team", { field: "team", any: ["team_b", "team_a"] }, true],
    ["no other team", { field: "team", any: ["team_b"] }, false],
    ["a text attribute", { field: "attribute", name: "tier", equals: "Gold" }, true],
    ["no attribute in other capitals", { field: "attribute", name: "tier", equals: "gold" }, false],
    ["a number however it is written", { field: "attribute", name: "score", equals: "7.0" }, true],
    ["a truth value", { field: "attribute", name: "renewed", equals: "true" }, true],
    ["no attribute that it has not", { field: "attribute", name: "other", equals: "" }, false],
    ["no empty text for null", { field: "attribute", name: "empty", equals: "" }, false],
    ["no list with the text in it", { field: "attribute", name: "list", equals: "Gold" }, false],
    [
      "no property of all objects",
      { field: "attribute", name: "constructor", equals: "Object" },
      false,
    ],
  ])("%s", (_what, given, expected) => {
    expect(meets(given)).toBe(expected);
  });

  test("no team when it has none", () => {
    expect(meets({ field: "team", any: ["team_a"] }, { teamId: null })).toBe(false);
  });

  test("all criteria or none: each narrows, and no criterion asks about everything", () => {
    const source = attribute({ field: "source", any: ["zoom"] });
    const medium = attribute({ field: "medium", any: ["phone_call"] });
    expect(meetsCriteria([], facts)).toBe(true);
    expect(meetsCriteria([source], facts)).toBe(true);
    expect(meetsCriteria([source, medium], facts)).toBe(false);
  });

  test("judged criteria as far as facts can tell", () => {
    expect(meetsCriteria([{ kind: "boolean", question: "Was it a demo?" }], facts)).toBe(true);
  });
});

test.each([
  ["a field that is none", { kind: "attribute", field: "owner", any: ["x"] }],
  ["an empty list", { kind: "attribute", field: "tags", any: [] }],
  ["a day that does not exist", { kind: "attribute", field: "date", from: "2026-02-30", to: null }],
  ["a length upside down", { kind: "attribute", field: "length", min: 2, max: 1 }],
  [
    "a range of days upside down",
    { kind: "attribute", field: "date", from: "2026-03-02", to: "2026-03-01" },
  ],
  ["a source that is none", { kind: "attribute", field: "source", any: ["fax"] }],
])("%s is no criterion", (_what, given) => {
  expect(criterionSchema.safeParse(given).success).toBe(false);
});
