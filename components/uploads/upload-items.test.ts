import { expect, test } from "vitest";
import { partBytes, partsOf, percentOf, phaseWords, type UploadItem } from "./upload-items";

const item: UploadItem = {
  id: "1",
  name: "call.mp3",
  size: 3 * partBytes + 1,
  phase: "uploading",
  sent: 0,
  meetingId: null,
  error: null,
  earlier: null,
  inSheet: false,
};

test.for([
  [0, 1],
  [partBytes - 1, 1],
  [partBytes, 2],
  [3 * partBytes, 4],
  [3 * partBytes + 1, 4],
] as const)("with %i bytes sent, part %i of 4 is on its way", ([sent, part]) => {
  expect(partsOf({ ...item, sent })).toEqual({ part, parts: 4 });
  expect(phaseWords({ ...item, sent })).toBe(`Uploading part ${part} of 4`);
});

test("a small file is not told in parts", () => {
  expect(phaseWords({ ...item, size: 10 })).toBe("Uploading");
});

test("percent are whole, and never more than there are", () => {
  expect(percentOf({ size: 3, sent: 2 })).toBe(66);
  expect(percentOf({ size: 3, sent: 5 })).toBe(100);
  expect(percentOf({ size: 0, sent: 0 })).toBe(0);
});
