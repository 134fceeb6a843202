import { describe, expect, test } from "vitest";
import { findMatches, matchPattern } from "./find-matches";

const turns = [
  [0, 0, "We ship on Friday. Friday it is."],
  [1, 4000, "İstanbul joins (maybe) on friday."],
  [0, 9000, "Nothing here."],
] as const;

const find = (text: string, max?: number) => findMatches(turns, matchPattern(text), max);

describe("search in a transcript", () => {
  test("every occurrence is found in order, whatever its capitals", () => {
    expect(find("friday")).toEqual([
      { turn: 0, nth: 0 },
      { turn: 0, nth: 1 },
      { turn: 1, nth: 0 },
    ]);
  });

  test("signs of regular expressions are searched for as they are typed", () => {
    expect(find("(maybe)")).toEqual([{ turn: 1, nth: 0 }]);
    expect(find(".*")).toEqual([]);
    expect(find("a-b/c")).toEqual([]);
  });

  test("an empty search finds nothing", () => {
    expect(find("")).toEqual([]);
  });

  test("the number of matches is bounded", () => {
    expect(find("i", 2)).toHaveLength(2);
  });
});
