import { rmSync } from "node:fs";
import type { TestProject } from "vitest/node";
import {
  logPath,
  type ServerEnv,
  startMediaWorker,
  startStack,
  startWeb,
  startWorker,
} from "./stack";

declare module "vitest" {
  interface ProvidedContext {
    /** Web server with the fast lane. */
    laneUrl: string;
    /** Web server that serves the whole API through Next, on the same database. */
    nextUrl: string;
    databaseUrl: string;
    /** HARMONY_DATA_DIR of all servers. */
    dataDir: string;
    /** The servers' environment, for `startWeb` with changes. */
    serverEnv: ServerEnv;
  }
}

/** Starts the product once for all integration tests: two web servers, both workers, one empty database. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const log = logPath("integration");
  rmSync(log, { force: true });
  const stack = await startStack({ demo: false });
  try {
    const workers = [startWorker(stack.env, log), startMediaWorker(stack.env, log)];
    const [lane, next] = await Promise.all([
      startWeb(stack.env, { HARMONY_FAST_LANE: "1" }, log),
      startWeb(stack.env, { HARMONY_FAST_LANE: "0" }, log),
    ]);
    for (const worker of workers) worker.assertRunning();
    project.provide("laneUrl", lane.url);
    project.provide("nextUrl", next.url);
    project.provide("databaseUrl", stack.databaseUrl);
    project.provide("dataDir", stack.dataDir);
    project.provide("serverEnv", stack.env);
  } catch (error) {
    await stack.stop();
    throw error;
  }
  return stack.stop;
}
