import { pool } from "@/db/client";
import { type Limiter, toTaken } from "@/lib/rate-limit/window";

/** For several web processes without Redis: one upsert on an unlogged table, on the database's clock. */
export function postgresLimiter(): Limiter {
  return {
    async take(key, limit) {
      const sql = pool();
      const [row] = await sql<{ count: number; started_ms: number; now_ms: number }[]>`
        insert into rate_windows as w (key, started_at, count) values (${key}, now(), 1)
        on conflict (key) do update set
          count = case when now() >= w.started_at + interval '60 seconds' then 1
                       else least(w.count + 1, ${limit + 1}::int) end,
          started_at = case when now() >= w.started_at + interval '60 seconds' then now()
                            else w.started_at end
        returning count, (extract(epoch from started_at) * 1000)::float8 started_ms,
          (extract(epoch from now()) * 1000)::float8 now_ms`;
      if (!row) throw new Error("the rate window was not returned");
      return toTaken(limit, row.count, row.started_ms, row.now_ms);
    },
  };
}
