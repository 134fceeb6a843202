import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { providerVariables } from "@/lib/integrations/registry";

const names = (text: string, pattern: RegExp) =>
  [...text.matchAll(pattern)].map(([, name]) => name).sort();

test(".env.example lists exactly the variables of lib/core/env.ts and of the tools", () => {
  const own = names(readFileSync("lib/core/env.ts", "utf8"), /^ {2}([A-Z][A-Z0-9_]+):/gm);
  const read = [...own, ...providerVariables()].sort();
  const listed = names(readFileSync(".env.example", "utf8"), /^# ([A-Z][A-Z0-9_]+)=/gm);
  expect(listed).toEqual(read);
  expect(read.length).toBeGreaterThan(20);
});
