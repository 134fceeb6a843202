import { and, eq } from "drizzle-orm";
import { db } from "@/db/client";
import {
  connections,
  externalLinks,
  syncItems,
  syncLogEntries,
  syncRuns,
} from "@/db/schema/integrations";
import type { Provider } from "@/lib/integrations/contract";
import { registerProvider } from "@/lib/integrations/registry";
import type { JobPayloads } from "@/lib/jobs/queues";
import { runConnection } from "@/lib/sync/run-sync";
import { type Apart, makeDatabaseApart } from "../../support/doors-apart";
import { makeWorkspace, type TestWorkspace } from "../../support/factories";
import { connectReference } from "../../support/reference-tool/connect";
import { referenceEnv, referenceProviders } from "../../support/reference-tool/providers";
import { type ReferenceTool, startReferenceTool } from "../../support/reference-tool/tool";
import { waitFor } from "../../support/wait-for";

/** A clock that stands still until it is moved. */
export class TestClock {
  at = new Date();
  readonly now = () => this.at;
  move(seconds: number): void {
    this.at = new Date(this.at.getTime() + seconds * 1000);
  }
}

/** What a test of the engine works with: a database apart, a workspace, the reference tool. */
export interface SyncBench {
  readonly apart: Apart;
  readonly workspace: TestWorkspace;
  readonly tool: ReferenceTool;
  readonly clock: TestClock;
  readonly stop: () => Promise<void>;
}

export async function startBench(): Promise<SyncBench> {
  const apart = await makeDatabaseApart();
  const tool = await startReferenceTool();
  Object.assign(process.env, referenceEnv(tool.url));
  for (const provider of referenceProviders) registerProvider(provider);
  const workspace = await makeWorkspace();
  return {
    ...{ apart, tool, workspace, clock: new TestClock() },
    stop: async () => {
      await tool.stop();
      await apart.drop();
    },
  };
}

export const connect = (
  bench: SyncBench,
  provider: Provider,
  values: Parameters<typeof connectReference>[2] = {},
) => connectReference(bench.workspace.id, provider, values);

/** One run of the connection to its end, as the worker would make it. */
export async function run(
  bench: SyncBench,
  connectionId: string,
  trigger: JobPayloads["sync.run"]["trigger"] = "realtime",
  sliceMs = 60_000,
): Promise<void> {
  await runConnection(
    { workspaceId: bench.workspace.id, connectionId, trigger },
    { signal: new AbortController().signal, now: bench.clock.now, sliceMs },
  );
}

/**
 * Holds what the tool's rate limit is counted by: whoever sends a record waits there, with the record claimed and
 * nothing of it sent.
 */
export async function holdBudget({ apart }: SyncBench, slug: string) {
  const key = `${slug}:reference-account`;
  await apart.sql`insert into provider_budgets (key) values (${key}) on conflict do nothing`;
  const held = await apart.sql.reserve();
  await held`begin`;
  await held`select 1 from provider_budgets where key = ${key} for update`;
  const waiting = () => apart.sql<{ pid: number }[]>`select pid from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock' and query like '%provider_budgets%'`;
  return {
    until: async (waiters: number) =>
      await waitFor("those who send", async () => (await waiting()).length >= waiters),
    /** The connections of those who wait end, as when the database is restarted. */
    cut: async () => {
      for (const { pid } of await waiting()) await apart.sql`select pg_terminate_backend(${pid})`;
    },
    release: async () => {
      await held`rollback`;
      held.release();
    },
  };
}

export const runsOf = (connectionId: string) =>
  db()
    .select()
    .from(syncRuns)
    .where(eq(syncRuns.connectionId, connectionId))
    .orderBy(syncRuns.createdAt, syncRuns.id);

export const entriesOf = (connectionId: string) =>
  db()
    .select()
    .from(syncLogEntries)
    .where(eq(syncLogEntries.connectionId, connectionId))
    .orderBy(syncLogEntries.at, syncLogEntries.id);

export const itemsOf = (connectionId: string) =>
  db()
    .select()
    .from(syncItems)
    .where(eq(syncItems.connectionId, connectionId))
    .orderBy(syncItems.createdAt, syncItems.id);

export async function itemOf(connectionId: string, objectId: string) {
  const [row] = await db()
    .select()
    .from(syncItems)
    .where(and(eq(syncItems.connectionId, connectionId), eq(syncItems.objectId, objectId)));
  if (!row) throw new Error("there is no such item");
  return row;
}

export const linksOf = (connectionId: string) =>
  db().select().from(externalLinks).where(eq(externalLinks.connectionId, connectionId));

export async function connectionNow(id: string) {
  const [row] = await db().select().from(connections).where(eq(connections.id, id));
  if (!row) throw new Error("the connection is gone");
  return row;
}
