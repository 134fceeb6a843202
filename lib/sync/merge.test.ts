import { expect, test } from "vitest";
import { isBraked } from "@/lib/sync/brake";
import { type Fields, mergeFields } from "@/lib/sync/merge";

const at = (hour: number) => new Date(Date.UTC(2026, 10, 27, hour));
const merge = (
  baseline: Fields | null,
  ours: Fields,
  theirs: Fields,
  rule = "tool_wins" as const,
) =>
  mergeFields(["a", "b"], rule, {
    ...{ baseline, ours, theirs },
    oursChangedAt: at(2),
    theirsChangedAt: at(3),
  });

test("each side's own change is kept, without a conflict", () => {
  const merged = merge({ a: "1", b: "1" }, { a: "2", b: "1" }, { a: "1", b: "3" });
  expect(merged).toEqual({ toHarmony: { b: "3" }, toTool: ["a"], conflicts: [] });
});

test("the same change on both sides is none", () => {
  expect(merge({ a: "1", b: "" }, { a: "2", b: null }, { a: "2", b: "" })).toEqual({
    ...{ toHarmony: {}, toTool: [], conflicts: [] },
  });
});

test("an empty value never wins, whichever side emptied it", () => {
  expect(merge({ a: "1", b: "1" }, { a: "1", b: "" }, { a: "", b: "1" })).toEqual({
    ...{ toHarmony: { b: "1" }, toTool: ["a"], conflicts: [] },
  });
});

test("without a value that both sides had, a difference is a conflict", () => {
  expect(merge(null, { a: "1", b: "x" }, { a: "2", b: "x" }).conflicts).toEqual([
    { field: "a", ours: "1", theirs: "2", winner: "tool" },
  ]);
});

test.each([
  [20, 20, false],
  [21, 50, true],
  [100, 500, false],
  [101, 500, true],
])("the brake: %i of %i removed at once", (removed, known, braked) => {
  expect(isBraked(removed, known)).toBe(braked);
});
