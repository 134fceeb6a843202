import { inspect } from "node:util";
import { env } from "@/lib/core/env";

// Run by the start supervisor and by the tests as a process of its own, so that neither of them holds a pool.

async function prepareDatabase(): Promise<void> {
  const { DATABASE_URL, DATABASE_DIRECT_URL, demo } = env();
  const url = DATABASE_DIRECT_URL ?? DATABASE_URL;
  if (!url) throw new Error("DATABASE_URL is not set.");
  const { migrate } = await import("../db/migrate");
  await migrate(url);
  if (!demo) return;
  const { seedDemo } = await import("../db/seed");
  await seedDemo();
}

/** Codes of Node, of postgres.js and of PostgreSQL (class 28, 3D000) that mean: the address or the account is wrong. */
const unreachable =
  /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|CONNECT_TIMEOUT|28\w{3}|3D000)$/;

function explain(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (!(error instanceof Error && unreachable.test(code))) return inspect(error);
  return `The database cannot be reached: ${error.message || code}. Check that the server in DATABASE_URL runs, and its address, user, password and database name.`;
}

try {
  await prepareDatabase();
  process.exit(0);
} catch (error) {
  console.error(explain(error));
  process.exit(1);
}
