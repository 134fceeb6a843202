import { describe, expect, test } from "vitest";
import { ID_PREFIX, newId, randomBase62, toBase62 } from "@/lib/core/ids";

describe("ids", () => {
  test("have their kind's prefix and twenty characters of base 62", () => {
    for (const kind of ["meeting", "contact", "apiKey", "request"] as const)
      expect(newId(kind)).toMatch(new RegExp(`^${ID_PREFIX[kind]}_[0-9A-Za-z]{20}$`));
  });

  test("do not repeat, even many at once", () => {
    const made = new Set(Array.from({ length: 20_000 }, () => newId("meeting")));
    expect(made.size).toBe(20_000);
  });

  test("made later sort later, to the millisecond", async () => {
    const first = newId("event");
    const start = Date.now();
    while (Date.now() < start + 2);
    expect(newId("event").slice(0, 11) > first.slice(0, 11)).toBe(true);
  });
});

describe("base 62", () => {
  test.for([
    [0, 1, "0"],
    [61, 1, "z"],
    [62, 1, "10"],
    [62, 4, "0010"],
    [4_294_967_295, 6, "4gfFC3"],
  ] as const)("%i to a width of %i is %s", ([value, width, text]) => {
    expect(toBase62(value, width)).toBe(text);
  });

  test("random characters are spread evenly", () => {
    const counts = new Map<string, number>();
    const text = randomBase62(62_000);
    for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
    expect(counts.size).toBe(62);
    // A thousand each are expected; seven standard deviations either way.
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(230);
  });
});
