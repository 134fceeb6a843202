import type { IncomingMessage, ServerResponse } from "node:http";
import { log } from "@/lib/core/log";
import { answerNode, type Call } from "@/lib/http/call";
import { type Method, type Route, unknownPath } from "@/lib/http/endpoint";

// The API answered before Next: the same endpoint objects, without the cost of the framework (docs/adr/0002).

interface Branch {
  readonly literals: Map<string, Branch>;
  parameter: { readonly name: string; readonly branch: Branch } | null;
  route: Route | null;
}

const newBranch = (): Branch => ({ literals: new Map(), parameter: null, route: null });

function plant(root: Branch, path: string, route: Route): void {
  let branch = root;
  for (const segment of path.split("/").slice(1)) {
    const name = /^\[(\w+)\]$/.exec(segment)?.[1];
    if (name) {
      branch.parameter ??= { name, branch: newBranch() };
      branch = branch.parameter.branch;
    } else {
      const next = branch.literals.get(segment) ?? newBranch();
      branch.literals.set(segment, next);
      branch = next;
    }
  }
  branch.route = route;
}

interface Found {
  readonly route: Route;
  readonly params: Record<string, string>;
}

/**
 * Finds the route of the segments from `at` on. A literal segment wins over a parameter, unless nothing below it
 * fits the rest of the path, as in Next.
 */
function find(branch: Branch, segments: readonly string[], at = 0): Found | null {
  const segment = segments[at];
  if (segment === undefined) return branch.route ? { route: branch.route, params: {} } : null;
  const literal = branch.literals.get(segment);
  const found = literal ? find(literal, segments, at + 1) : null;
  if (found || !branch.parameter || segment === "") return found;
  const { name, branch: below } = branch.parameter;
  const other = find(below, segments, at + 1);
  if (other) other.params[name] = decodeSegment(segment);
  return other;
}

/** A malformed escape names nothing that exists: it stays as it is and is then not found. */
function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** Next compares the base without regard to case; in another case it is a path that the API does not have. */
const anyCaseBase = /^\/(?:api\/)?v1(?=\/|$)/i;

/** The path below the API's base, or null for what is not the API's. */
function pathInApi(pathname: string): string | null {
  const base = anyCaseBase.exec(pathname)?.[0];
  if (base === undefined) return null;
  return base === base.toLowerCase() ? pathname.slice(base.length) : pathname;
}

const methods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);
// Empty and dot segments (also as %2e), backslashes, and a fragment, which no request target has (RFC 9112, 3.2).
const normalisedByNext = /\/\/|\/(?:\.|%2e){1,2}(?:\/|$)|[\\#]/i;

/**
 * API requests that Next would redirect, normalise or refuse in its own words. The lane answers them even where it
 * is switched off, so that both doors say the same.
 */
export function isForLaneOnly(method: string | undefined, pathname: string): boolean {
  const below = pathInApi(pathname);
  if (below === null) return false;
  if (!methods.has(method ?? "GET")) return true;
  if (below === "" || below === "/" || below === pathname || normalisedByNext.test(below))
    return true;
  try {
    decodeURIComponent(below);
    return false;
  } catch {
    return true;
  }
}

function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(", ") : value;
}

/** A call out of a request as node:http has it; `path` is the one that is told and logged. */
export function callOfNode(
  request: IncomingMessage,
  path: string,
  ip: string | null,
  params: Readonly<Record<string, string>> = {},
): Call {
  const target = request.url ?? "/";
  const cut = target.indexOf("?");
  return {
    method: request.method ?? "GET",
    path,
    search: cut === -1 ? "" : target.slice(cut + 1),
    header: (name) => headerOf(request, name),
    params,
    ip,
    body: () => request,
  };
}

export type FastLane = (
  request: IncomingMessage,
  response: ServerResponse,
  clientIp: string | null,
) => boolean;

/**
 * Makes the lane from the table of routes. It returns false for paths that are not the API's, and otherwise
 * always answers: an uncaught throw would leave the socket hanging.
 */
export function fastLane(routes: readonly (readonly [string, Route])[]): FastLane {
  const root = newBranch();
  for (const [path, route] of routes) plant(root, path, route);

  async function answer(
    request: IncomingMessage,
    response: ServerResponse,
    call: Call,
    below: string,
  ) {
    const found = find(root, below.split("/").slice(1));
    const door = found?.route[(request.method ?? "GET") as Method];
    const run = found ? (door ?? found.route.PUT).run : unknownPath;
    answerNode(request, response, await run({ ...call, params: found?.params ?? {} }));
  }

  return (request, response, clientIp) => {
    const target = request.url ?? "/";
    const cut = target.indexOf("?");
    const pathname = cut === -1 ? target : target.slice(0, cut);
    // One trailing slash means the same path, as in Next.
    const below = pathInApi(pathname)?.replace(/(?<=[^/])\/$/, "");
    if (below === undefined) return false;
    const call = callOfNode(request, `/api/v1${below}`, clientIp);
    answer(request, response, call, below).catch((error: unknown) => {
      log().error({ err: error }, "the fast lane could not answer");
      if (!response.headersSent) response.writeHead(500, { "content-type": "application/json" });
      response.end('{"error":{"code":"server_error","message":"Internal error","details":{}}}');
    });
    return true;
  };
}
