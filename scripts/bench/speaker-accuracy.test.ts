import { expect, test } from "vitest";
import { type Spoken, speakerAccuracy } from "./speaker-accuracy";

/** One letter a second. */
const seconds = (letters: string): Spoken[] =>
  [...letters].map((speaker, i) => ({ speaker, startMs: i * 1000, endMs: (i + 1) * 1000 }));

test.each([
  ["aabb", "xxyy", 1],
  ["aabb", "yyxx", 1],
  ["aaaa", "xxyy", 0.5],
  ["abab", "xxyy", 0.5],
  ["aabc", "xxyy", 0.75],
  ["aaab", "xxyy", 0.75],
])("%s for %s is right in %f of the time", (found, spoken, share) => {
  expect(speakerAccuracy(seconds(found), seconds(spoken))).toBeCloseTo(share);
});

test("nothing found is nothing right", () => {
  expect(speakerAccuracy([], seconds("xy"))).toBe(0);
});
