import { access, constants, mkdir, statfs } from "node:fs/promises";
import { Readable } from "node:stream";
import { createTransport } from "nodemailer";
import postgres from "postgres";
import { z } from "zod";
import { derivedKey } from "@/lib/core/crypto";
import { type Env, env } from "@/lib/core/env";
import { outboxGaps } from "@/lib/events/outbox-check";
import { availabilityOf, hookSecretOf, providers } from "@/lib/integrations/registry";
import { ownerlessKeys } from "@/lib/storage/ownerless";
import { storage } from "@/lib/storage/storage";
import { type Environment, openDatabase } from "../environment";
import { type Check, type Finding, failed, ok, reasonOf, type Status, warning } from "./check";
import { CliError, defineCommand } from "./command";
import { checkFfmpeg, checkLanguageModel, checkSpeech } from "./engines";
import { appliedMigrations, knownMigrations } from "./migrations";

// --- This machine -----------------------------------------------------------------------------------------

function checkNode(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const version = `Node.js ${process.versions.node}`;
  if (major < 20 || (major === 20 && minor < 19)) {
    return failed(`${version} is too old`, "Use Node.js 24, or at least 20.19.");
  }
  if (major >= 24) return ok(version);
  return warning(
    `${version} works, but pages are a third slower than on 24`,
    "Run `npm ci` with optional packages, which brings Node.js 24, or install it.",
  );
}

function checkSecret(): Finding {
  try {
    derivedKey("doctor");
    return ok("HARMONY_SECRET is set and has 32 bytes");
  } catch (error) {
    return failed(reasonOf(error), "Set HARMONY_SECRET to the output of: openssl rand -base64 32");
  }
}

const gib = 1024 ** 3;
const freeWarningBytes = 5 * gib;
const freeFailureBytes = gib / 2;

async function checkDataDir(path: string): Promise<Finding> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    return failed(
      `${path} cannot be written: ${reasonOf(error)}`,
      "Change its owner, or set HARMONY_DATA_DIR to a folder of this user.",
    );
  }
  const { bavail, bsize } = await statfs(path);
  const free = bavail * bsize;
  const message = `${path} is writable, ${(free / gib).toFixed(1)} GiB free`;
  if (free < freeFailureBytes)
    return failed(message, "Free disk space: uploads are about to fail.");
  if (free < freeWarningBytes)
    return warning(message, "Free disk space; one upload may have 2 GiB.");
  return ok(message);
}

function checkAppUrl(settings: Env): Finding {
  const { appUrl, appUrlIsLoopback } = settings;
  if (appUrl.startsWith("https:")) {
    return ok(`${appUrl}; sign-in cookies are Secure, so plain http to it signs nobody in`);
  }
  if (appUrlIsLoopback) return ok(`${appUrl}, this machine only`);
  return warning(
    `${appUrl} is not encrypted: passwords, cookies and API keys can be read on the way`,
    "Put a TLS proxy in front and set APP_URL to its https address.",
  );
}

// --- Others -----------------------------------------------------------------------------------------------

async function checkMail({ SMTP_URL, demo }: Env): Promise<Finding> {
  if (!SMTP_URL) {
    const where = demo ? "kept and readable under /dev/mail" : "kept, not sent";
    return warning(`SMTP_URL is not set: mail is ${where}`, "Set SMTP_URL and MAIL_FROM.");
  }
  const transport = createTransport(SMTP_URL, {
    connectionTimeout: 5_000,
    greetingTimeout: 5_000,
    socketTimeout: 5_000,
  });
  try {
    await transport.verify();
    return ok("the mail server answers and takes the credentials");
  } catch (error) {
    return failed(`the mail server refused: ${reasonOf(error)}`, "Check SMTP_URL.");
  } finally {
    transport.close();
  }
}

/** Which tools people can connect, and with what. */
function checkTools(): Finding {
  const having = (availability: ReturnType<typeof availabilityOf>) =>
    providers().filter((provider) => availabilityOf(provider) === availability);
  const named = (words: string, tools: readonly { readonly name: string }[]) =>
    tools.length === 0 ? [] : [`${words}: ${tools.map(({ name }) => name).join(", ")}`];
  const configured = having("configured");
  const message = [
    ...named("configured", configured),
    ...named("stand-in", having("sandbox")),
    ...named("not configured", having("not_configured")),
  ].join("; ");
  const deaf = configured.filter(
    (provider) => provider.webhooks?.kind === "app" && hookSecretOf(provider) === null,
  );
  if (deaf.length === 0) return ok(message);
  return warning(
    `${message}; calls of ${deaf.map(({ name }) => name).join(", ")} are answered 503`,
    `Set ${deaf.map(({ envPrefix }) => `${envPrefix}_WEBHOOK_SECRET`).join(", ")}.`,
  );
}

// --- The database -----------------------------------------------------------------------------------------

async function checkServer(sql: postgres.Sql): Promise<Finding> {
  const [row] = await sql<{ version: string; number: number; skew: number }[]>`
    select current_setting('server_version') as version,
      current_setting('server_version_num')::int as number,
      abs(extract(epoch from clock_timestamp()) - ${Date.now() / 1000}::float8)::float8 as skew`;
  const version = `PostgreSQL ${row?.version}`;
  if ((row?.number ?? 0) < 150_000) {
    return failed(`${version} is too old`, "Use PostgreSQL 15 or newer.");
  }
  if ((row?.skew ?? 0) > 5) {
    return warning(
      `${version} answers, but its clock differs from ours by ${Math.round(row?.skew ?? 0)} s`,
      "Synchronise the clocks of both machines (NTP).",
    );
  }
  return ok(`${version} answers`);
}

async function checkMigrations(sql: postgres.Sql): Promise<Finding> {
  const known = knownMigrations();
  const applied = new Set(await appliedMigrations(sql));
  const missing = known.filter(({ when }) => !applied.has(when));
  const newest = known.at(-1)?.when ?? 0;
  if (missing.length > 0) {
    return failed(
      `${missing.length} of ${known.length} migrations are missing`,
      "Run: npm run -s harmony -- migrate",
    );
  }
  if ([...applied].some((when) => when > newest)) {
    return failed(
      "the database is newer than this version of Harmony",
      "Start the version that migrated it, or a newer one.",
    );
  }
  return ok(`all ${known.length} migrations are applied`);
}

async function checkWork(sql: postgres.Sql): Promise<Finding> {
  const [row] = await sql<{ waiting: number; stuck: number }[]>`
    select count(*)::int as waiting,
      (count(*) filter (where m.updated_at < now() - interval '1 minute' and not exists (
        select 1 from pgboss.job j where j.name in ('meeting.process', 'meeting.transcribe') and j.data ->> 'meetingId' = m.id
          and j.state in ('created', 'retry', 'active'))))::int as stuck
    from meetings m where m.status in ('queued', 'processing')`;
  const waiting = row?.waiting ?? 0;
  const stuck = row?.stuck ?? 0;
  if (stuck === 0) return ok(`${waiting} meetings are waiting or in work, all of them with a job`);
  return warning(
    `${stuck} of ${waiting} open meetings have no job`,
    "Start the worker: it gives them one within a minute.",
  );
}

async function checkEvents(sql: postgres.Sql): Promise<Finding> {
  const gaps = await outboxGaps(sql);
  const [first] = gaps;
  if (!first) return ok("every change has its event, every event its deliveries");
  return failed(
    `${gaps.length} gaps in the outbox, the first: ${first.what} ${first.id}`,
    "This should be impossible: please report it with the output of `doctor --json`.",
  );
}

const filesLookedAtMax = 100_000;
const dayMs = 86_400_000;

async function checkFiles(sql: postgres.Sql): Promise<Finding> {
  let looked = 0;
  let orphaned = 0;
  let batch: string[] = [];
  const countBatch = async () => {
    orphaned += (await ownerlessKeys(sql, batch)).length;
    batch = [];
  };
  for await (const { key, modifiedAt } of storage().list()) {
    looked += 1;
    // Files of today may belong to an upload that is still on its way.
    if (modifiedAt.getTime() < Date.now() - dayMs) batch.push(key);
    if (batch.length === 500) await countBatch();
    if (looked === filesLookedAtMax) break;
  }
  await countBatch();
  const files = looked === 1 ? "1 stored file" : `${looked.toLocaleString("en")} stored files`;
  if (orphaned === 0) return ok(`${files}, none without a meeting`);
  return warning(
    `${orphaned} of ${files} belong to no meeting`,
    "The worker removes them within the hour; if they stay, look at its log.",
  );
}

const notMigrated = new Set(["42P01", "3F000"]);

/** A check that throws has failed, in words; tables that are missing are the migrations' check to report. */
async function attempt(name: string, check: () => Promise<Finding>): Promise<Check> {
  try {
    return { name, ...(await check()) };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (notMigrated.has(code)) {
      return { name, ...warning("not looked at: tables are missing", "See the line Migrations.") };
    }
    const fix = "Look at the message; it comes from the database or the storage.";
    return { name, ...failed(reasonOf(error), fix) };
  }
}

const storageMs = 30_000;

/** Writes a few bytes, lists, and removes them, as uploads and the hourly sweep do. */
async function checkStorage({ s3 }: Env): Promise<Omit<Check, "name">> {
  if (s3 === null) return ok("recordings are in the data folder");
  const where = `bucket ${s3.bucket} at ${s3.endpoint ?? `Amazon S3, ${s3.region}`}`;
  try {
    const probe = Readable.from([Buffer.from("doctor")]);
    const staged = await storage().stage(probe, AbortSignal.timeout(storageMs));
    await storage().sweepStaged(new Date(0));
    await staged.discard();
    return ok(`${where} can be written, listed and emptied`);
  } catch (error) {
    const reason = error instanceof Error && error.cause !== undefined ? error.cause : error;
    return failed(
      `${where}: ${reasonOf(reason)}`,
      "Check the S3_ variables; the key must be allowed to read, write, list, delete, and end multipart uploads.",
    );
  }
}

async function checkDatabase(environment: Environment): Promise<Check[]> {
  let embedded: Awaited<ReturnType<typeof openDatabase>> = null;
  try {
    embedded = await openDatabase(environment);
  } catch (error) {
    const fix = "See postgres.log in the folder pg of HARMONY_DATA_DIR.";
    return [{ name: "Database", ...failed(reasonOf(error), fix) }];
  }
  const url = process.env.DATABASE_DIRECT_URL || process.env.DATABASE_URL || "";
  const sql = postgres(url, { max: 1, connect_timeout: 5, onnotice: () => undefined });
  try {
    const server = await attempt("Database", () => checkServer(sql));
    if (server.status === "failed") return [server];
    return [
      server,
      await attempt("Migrations", () => checkMigrations(sql)),
      await attempt("Work", () => checkWork(sql)),
      await attempt("Events", () => checkEvents(sql)),
      await attempt("Files", () => checkFiles(sql)),
    ];
  } finally {
    await sql.end({ timeout: 5 });
    await embedded?.stop();
  }
}

const marks: Record<Status, string> = { ok: "ok     ", warning: "warning", failed: "FAILED " };

function describe(checks: readonly Check[]): string {
  return checks
    .map(({ name, status, message, fix }) => {
      const line = `${marks[status]}  ${name.padEnd(14)}  ${message}`;
      return fix === undefined ? line : `${line}\n${" ".repeat(25)}${fix}`;
    })
    .join("\n");
}

export const doctorCommand = defineCommand({
  name: "doctor",
  description: "Look at everything that an installation needs. Changes no data.",
  options: {},
  input: z.object({}),
  needsDatabase: false,
  run: async (_input, { environment }) => {
    let settings: Env;
    try {
      settings = env();
    } catch (error) {
      throw new CliError(error instanceof Error ? error.message : String(error));
    }
    const checks: Check[] = [
      { name: "Node.js", ...checkNode() },
      { name: "Secret", ...checkSecret() },
      await attempt("Data folder", () => checkDataDir(environment.dataDir)),
      await attempt("Storage", () => checkStorage(settings)),
      { name: "Address", ...checkAppUrl(settings) },
      ...(await checkDatabase(environment)),
      await attempt("Mail", () => checkMail(settings)),
      await attempt("Speech", () => checkSpeech(settings)),
      await attempt("Recordings", () => checkFfmpeg()),
      await attempt("Language model", () => checkLanguageModel(settings)),
      { name: "Tools", ...checkTools() },
    ];
    const isFine = checks.every((check) => check.status !== "failed");
    return { text: describe(checks), json: { ok: isFine, checks }, ok: isFine };
  },
});
