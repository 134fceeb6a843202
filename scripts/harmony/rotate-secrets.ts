import { z } from "zod";
import { pool } from "@/db/client";
import { isSealedByOldKey, seal, unseal } from "@/lib/core/crypto";
import { env } from "@/lib/core/env";
import { CliError, defineCommand } from "./command";

// Sealed values (lib/core/crypto.ts) are found by their column: text, named `…_sealed`, in a table whose `id` the
// value is bound to. A new table is covered by keeping to that, without a list that somebody could forget.

const batchSize = 200;

interface SealedColumn {
  readonly table: string;
  readonly column: string;
}

async function sealedColumns(): Promise<SealedColumn[]> {
  return pool()<SealedColumn[]>`
    select c.table_name as table, c.column_name as column from information_schema.columns c
    join information_schema.tables t using (table_schema, table_name)
    where c.table_schema = current_schema() and t.table_type = 'BASE TABLE'
      and c.data_type = 'text' and c.column_name like '%\_sealed'
      and exists (select 1 from information_schema.columns i where i.table_schema = c.table_schema
        and i.table_name = c.table_name and i.column_name = 'id')
    order by 1, 2`;
}

interface SealedRow {
  readonly id: string;
  readonly sealed: string;
}

/** Opens a value and seals it again; null when no key of this process opens it. */
function rewrap({ id, sealed }: SealedRow): string | null {
  try {
    return seal(unseal(sealed, id), id);
  } catch {
    return null;
  }
}

interface Tally {
  rewrapped: number;
  current: number;
  unreadable: number;
}

/** The value as it is to be stored from now on; null when it stays as it is. Counts what was found. */
function rotated(row: SealedRow, tally: Tally): string | null {
  if (!isSealedByOldKey(row.sealed)) {
    tally.current += 1;
    return null;
  }
  const fresh = rewrap(row);
  if (fresh === null) tally.unreadable += 1;
  else tally.rewrapped += 1;
  return fresh;
}

/** One batch after `afterId` under row locks; returns the last id, or null when there is nothing left. */
async function rotateBatch(
  { table, column }: SealedColumn,
  afterId: string,
  tally: Tally,
): Promise<string | null> {
  return pool().begin(async (sql) => {
    const rows = await sql<SealedRow[]>`
      select id, ${sql(column)} as sealed from ${sql(table)}
      where ${sql(column)} is not null and id > ${afterId} order by id limit ${batchSize} for update`;
    for (const row of rows) {
      const fresh = rotated(row, tally);
      if (fresh === null) continue;
      await sql`update ${sql(table)} set ${sql(column)} = ${fresh} where id = ${row.id}`;
    }
    return rows.at(-1)?.id ?? null;
  });
}

/** The jobs that carry a sealed value themselves (docs/adr/0012); there are few, and none is older than a day. */
async function rotateJobs(tally: Tally): Promise<void> {
  await pool().begin(async (sql) => {
    const rows = await sql<(SealedRow & { readonly job: string })[]>`
      select id as job, data ->> 'id' as id, data ->> 'sealed' as sealed from pgboss.job
      where name = 'grant.end' for update`;
    for (const row of rows) {
      const fresh = rotated(row, tally);
      if (fresh === null) continue;
      await sql`update pgboss.job set data = jsonb_set(data, '{sealed}', to_jsonb(${fresh}::text))
        where name = 'grant.end' and id = ${row.job}`;
    }
  });
}

function advice(tally: Tally): string {
  const hasPrevious = env().HARMONY_SECRET_PREVIOUS !== undefined;
  const done = `${tally.rewrapped} re-wrapped, ${tally.current} were under the current secret already.`;
  if (!hasPrevious) return `${done} HARMONY_SECRET_PREVIOUS is not set; nothing needs it.`;
  return `${done} Nothing needs HARMONY_SECRET_PREVIOUS any more: remove it once every web and worker process runs with the new HARMONY_SECRET.`;
}

export const rotateSecretsCommand = defineCommand({
  name: "secrets rotate",
  description: "Seal every stored secret again under HARMONY_SECRET. Safe to repeat.",
  options: {},
  input: z.object({}),
  run: async () => {
    const tally: Tally = { rewrapped: 0, current: 0, unreadable: 0 };
    const columns = await sealedColumns();
    for (const column of columns) {
      let afterId: string | null = "";
      while (afterId !== null) afterId = await rotateBatch(column, afterId, tally);
    }
    await rotateJobs(tally);
    if (tally.unreadable > 0) {
      throw new CliError(
        `${tally.unreadable} stored secrets cannot be opened (${tally.rewrapped} were re-wrapped); add the secret they were sealed under to HARMONY_SECRET_PREVIOUS and run this again`,
      );
    }
    return {
      text: `Stored secrets in ${columns.length} columns: ${advice(tally)}`,
      json: {
        columns: columns.map(({ table, column }) => `${table}.${column}`),
        rewrapped: tally.rewrapped,
        current: tally.current,
        previous_secret_needed: false,
      },
    };
  },
});
