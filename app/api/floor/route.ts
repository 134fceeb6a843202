import { env } from "@/lib/core/env";

// The least that a Next route handler can do, for `npm run bench`; anywhere else it does not exist.

const body = JSON.stringify({ data: [], pagination: { page: 1, per_page: 20, total: 0 } });

export function GET(): Response {
  if (!env().HARMONY_BENCH) return new Response(null, { status: 404 });
  return new Response(body, { headers: { "content-type": "application/json; charset=utf-8" } });
}
