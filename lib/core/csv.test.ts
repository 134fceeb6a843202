import { expect, test } from "vitest";
import { csvLine } from "@/lib/core/csv";

test("cells with commas, quotes and line breaks are quoted; empty values stay empty", () => {
  expect(csvLine(["a,b", 'say "hi"', "two\nlines", null, 7, ""])).toBe(
    '"a,b","say ""hi""","two\nlines",,7,\r\n',
  );
});

test.for([
  ["=1+1", "'=1+1"],
  ["+49 30", "'+49 30"],
  ["-2", "'-2"],
  ["@SUM(A1)", "'@SUM(A1)"],
  ["\tx", "'\tx"],
  ["\rx", '"\'\rx"'],
  ["a=b", "a=b"],
] as const)("%j is written as %j, so that no spreadsheet runs it", ([cell, written]) => {
  expect(csvLine([cell])).toBe(`${written}\r\n`);
});

test("a number is no formula, whatever its sign", () => {
  expect(csvLine([-2])).toBe("-2\r\n");
});
