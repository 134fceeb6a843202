import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";

/** One request as both doors see it (fast lane and Next). */
export interface Call {
  readonly method: string;
  readonly path: string;
  /** The raw query string, without `?`. */
  readonly search: string;
  /** A header by its lower-case name; repeated ones are joined by ", ". */
  readonly header: (name: string) => string | undefined;
  readonly params: Readonly<Record<string, string>>;
  /** The client's address, decided by server.ts. */
  readonly ip: string | null;
  /** The request's bytes; read at most once. */
  readonly body: () => Readable;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** Set by server.ts on every request that it hands on, never taken from a client. */
export const clientIpHeader = "x-harmony-client-ip";
/** The raw query string, set likewise: Next drops parameters of some names (`__proto__`, `nxtP…`) on the way. */
export const searchHeader = "x-harmony-search";

/** Path and query of a page request, for pages that send the visitor away and want them back. Set as above. */
export const pagePathHeader = "x-harmony-path";

/** A call out of a Web request, as Next's route handlers get it. */
export function callOfRequest(request: Request, params: Readonly<Record<string, string>>): Call {
  const url = new URL(request.url);
  return {
    method: request.method,
    path: url.pathname.replace(/^\/v1(?=\/|$)/, "/api/v1"),
    search: request.headers.get(searchHeader) ?? url.search.slice(1),
    header: (name) => request.headers.get(name) ?? undefined,
    params,
    ip: request.headers.get(clientIpHeader) || null,
    body: () =>
      request.body ? Readable.fromWeb(request.body as NodeReadableStream) : Readable.from([]),
  };
}

export function toResponse(reply: Reply): Response {
  return new Response(reply.body, { status: reply.status, headers: reply.headers });
}

/** Writes a reply to the raw response; HEAD gets the headers of GET without the body. */
export function answerNode(request: IncomingMessage, response: ServerResponse, reply: Reply): void {
  for (const [name, value] of Object.entries(reply.headers)) response.setHeader(name, value);
  if (reply.body !== null) response.setHeader("content-length", Buffer.byteLength(reply.body));
  response.writeHead(reply.status);
  response.end(request.method === "HEAD" ? undefined : (reply.body ?? undefined));
}
