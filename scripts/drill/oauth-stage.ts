import { type ChildProcess, spawn } from "node:child_process";
import { createHash, randomBytes, randomInt } from "node:crypto";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import postgres from "postgres";
import { ensureBuilt } from "../build-app";
import { findFreePort, startEmbeddedPostgres } from "../embedded-postgres";
import { projectRoot } from "../environment";
import { runOnce, signalGroup } from "../keep-running";
import type { Connected, PeopleReady } from "./oauth-people";
import { hasEnded, messageOf } from "./sync-stage";
import { waitUntil } from "./wait-until";

// Where the drill of the authorization server plays: a database that syncs every commit, several web processes of the
// product on it, and people who connected an app through the whole flow over HTTP.

const startTimeoutMs = 120_000;
const askTimeoutMs = 60_000;

export interface WebProcess {
  readonly url: string;
  /** SIGKILL, then the same again on the same port. */
  readonly killAndRestart: () => Promise<void>;
}

export interface Tokens {
  readonly access: string;
  readonly refresh: string;
}

/** What an endpoint answered; status 0 when the connection broke. */
export interface Reply extends Tokens {
  readonly status: number;
  readonly error: string;
}

export interface OAuthStage {
  readonly webs: readonly WebProcess[];
  /** So many people allow the app: authorize, consent, code, tokens. */
  readonly connect: (people: number) => Promise<readonly Tokens[]>;
  readonly refresh: (web: number, token: string) => Promise<Reply>;
  readonly revoke: (web: number, token: string) => Promise<number>;
  /** The status of `GET /v1/meetings`; 0 when the connection broke. */
  readonly read: (web: number, token: string) => Promise<number>;
  /** So many meetings in the workspace. */
  readonly makeMeetings: (count: number) => Promise<void>;
  /** Lets the thirty seconds pass for answers to these tokens. */
  readonly endGrace: (tokens: readonly string[]) => Promise<void>;
  /** Grants that ended because an old token of theirs was used. */
  readonly endedByReplay: () => Promise<number>;
  readonly stop: () => Promise<void>;
}

function productEnv(databaseUrl: string, dataDir: string): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH ?? "",
    HOME: process.env.HOME ?? "",
    NODE_ENV: "production",
    HOST: "127.0.0.1",
    DATABASE_URL: databaseUrl,
    // The limiter and everything else work as with a database of one's own and several processes.
    HARMONY_EMBEDDED: "0",
    HARMONY_DATA_DIR: dataDir,
    HARMONY_SECRET: randomBytes(32).toString("base64"),
    HARMONY_DEMO: "0",
    // Each request of the drill names a client of its own: one address would soon be slowed down for refused tokens.
    TRUSTED_PROXIES: "127.0.0.1/32",
    LOG_LEVEL: "warn",
    NEXT_MANUAL_SIG_HANDLE: "1",
    NEXT_TELEMETRY_DISABLED: "1",
    TSX_TSCONFIG_PATH: "tsconfig.server.json",
  };
}

const anyClient = () => `10.${randomInt(256)}.${randomInt(256)}.${randomInt(1, 255)}`;

async function endProcess(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const exited = once(child, "exit");
  signalGroup(child, "SIGKILL");
  await exited;
}

const isReady = async (url: string) =>
  (await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5000) }).catch(() => null))
    ?.status === 200;

function launch(script: string, env: NodeJS.ProcessEnv, log: string): ChildProcess {
  const output = openSync(log, "a");
  const child = spawn(process.execPath, ["--import", "tsx", script], {
    cwd: projectRoot,
    env,
    detached: true,
    stdio: ["ignore", output, output, "ipc"],
  });
  closeSync(output);
  return child;
}

async function startWeb(
  port: number,
  env: NodeJS.ProcessEnv,
  log: string,
  signal: AbortSignal,
): Promise<WebProcess & { readonly stop: () => Promise<void> }> {
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess;
  const start = async () => {
    child = launch("server.ts", { ...env, PORT: String(port) }, log);
    await waitUntil("a web process", async () => hasEnded(child) || (await isReady(url)), {
      timeoutMs: startTimeoutMs,
      signal,
    });
    if (hasEnded(child)) throw new Error(readFileSync(log, "utf8").slice(-3000));
  };
  await start();
  return {
    url,
    killAndRestart: async () => {
      await endProcess(child);
      await start();
    },
    stop: () => endProcess(child),
  };
}

async function post(
  url: string,
  app: PeopleReady,
  fields: Readonly<Record<string, string>>,
): Promise<Reply> {
  const secret = Buffer.from(`${app.clientId}:${app.clientSecret}`).toString("base64");
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: { authorization: `Basic ${secret}` },
      body: new URLSearchParams(fields),
      signal: AbortSignal.timeout(askTimeoutMs),
    });
    const text = await answer.text();
    const body = text.startsWith("{") ? JSON.parse(text) : {};
    return {
      status: answer.status,
      access: body.access_token ?? "",
      refresh: body.refresh_token ?? "",
      error: body.error ?? "",
    };
  } catch {
    return { status: 0, access: "", refresh: "", error: "" };
  }
}

/** Starts so many web processes; `stop` ends them and removes everything. */
export async function startOAuthStage(count: number, signal: AbortSignal): Promise<OAuthStage> {
  await ensureBuilt(signal, () => undefined);
  const dataDir = await mkdtemp(join(projectRoot, ".data-drill-"));
  const log = join(projectRoot, "test-results", "drill-oauth.log");
  mkdirSync(dirname(log), { recursive: true });
  const database = await startEmbeddedPostgres({
    dataDir: join(dataDir, "pg"),
    settings: { max_connections: "200" },
  });
  const ports = await Promise.all(Array.from({ length: count }, findFreePort));
  const env: NodeJS.ProcessEnv = {
    ...productEnv(database.url, dataDir),
    APP_URL: `http://127.0.0.1:${ports[0]}`,
  };
  const webs: Awaited<ReturnType<typeof startWeb>>[] = [];
  let people: ChildProcess | null = null;
  const sql = postgres(database.url, { max: 2, onnotice: () => undefined });
  const stop = async () => {
    await Promise.all([...webs.map((web) => web.stop()), people && endProcess(people)]);
    await sql.end({ timeout: 5 });
    await database.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    const args = ["--import", "tsx", "scripts/prepare-database.ts"];
    await runOnce({ name: "database preparation", args, env }, signal, { quiet: true });
    webs.push(...(await Promise.all(ports.map((port) => startWeb(port, env, log, signal)))));
    const started = launch("scripts/drill/oauth-people.ts", env, log);
    people = started;
    const app = await messageOf<PeopleReady>(started, signal);
    const at = (web: number) => webs[web % webs.length]?.url ?? "";
    return {
      webs,
      connect: async (people) => {
        const connected = messageOf<Connected>(started, signal);
        started.send({ people });
        return (await connected).tokens;
      },
      refresh: (web, token) =>
        post(`${at(web)}/oauth/token`, app, {
          grant_type: "refresh_token",
          refresh_token: token,
        }),
      revoke: async (web, token) => (await post(`${at(web)}/oauth/revoke`, app, { token })).status,
      read: async (web, token) => {
        const answer = await fetch(`${at(web)}/v1/meetings`, {
          headers: { authorization: `Bearer ${token}`, "x-forwarded-for": anyClient() },
          signal: AbortSignal.timeout(askTimeoutMs),
        }).catch(() => null);
        await answer?.arrayBuffer().catch(() => undefined);
        return answer?.status ?? 0;
      },
      makeMeetings: async (count) => {
        await sql`insert into meetings (id, workspace_id, title, date, duration_seconds, source, status, progress)
          select 'mtg_drill' || n, ${app.workspaceId}, 'Weekly call ' || n, now() - n * interval '1 hour', 1800,
            'api', 'processed', 100 from generate_series(1, ${count}::int) n`;
      },
      endGrace: async (tokens) => {
        const hashes = tokens.map((token) => createHash("sha256").update(token).digest("hex"));
        await sql`update oauth_refresh_answers set answered_at = answered_at - interval '31 seconds'
          where token_hash = any(${hashes})`;
      },
      endedByReplay: async () => {
        const [row] = await sql<{ n: number }[]>`select count(*)::int as n from oauth_grants
          where revoked_reason = 'replay'`;
        return row?.n ?? 0;
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
