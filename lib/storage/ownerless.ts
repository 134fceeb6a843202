import type postgres from "postgres";

/** Those of the storage's keys that no row refers to: no meeting, and no upload that is still on its way. */
export async function ownerlessKeys(
  sql: postgres.Sql,
  keys: readonly string[],
): Promise<readonly string[]> {
  const rows = await sql<{ key: string }[]>`
    select f.key from unnest(${[...keys]}::text[]) as f (key)
    where not exists (select 1 from meetings m where m.recording_key = f.key)
      and not exists (select 1 from meetings m where m.playback_key = f.key)
      and not exists (select 1 from upload_sessions u where u.storage_key = f.key)`;
  return rows.map(({ key }) => key);
}
