import { describe, expect, test } from "vitest";
import { titleOfFile, uploadKindOf } from "./file-kinds";

describe("the kind of a chosen file", () => {
  test.each([
    ["call.VTT", "", "transcript"],
    ["captions.srt", "application/x-subrip", "transcript"],
    ["notes.txt", "text/plain", "transcript"],
    ["export.json", "application/json", "transcript"],
    ["call.gsm", "", "recording"],
    ["call.m4a", "audio/x-m4a", "recording"],
    ["no-ending", "video/x-matroska", "recording"],
    ["offer.pdf", "application/pdf", null],
    ["photo.png", "image/png", null],
  ] as const)("%s (%s) is %s", (name, type, kind) => {
    expect(uploadKindOf({ name, type })).toBe(kind);
  });
});

describe("the title out of a file's name", () => {
  test.each([
    ["quarterly_review.vtt", "quarterly review"],
    ["v1.2 planning.txt", "v1.2 planning"],
    ["no-ending", "no-ending"],
    [".vtt", ""],
  ])("%s becomes “%s”", (name, title) => {
    expect(titleOfFile(name)).toBe(title);
  });

  test("it fits into the field", () => {
    expect(titleOfFile(`${"x".repeat(500)}.vtt`)).toHaveLength(200);
  });
});
