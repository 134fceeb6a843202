import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";
import { env } from "@/lib/core/env";
import { html, page } from "./html";
import { type Answer, type Call, json, mediaType, objectOf, text } from "./http";
import { tools } from "./registry";
import { type Outcome, openStand, type Stand, UnknownCommand } from "./stand";
import type { ToolDefinition } from "./tool";

// All stand-ins behind one server on loopback: `/<slug>/…` is a tool, `/_control/<slug>` makes it misbehave, `/`
// lists them. What stand-ins can never prove: the real tools' latency, their undocumented answers, and their taste.

const BODY_MAX_BYTES = 8 * 1024 * 1024;
const loopbackHost = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

export interface SandboxOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** State is kept in its folder `sandbox`. */
  readonly dataDir: string;
  /** Whose callback and hook addresses are registered at the tools; APP_URL unless given. */
  readonly appUrl?: string;
  readonly now?: () => Date;
  readonly tools?: readonly ToolDefinition[];
}

export interface Sandbox {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_MAX_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Whether a page of somebody else's makes the browser do this. */
function isForeign({ headers, method }: IncomingMessage): boolean {
  const site = headers["sec-fetch-site"];
  return method !== "GET" && site !== undefined && site !== "same-origin" && site !== "none";
}

const commandsSchema = z.union([
  z.array(z.record(z.string(), z.unknown())).max(100),
  z.record(z.string(), z.unknown()).transform((one) => [one]),
]);

function controlStand(stand: Stand, call: Call): Answer {
  if (call.method === "GET") return json(200, stand.describe());
  if (call.method !== "POST") return json(405, { error: "GET or POST" });
  // Browsers send this type to other origins only after asking, and nobody answers that.
  if (mediaType(call) !== "application/json") {
    return json(415, { error: "Send application/json." });
  }
  try {
    const body: unknown = objectOf(call) ?? JSON.parse(call.body.toString("utf8"));
    return json(200, { results: stand.control(commandsSchema.parse(body)) });
  } catch (error) {
    if (error instanceof UnknownCommand) return json(400, { error: error.message });
    if (error instanceof z.ZodError) return json(400, { error: z.prettifyError(error) });
    if (error instanceof SyntaxError) return json(400, { error: "The body is no JSON." });
    throw error;
  }
}

function indexPage(url: string, stands: readonly Stand[]): Answer {
  return page({
    title: "Stand-ins",
    body: html`<h1>Stand-ins for connected tools</h1>
<p class="muted">Harmony connects to these where a tool has no credentials of its own. What you do here happens to the connection as it would at the real tool.</p>
${stands.map(
  ({ slug, name, about }) =>
    html`<section class="card"><h2><a href="${url}/${slug}">${name}</a></h2><p>${about}</p></section>`,
)}`,
  });
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { "content-length": Buffer.byteLength(body ?? ""), ...headers });
  response.end(body);
}

function conclude(response: ServerResponse, outcome: Outcome): void {
  if (outcome.kind === "answer") send(response, outcome.answer);
  else if (outcome.kind === "cut") response.socket?.destroy();
}

const answered = (answer: Answer): Outcome => ({ kind: "answer", answer });

/** Index, control or a tool. */
async function dispatch(
  stands: ReadonlyMap<string, Stand>,
  url: string,
  first: string,
  call: Call,
): Promise<Outcome> {
  if (first === "") return answered(indexPage(url, [...stands.values()]));
  const isControl = first === "_control";
  const slug = isControl ? call.path.slice(1) : first;
  if (isControl && slug === "") return answered(json(200, { tools: [...stands.keys()] }));
  const stand = stands.get(slug);
  if (!stand) return answered(text(404, "There is no such stand-in."));
  return isControl ? answered(controlStand(stand, call)) : await stand.handle(call);
}

/** Why a request is not looked at. */
function refusalOf(request: IncomingMessage): Answer | null {
  if (!loopbackHost.test(request.headers.host ?? "")) return text(421, "Not here.");
  return isForeign(request) ? text(403, "Not from another site.") : null;
}

/** Starts the stand-ins; rejects with one clear sentence when the port is taken. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const stands = new Map<string, Stand>();
  let url = "";

  const respond = async (request: IncomingMessage): Promise<Outcome> => {
    const refusal = refusalOf(request);
    if (refusal !== null) return answered(refusal);
    const body = await readBody(request);
    if (body === null) return answered(text(413, "Too large."));
    const { pathname, searchParams: query } = new URL(request.url ?? "/", "http://localhost");
    const [, first = "", ...rest] = pathname.split("/");
    const { method = "GET", headers } = request;
    const call = { method, path: `/${rest.join("/")}`, query, headers, body };
    return await dispatch(stands, url, first, call);
  };

  const server = createServer((request, response) => {
    respond(request).then(
      (outcome) => conclude(response, outcome),
      (error: unknown) => {
        const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
        if (!response.headersSent) send(response, text(500, `A bug of the stand-in: ${reason}`));
      },
    );
  });
  server.listen({ port: options.port, host: "127.0.0.1", exclusive: true });
  try {
    await once(server, "listening");
  } catch (error) {
    const isTaken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
    if (!isTaken) throw error;
    throw new Error(
      `The stand-ins of connected tools cannot start: port ${options.port} is already in use. Choose another one: SANDBOX_PORT=${options.port + 1}`,
      { cause: error },
    );
  }
  url = `http://localhost:${(server.address() as AddressInfo).port}`;
  const appUrl = options.appUrl ?? env().appUrl;
  const now = options.now ?? (() => new Date());
  for (const tool of options.tools ?? tools) {
    const own = { url: `${url}/${tool.slug}`, appUrl, dataDir: options.dataDir, now };
    stands.set(tool.slug, openStand(tool, own));
  }
  return {
    url,
    stop: async () => {
      for (const stand of stands.values()) stand.stop();
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
