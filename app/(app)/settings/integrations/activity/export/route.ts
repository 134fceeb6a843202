import { type ActivityFilters, activityFilters, exportActivity } from "@/lib/audit/activity";
import { type ActivityRow, actionWords } from "@/lib/audit/schema";
import type { Context } from "@/lib/auth/principal";
import { readSession, sessionTokenOf } from "@/lib/auth/session";
import { systemClock } from "@/lib/core/clock";
import { csvLine } from "@/lib/core/csv";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/ids";
import { log } from "@/lib/core/log";
import { type Call, callOfRequest, toResponse } from "@/lib/http/call";
import { errorBody, publicError } from "@/lib/http/error-body";
import { parseQuery } from "@/lib/http/query-string";
import { limiter } from "@/lib/rate-limit/limiter";

// The activity as a CSV file, written while it is read: a server action would hold it in memory.

const exportsPerMinute = 6;

async function contextOfCall(call: Call, requestId: string): Promise<Context> {
  const token = sessionTokenOf(call.header("cookie"));
  const session = token ? await readSession(token) : null;
  if (!session) throw new AppError("unauthorized", "You are signed out", { fix: "Sign in again." });
  const taken = await limiter().take(`export:${session.user.id}`, exportsPerMinute);
  if (!taken.allowed) {
    throw new AppError("rate_limited", `More than ${exportsPerMinute} exports in this minute`, {
      fix: `Wait ${taken.retryAfterSeconds} s and export again.`,
      retryAfterSeconds: taken.retryAfterSeconds,
    });
  }
  return {
    principal: session.principal,
    requestId,
    now: systemClock,
    ip: call.ip,
    userAgent: call.header("user-agent") ?? null,
    proof: { checked: true },
  };
}

const head = csvLine([
  "time_utc",
  "action",
  "action_in_words",
  "category",
  "result",
  "actor_type",
  "actor",
  "actor_id",
  "target_type",
  "target",
  "target_id",
  "ip",
  "user_agent",
  "details",
  "id",
  "number",
]);

function lineOf(row: ActivityRow): string {
  return csvLine([
    row.at,
    row.action,
    actionWords(row.action),
    row.category,
    row.result,
    row.actorType,
    row.actorLabel,
    row.actorId,
    row.targetType,
    row.targetLabel,
    row.targetId,
    row.ip,
    row.userAgent,
    Object.keys(row.metadata).length === 0 ? null : JSON.stringify(row.metadata),
    row.id,
    row.seq,
  ]);
}

/** The file piece by piece, as fast as it is taken. The first batch is read before, so that a refusal is an answer. */
async function streamOf(ctx: Context, filters: ActivityFilters): Promise<ReadableStream> {
  const batches = exportActivity(ctx, filters);
  let first: IteratorResult<readonly ActivityRow[]> | null = await batches.next();
  const encoder = new TextEncoder();
  return new ReadableStream({
    start: (controller) => controller.enqueue(encoder.encode(head)),
    pull: async (controller) => {
      const batch = first ?? (await batches.next());
      first = null;
      if (batch.done) controller.close();
      else controller.enqueue(encoder.encode(batch.value.map(lineOf).join("")));
    },
    cancel: async () => {
      await batches.return(undefined);
    },
  });
}

export async function GET(request: Request): Promise<Response> {
  const requestId = newId("request");
  const call = callOfRequest(request, {});
  try {
    const ctx = await contextOfCall(call, requestId);
    const filters = parseQuery(call.search, activityFilters);
    const day = ctx.now().toISOString().slice(0, 10);
    return new Response(await streamOf(ctx, filters), {
      headers: {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": `attachment; filename="harmony-activity-${day}.csv"`,
        "cache-control": "no-store",
        "x-request-id": requestId,
      },
    });
  } catch (error) {
    const shown = publicError(error, requestId);
    log().info({ request_id: requestId, code: shown.code }, "an export was refused");
    return toResponse({
      status: shown.status,
      headers: {
        "content-type": "application/json; charset=utf-8",
        "cache-control": "no-store",
        "x-request-id": requestId,
      },
      body: JSON.stringify({ error: errorBody(shown, requestId) }),
    });
  }
}
