import { expect, test } from "vitest";
import { countWordErrors, wordsOf } from "./word-errors";

test("case and punctuation are no errors, apostrophes are part of a word", () => {
  expect(wordsOf(" Don’t stop, Mr. Jones! ")).toEqual(["don't", "stop", "mr", "jones"]);
});

test.each([
  ["", "", 0],
  ["a b c", "a b c", 0],
  ["a b c", "a x c", 1],
  ["a b c", "a c", 1],
  ["a b c", "a b b c", 1],
  ["a b c", "", 3],
  ["", "a b", 2],
  ["a b c d", "b c d e", 2],
])("from %j to %j are %i word errors", (said, heard, errors) => {
  expect(countWordErrors(wordsOf(said), wordsOf(heard))).toBe(errors);
});
