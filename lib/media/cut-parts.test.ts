import { expect, test } from "vitest";
import { endOfPart } from "./cut-parts";

/** Ten minutes of speech at -20 dB with a pause of one second (-70 dB) at each of these seconds. */
function levels(...pauses: number[]): Float32Array {
  const frames = new Float32Array(600 * 20).fill(-20);
  for (const second of pauses) frames.fill(-70, second * 20, (second + 1) * 20);
  return frames;
}

const minute = 60_000;

test("a part ends in the pause that lies nearest to its length", () => {
  expect(endOfPart(levels(50, 58, 71), 0, minute, 10 * minute)).toBeGreaterThanOrEqual(58_000);
  expect(endOfPart(levels(50, 58, 71), 0, minute, 10 * minute)).toBeLessThanOrEqual(59_000);
});

test("a pause out of reach is not waited for, and without one the part has its length", () => {
  expect(endOfPart(levels(20, 90), 0, minute, 10 * minute)).toBeCloseTo(minute, -3);
});

test("what is left is one part when it is hardly longer than one", () => {
  expect(endOfPart(levels(560), 9 * minute - 10_000, minute, 10 * minute)).toBe(10 * minute);
  expect(endOfPart(levels(), 0, 15 * minute, 10 * minute)).toBe(10 * minute);
});

test("parts cover the whole recording and always get further", () => {
  const heard = levels(31, 62, 155, 290, 433, 599);
  const ends: number[] = [];
  for (let at = 0; at < 600_000; at = ends.at(-1) ?? 0)
    ends.push(endOfPart(heard, at, 30_000, 600_000));
  expect(ends.at(-1)).toBe(600_000);
  const lengths = ends.map((end, index) => end - (ends[index - 1] ?? 0));
  expect(Math.min(...lengths)).toBeGreaterThan(7_500);
  expect(Math.max(...lengths)).toBeLessThanOrEqual(38_000);
});
