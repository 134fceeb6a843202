import { expect, test } from "vitest";
import { ID_PREFIX } from "@/lib/core/ids";

test("every kind of id has a prefix of its own", () => {
  const prefixes = Object.values(ID_PREFIX);
  expect(new Set(prefixes).size).toBe(prefixes.length);
  expect(prefixes.filter((prefix) => !/^[a-z]{2,4}$/.test(prefix))).toEqual([]);
});
