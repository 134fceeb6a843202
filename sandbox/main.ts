import { env } from "@/lib/core/env";
import { exitWithParent } from "@/lib/core/parent-watch";
import { type Sandbox, startSandbox } from "./server";

// The process of the stand-ins, started by scripts/start.ts where HARMONY_SANDBOX says so.

let sandbox: Sandbox | null = null;

async function stop(): Promise<never> {
  await sandbox?.stop();
  process.exit(0);
}

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void stop());
exitWithParent(() => void stop());
const { SANDBOX_PORT: port, HARMONY_DATA_DIR: dataDir } = env();
try {
  sandbox = await startSandbox({ port, dataDir });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exit(1);
}
