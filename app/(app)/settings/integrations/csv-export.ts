import type { Context } from "@/lib/auth/principal";
import { readSession, sessionTokenOf } from "@/lib/auth/session";
import { systemClock } from "@/lib/core/clock";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/ids";
import { log } from "@/lib/core/log";
import { type Call, callOfRequest, toResponse } from "@/lib/http/call";
import { errorBody, publicError } from "@/lib/http/error-body";
import { limiter } from "@/lib/rate-limit/limiter";

// CSV files are written while they are read: a server action would hold them in memory.

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

/** The file piece by piece, as fast as it is taken. The first piece is read before, so that a refusal is an answer. */
async function streamOf(pieces: AsyncIterable<string>): Promise<ReadableStream> {
  const iterator = pieces[Symbol.asyncIterator]();
  let first: IteratorResult<string> | null = await iterator.next();
  const encoder = new TextEncoder();
  return new ReadableStream({
    pull: async (controller) => {
      const piece = first ?? (await iterator.next());
      first = null;
      if (piece.done) controller.close();
      else controller.enqueue(encoder.encode(piece.value));
    },
    cancel: async () => {
      await iterator.return?.(undefined);
    },
  });
}

interface CsvExport {
  /** Begins the file's name: `harmony-activity`. */
  readonly name: string;
  readonly params?: Readonly<Record<string, string>>;
  /** Pieces of the file, whole lines each; rights are checked before the first. */
  readonly pieces: (ctx: Context, call: Call) => AsyncIterable<string>;
}

/** The pieces of a file out of pages of rows. The first page is read before anything is sent: a refusal is an answer. */
export async function* csvPieces<Row>(
  pages: AsyncIterable<readonly Row[]>,
  head: string,
  lineOf: (row: Row) => string,
): AsyncIterable<string> {
  let begin = head;
  for await (const rows of pages) {
    yield begin + rows.map(lineOf).join("");
    begin = "";
  }
  if (begin !== "") yield begin;
}

/** The door of a download: the session's person, at most six exports a minute, errors in the house's shape. */
export async function csvExport(request: Request, spec: CsvExport): Promise<Response> {
  const requestId = newId("request");
  const call = callOfRequest(request, spec.params ?? {});
  try {
    const ctx = await contextOfCall(call, requestId);
    const day = ctx.now().toISOString().slice(0, 10);
    return new Response(await streamOf(spec.pieces(ctx, call)), {
      headers: {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": `attachment; filename="${spec.name}-${day}.csv"`,
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
