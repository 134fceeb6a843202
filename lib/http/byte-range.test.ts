import { describe, expect, test } from "vitest";
import { isKnownVersion, isSameVersion, wantedRange } from "@/lib/http/byte-range";

describe("of a body of 1000 bytes", () => {
  test.for([
    ["bytes=0-0", { start: 0, end: 0 }],
    ["bytes=0-", { start: 0, end: 999 }],
    ["bytes=500-2000", { start: 500, end: 999 }],
    ["bytes=999-999", { start: 999, end: 999 }],
    ["bytes=-1", { start: 999, end: 999 }],
    ["bytes=-5000", { start: 0, end: 999 }],
    ["Bytes = 1 - 2", { start: 1, end: 2 }],
    ["bytes=0-99999999999999999999999", { start: 0, end: 999 }],
  ] as const)("%s means one stretch", ([header, wanted]) => {
    expect(wantedRange(header, 1000)).toEqual(wanted);
  });

  test.for(["bytes=1000-", "bytes=1000-1001", "bytes=-0", "bytes=99999999999999999999999-"])(
    "%s means no byte of it",
    (header) => expect(wantedRange(header, 1000)).toBe("nothing"),
  );

  test.for([
    undefined,
    "",
    "bytes",
    "bytes=",
    "bytes=-",
    "bytes=5-2",
    "bytes=a-b",
    "bytes=-1-2",
    "bytes=0x1-2",
    "bytes=1.5-2",
    "items=0-1",
    "bytes=0-1,5-6",
  ])("%s means all of it", (header) => expect(wantedRange(header, 1000)).toBe("whole"));
});

test("of an empty body every stretch is none", () => {
  for (const header of ["bytes=0-", "bytes=0-0", "bytes=-1"]) {
    expect(wantedRange(header, 0)).toBe("nothing");
  }
  expect(wantedRange(undefined, 0)).toBe("whole");
});

test("a range counts for the version that the client has, and only for it", () => {
  expect(isSameVersion(undefined, '"a"')).toBe(true);
  expect(isSameVersion('"a"', '"a"')).toBe(true);
  for (const other of ['"b"', 'W/"a"', "Wed, 21 Oct 2026 07:28:00 GMT"]) {
    expect(isSameVersion(other, '"a"')).toBe(false);
  }
});

test("a version that the client has is known, however it is listed", () => {
  for (const header of ['"a"', 'W/"a"', '"b", "a"', "*"]) {
    expect(isKnownVersion(header, '"a"')).toBe(true);
  }
  for (const header of [undefined, '"b"', "a"]) expect(isKnownVersion(header, '"a"')).toBe(false);
});
