import { rmSync } from "node:fs";
import { findChromium } from "./chromium";
import { logPath, startStack, startWeb, startWorker } from "./stack";

/** Starts the product with its demo workspace, once for all browser tests. */
// biome-ignore lint/style/noDefaultExport: Playwright takes the default export of its globalSetup file
export default async function setup(): Promise<() => Promise<void>> {
  const log = logPath("e2e");
  rmSync(log, { force: true });
  const stack = await startStack({ demo: true });
  try {
    const worker = startWorker(stack.env, log);
    const web = await startWeb(stack.env, {}, log);
    worker.assertRunning();
    // The runner's workers inherit these and load the configuration anew.
    process.env.HARMONY_E2E_URL = web.url;
    process.env.HARMONY_E2E_CHROME = await findChromium();
  } catch (error) {
    await stack.stop();
    throw error;
  }
  return stack.stop;
}
