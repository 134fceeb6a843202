import { CommanderError } from "commander";
import { closePool } from "@/db/client";
import { AppError } from "@/lib/core/errors";
import type { EmbeddedPostgres } from "./embedded-postgres";
import { loadEnvironment, openDatabase } from "./environment";
import { verifyAuditCommand } from "./harmony/audit-verify";
import {
  buildProgram,
  type CliCommand,
  CliError,
  type Execute,
  type Outcome,
} from "./harmony/command";
import { listConnectionsCommand } from "./harmony/connection-list";
import { migrateCommand, seedCommand } from "./harmony/data-commands";
import { doctorCommand } from "./harmony/doctor";
import { rotateSecretsCommand } from "./harmony/rotate-secrets";
import {
  createKeyCommand,
  createOAuthAppCommand,
  createUserCommand,
  createWebhookCommand,
  createWorkspaceCommand,
  setPlanCommand,
} from "./harmony/workspace-commands";

// The admin CLI: `npm run -s harmony -- <command>`. It works on DATABASE_URL, else on the embedded server of the
// data folder, which it joins while Harmony runs and starts for the call otherwise. A failure is one line on
// standard error and exit code 1.

const commands: readonly CliCommand[] = [
  createWorkspaceCommand,
  createUserCommand,
  createKeyCommand,
  createWebhookCommand,
  createOAuthAppCommand,
  listConnectionsCommand,
  setPlanCommand,
  rotateSecretsCommand,
  verifyAuditCommand,
  seedCommand,
  migrateCommand,
  doctorCommand,
];

const wantsJson = process.argv.includes("--json");
let database: EmbeddedPostgres | null = null;
let mayHavePool = false;

/** Writes and waits, so that nothing is cut off when the output is a pipe. */
function write(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((resolve) => {
    stream.write(text, () => resolve());
  });
}

const execute: Execute = async (command, json, work) => {
  const environment = loadEnvironment();
  // Commands answer nobody, so they need no public address; the doctor looks at it as the server does.
  if (command.needsDatabase !== false && !process.env.APP_URL) process.env.HOST ||= "127.0.0.1";
  if (command.needsDatabase !== false) {
    database = await openDatabase(environment);
    mayHavePool = true;
  }
  const outcome: Outcome = await work({
    environment,
    progress: (line) => {
      if (!json) process.stderr.write(`${line}\n`);
    },
  });
  await write(process.stdout, `${json ? JSON.stringify(outcome.json) : outcome.text}\n`);
  if (outcome.ok === false) process.exitCode = 1;
};

const codesOfNoAnswer = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EHOSTUNREACH",
  "ETIMEDOUT",
  "CONNECT_TIMEOUT",
  "CONNECTION_CLOSED",
]);

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

function explainUsage(error: CommanderError): string {
  if (error.code !== "commander.help") return error.message.replace(/^error: /, "");
  return `name a command: ${commands.map(({ name }) => name).join(", ")}; --help explains each`;
}

/** The sentence for people: what happened and what to do. */
function explain(error: unknown): string {
  if (error instanceof CliError) return error.message;
  if (error instanceof CommanderError) return explainUsage(error);
  if (error instanceof AppError) return [error.message, error.fix].filter(Boolean).join(". ");
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = codeOf(cause);
  if (codesOfNoAnswer.has(code)) {
    return `the database does not answer (${code}); check DATABASE_URL and that the server runs`;
  }
  if (code === "42P01" || code === "42703" || code === "3F000") {
    return "the database is not at this version's schema; run: npm run -s harmony -- migrate";
  }
  return cause instanceof Error ? cause.message : String(cause);
}

function isHelp(error: unknown): boolean {
  return error instanceof CommanderError && error.exitCode === 0;
}

async function fail(error: unknown): Promise<void> {
  const code = error instanceof AppError ? error.code : "failed";
  const message = explain(error).trim().replace(/\s+/g, " ");
  const line = wantsJson ? JSON.stringify({ error: { code, message } }) : `harmony: ${message}`;
  await write(process.stderr, `${line}\n`);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  try {
    await buildProgram(commands, execute).parseAsync();
  } catch (error) {
    if (!isHelp(error)) await fail(error);
  }
  try {
    if (mayHavePool) await closePool();
    await database?.stop();
  } catch (error) {
    await fail(error);
  }
}

await main();
// Idle timers of libraries must not keep a finished command alive.
process.exit();
