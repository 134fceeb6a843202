import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: /^@\//, replacement: path("./") },
      // The marker throws outside Next, as it should; tests run server code in plain Node (lib/core/empty.ts).
      { find: /^server-only$/, replacement: path("./lib/core/empty.ts") },
    ],
  },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: [
            "{lib,components,db,sandbox,scripts}/**/*.test.{ts,tsx}",
            "tests/{architecture,sandbox}/**/*.test.ts",
          ],
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: "integration",
          include: ["tests/{integration,conformance}/**/*.test.ts"],
          globalSetup: ["tests/support/global-setup.ts"],
          setupFiles: ["tests/support/setup.ts"],
          // None is this long: what is waited for comes late on a machine that has other work, too.
          testTimeout: 90_000,
          hookTimeout: 120_000,
          // One stack, two cores: files share the servers, and two at a time keep both cores busy.
          maxWorkers: 2,
        },
      },
    ],
  },
});
