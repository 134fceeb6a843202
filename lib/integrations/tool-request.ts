import { Agent, type Dispatcher, request } from "undici";
import { singleton } from "@/lib/core/singleton";

// One HTTP exchange with a tool. Addresses come from the registry, never from a person, so the guard of lib/outbound
// does not apply; redirects are not followed anywhere.

const connectMs = 5_000;
const idleMs = 4_000;
const bodyBytesMax = 5 * 1024 * 1024;
const callMs = 10_000;

export interface ToolRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly signal: AbortSignal;
  /** Covers everything from the connection to the last byte; 10 s unless said otherwise. */
  readonly timeoutMs?: number | undefined;
}

export interface ToolAnswer {
  readonly status: number;
  /** Names in lower case, repeated ones joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** There was no answer. `wasSent`: some of the request had left, so that the tool may have got it all the same. */
export class NoAnswer extends Error {
  readonly wasSent: boolean;

  constructor(why: string, wasSent: boolean, cause?: unknown) {
    super(why, { cause });
    this.name = "NoAnswer";
    this.wasSent = wasSent;
  }
}

const agent = () =>
  singleton(
    "tool-agent",
    () =>
      new Agent({
        connect: { timeout: connectMs },
        keepAliveTimeout: idleMs,
        keepAliveMaxTimeout: idleMs,
        // Each exchange has one deadline for everything.
        headersTimeout: 0,
        bodyTimeout: 0,
      }),
  );

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error ? String(error.code) : "";

/** What keeps a request from being written at all. */
const unsentWords: Readonly<Record<string, string>> = {
  ECONNREFUSED: "refused the connection",
  ENOTFOUND: "its name is not known",
  EAI_AGAIN: "its name could not be looked up",
  EHOSTUNREACH: "cannot be reached",
  ENETUNREACH: "cannot be reached",
  UND_ERR_CONNECT_TIMEOUT: "took no connection",
  CERT_HAS_EXPIRED: "its certificate has expired",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is not trusted",
  SELF_SIGNED_CERT_IN_CHAIN: "its certificate is not trusted",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its certificate is not trusted",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another name",
};

/**
 * The agent for one request, which calls `began` in the moment before the first byte is written: by then the name is
 * known, the connection made and encrypted. Whatever fails earlier did certainly not reach the tool.
 */
function watchedAgent(began: () => void): Dispatcher {
  return agent().compose((dispatch) => (options, handler) => {
    const start = handler.onRequestStart?.bind(handler);
    handler.onRequestStart = (controller, context) => {
      start?.(controller, context);
      // A caller that gave up meanwhile has ended it here.
      if (!controller.aborted) began();
    };
    return dispatch(options, handler);
  });
}

function describe(
  error: unknown,
  given: { readonly isLate: boolean; readonly timeoutMs: number; readonly wasSent: boolean },
): NoAnswer {
  if (error instanceof NoAnswer) return error;
  const { isLate, timeoutMs, wasSent } = given;
  if (isLate) return new NoAnswer(`no answer within ${timeoutMs / 1000} s`, wasSent, error);
  if (wasSent) return new NoAnswer("ended the connection without an answer", true, error);
  return new NoAnswer(unsentWords[codeOf(error)] ?? "could not be connected to", false, error);
}

async function readBody(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > bodyBytesMax) throw new NoAnswer("answered with more than 5 MB", true);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/**
 * Sends one request and reads the whole answer, whatever its status.
 * @throws NoAnswer when there is none in time; the reason of `signal` when the caller gave up.
 */
export async function sendToTool(wanted: ToolRequest): Promise<ToolAnswer> {
  const { timeoutMs = callMs, signal } = wanted;
  signal.throwIfAborted();
  const deadline = AbortSignal.timeout(timeoutMs);
  let wasSent = false;
  const began = () => {
    wasSent = true;
  };
  try {
    const answer = await request(wanted.url, {
      method: wanted.method as "GET",
      headers: wanted.headers,
      body: wanted.body,
      dispatcher: watchedAgent(began),
      signal: AbortSignal.any([signal, deadline]),
    });
    const headers = Object.entries(answer.headers).map(
      ([name, value]) => [name, Array.isArray(value) ? value.join(", ") : (value ?? "")] as const,
    );
    return {
      status: answer.statusCode,
      headers: Object.fromEntries(headers),
      text: await readBody(answer.body),
    };
  } catch (error) {
    // A caller that gave up may have left the request at the tool as well: it is told like any other loss.
    throw describe(error, { isLate: deadline.aborted, timeoutMs, wasSent });
  }
}
