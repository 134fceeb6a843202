import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";
import { Agent } from "undici";
import { singleton } from "@/lib/core/singleton";
import { checkOutboundUrl } from "@/lib/outbound/check-url";
import { describeFailure, errorCodeOf, timedOut } from "@/lib/outbound/describe-failure";
import { Exchange } from "@/lib/outbound/exchange";
import { type OutboundPolicy, outboundPolicy } from "@/lib/outbound/outbound-policy";
import { type Resolve, resolveName, vettedConnector } from "@/lib/outbound/vetted-connector";

/** Idle connections are closed after this time, whatever longer time the receiver offers. */
const idleMs = 4_000;
const headerBytesMax = 16 * 1024;

export interface OutboundRequest {
  readonly url: string;
  readonly method: "GET" | "POST" | "HEAD";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Covers everything: name, connection, TLS, headers, and the body as far as it is kept. */
  readonly timeoutMs: number;
  /** Bytes of the answer that are kept; the rest is not read. */
  readonly captureBytes: number;
  readonly signal?: AbortSignal;
}

export interface OutboundAnswer {
  readonly status: number;
  /** At most 100, names in lower case, each value at most 1024 characters; repeated ones joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** The receiver sent more than `captureBytes`. */
  readonly isTruncated: boolean;
  readonly durationMs: number;
  /** Whole milliseconds from the start. `connect` is absent when a connection was reused. */
  readonly timings: { readonly connect?: number; readonly firstByte?: number };
}

/** A GET whose answer is read as a stream, however large it is. */
export interface OutboundDownload {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The longest silence: before the answer begins, and within its body. */
  readonly stallMs: number;
  readonly signal: AbortSignal;
}

export interface OpenedDownload {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Must be read to its end or destroyed. */
  readonly body: Readable;
}

export interface OutboundClient {
  readonly send: (request: OutboundRequest) => Promise<OutboundAnswer>;
  readonly open: (download: OutboundDownload) => Promise<OpenedDownload>;
  /** Ends every connection; requests under way fail with `aborted`. */
  readonly close: () => Promise<void>;
}

export interface OutboundClientOptions {
  readonly resolve?: Resolve;
  readonly policy?: OutboundPolicy;
  /** Certificate authorities (PEM) that are trusted instead of Node's. */
  readonly ca?: string;
}

/** What broke a download, before its answer or in the middle of it, for whoever gave the address. */
function describeStall(error: unknown, host: string, stallMs: number): unknown {
  const code = errorCodeOf(error);
  if (code === "UND_ERR_HEADERS_TIMEOUT") return timedOut(host, "waiting", stallMs);
  return describeFailure(error, host, "connecting");
}

/** A client with connections of its own. The product uses `sendOutbound`; tests bring their resolver. */
export function createOutboundClient(options: OutboundClientOptions = {}): OutboundClient {
  const policy = options.policy ?? outboundPolicy();
  const connector = vettedConnector(policy, options.resolve ?? resolveName, options.ca);
  const settings = {
    connect: connector.connect,
    allowH2: false,
    keepAliveTimeout: idleMs,
    keepAliveMaxTimeout: idleMs,
    maxHeaderSize: headerBytesMax,
    // Each exchange has one deadline for everything.
    headersTimeout: 0,
    bodyTimeout: 0,
  };
  const pooled = new Agent(settings);
  // Without pipelining a connection serves one request: a repeat here cannot meet another stale one.
  const fresh = new Agent({ ...settings, pipelining: 0 });

  return {
    send: (request) =>
      new Promise((fulfil, reject) => {
        const url = checkOutboundUrl(request.url, policy);
        new Exchange({ request, url, pooled, fresh, connector, fulfil, reject }).begin();
      }),
    open: async (download) => {
      const url = checkOutboundUrl(download.url, policy);
      const { stallMs, signal } = download;
      try {
        const answer = await fresh.request({
          origin: url.origin,
          path: `${url.pathname}${url.search}`,
          method: "GET",
          headers: { ...download.headers, "accept-encoding": "identity" },
          signal,
          headersTimeout: stallMs,
          bodyTimeout: stallMs,
        });
        // Destroying a body that is not wanted tells so to its listeners; with none, it would end the process.
        answer.body.on("error", () => undefined);
        return { status: answer.statusCode, headers: answer.headers, body: answer.body };
      } catch (error) {
        throw describeStall(error, url.host, stallMs);
      }
    },
    close: async () => {
      await Promise.all([pooled.destroy(), fresh.destroy()]);
    },
  };
}

const client = () => singleton("outbound-client", () => createOutboundClient());

/**
 * Sends one HTTP request to an address that a person typed. Every such request of the product goes through here.
 * The target is vetted each time (`checkOutboundUrl`, and every address of its name), redirects are not followed,
 * and proxies of the environment, cookies and compression are not used. Any status is an answer; without one it
 * rejects with an OutboundError. A request that met a connection which the receiver had just closed is repeated
 * once on a new one, so the receiver may, rarely, see it twice.
 */
export function sendOutbound(request: OutboundRequest): Promise<OutboundAnswer> {
  return client().send(request);
}

/**
 * Opens a GET to an address that a person typed, vetted in the same way, and hands over its body as a stream. Redirects
 * are not followed: the caller follows them, so that each address is vetted. Rejects with an OutboundError; the body
 * breaks with the error of the library.
 */
export function openOutbound(download: OutboundDownload): Promise<OpenedDownload> {
  return client().open(download);
}

/** Ends every connection of this process, for good; call it once, at the end. */
export function closeOutbound(): Promise<void> {
  return client().close();
}
