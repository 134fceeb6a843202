import { rmSync } from "node:fs";
import { findFreePort } from "../../scripts/embedded-postgres";
import { findChromium } from "./chromium";
import { startTestSandbox, type TestSandbox } from "./sandbox";
import { logPath, startMediaWorker, startStack, startWeb, startWorker } from "./stack";

/** Starts the product with its demo workspace and the stand-ins of tools, once for all browser tests. */
// biome-ignore lint/style/noDefaultExport: Playwright takes the default export of its globalSetup file
export default async function setup(): Promise<() => Promise<void>> {
  const log = logPath("e2e");
  rmSync(log, { force: true });
  const stack = await startStack({ demo: true });
  let sandbox: TestSandbox | null = null;
  const stop = async () => {
    await sandbox?.stop();
    await stack.stop();
  };
  try {
    const port = await findFreePort();
    const env = { ...stack.env, SANDBOX_PORT: String(port) };
    const workers = [startWorker(env, log), startMediaWorker(env, log)];
    const web = await startWeb(env, {}, log);
    sandbox = await startTestSandbox({ port, appUrl: web.url });
    for (const worker of workers) worker.assertRunning();
    // The runner's workers inherit these and load the configuration anew.
    process.env.HARMONY_E2E_URL = web.url;
    process.env.HARMONY_E2E_SANDBOX = sandbox.url;
    // For content that only a long job would leave, such as the transcript of a recording.
    process.env.HARMONY_E2E_DATABASE = stack.databaseUrl;
    process.env.HARMONY_E2E_CHROME = await findChromium();
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}
