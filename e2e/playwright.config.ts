import { defineConfig } from "playwright/test";
import { chromiumArgs } from "../tests/support/chromium";

const { HARMONY_E2E_URL, HARMONY_E2E_CHROME } = process.env;

export default defineConfig({
  testDir: ".",
  testMatch: "**/*.spec.ts",
  outputDir: "../test-results/e2e",
  globalSetup: "../tests/support/e2e-setup.ts",
  // The files share a demo workspace, and two cores with the servers and the database.
  workers: 1,
  fullyParallel: false,
  // A test that passes only the second time has found something.
  retries: 0,
  forbidOnly: process.env.CI !== undefined,
  // None is this long: what is waited for comes late on a machine that has other work, too.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  reporter: "list",
  use: {
    ...(HARMONY_E2E_URL ? { baseURL: HARMONY_E2E_URL } : {}),
    screenshot: "only-on-failure",
    trace: "off",
    video: "off",
    launchOptions: {
      args: chromiumArgs,
      ...(HARMONY_E2E_CHROME ? { executablePath: HARMONY_E2E_CHROME } : {}),
    },
  },
});
