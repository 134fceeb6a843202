import { describe, expect, it } from "vitest";
import { isMet } from "./bench-case";
import { median, medianQuotient } from "./measure";

describe("median", () => {
  it("is the middle value, or the mean of the two middle ones", () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  it("refuses to make a number out of no measurement", () => {
    expect(() => median([])).toThrow("a median of nothing");
  });
});

describe("medianQuotient", () => {
  it("compares round with round, so that one disturbed round changes nothing", () => {
    expect(medianQuotient([100, 20, 98], [50, 10, 49])).toBe(2);
    expect(medianQuotient([100, 5, 98], [50, 50, 49])).toBe(2);
  });
});

describe("isMet", () => {
  const figure = { name: "", from: "", unit: "×" } as const;

  it("counts the target itself as met, on either side", () => {
    expect(isMet({ ...figure, value: 3, atLeast: 3 })).toBe(true);
    expect(isMet({ ...figure, value: 2.99, atLeast: 3 })).toBe(false);
    expect(isMet({ ...figure, value: 1.2, atMost: 1.2 })).toBe(true);
    expect(isMet({ ...figure, value: 1.21, atMost: 1.2 })).toBe(false);
  });
});
