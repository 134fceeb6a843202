import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";

test("no page is prerendered: a prerendered one has no nonce, and its scripts would be blocked", () => {
  const manifest = z
    .object({
      routes: z.record(z.string(), z.unknown()),
      dynamicRoutes: z.record(z.string(), z.unknown()),
    })
    .parse(JSON.parse(readFileSync(".next/prerender-manifest.json", "utf8")));
  const prerendered = [...Object.keys(manifest.routes), ...Object.keys(manifest.dynamicRoutes)];
  const pages = prerendered.filter((path) => !/\.(svg|png|ico|txt|webmanifest)$/.test(path));
  // Next prerenders its last-resort error page always; it must be readable without any script.
  expect(pages).toEqual(["/_global-error"]);
});
