import type { IncomingHttpHeaders } from "node:http";
import type { Agent, Dispatcher } from "undici";
import {
  describeFailure,
  errorCodeOf,
  type Phase,
  timedOut,
} from "@/lib/outbound/describe-failure";
import type { OutboundAnswer, OutboundRequest } from "@/lib/outbound/outbound-client";
import { OutboundError } from "@/lib/outbound/outbound-error";
import type { VettedConnector } from "@/lib/outbound/vetted-connector";

const headersMax = 100;
const headerValueMax = 1024;

/** Headers that are the client's to say, never the caller's. */
const ownHeaders = new Set(["accept-encoding", "host"]);

/** What a write to a connection meets that the other side has closed. */
const closedCodes = new Set(["UND_ERR_SOCKET", "ECONNRESET", "EPIPE"]);

interface ExchangeOptions {
  readonly request: OutboundRequest;
  /** The checked form of `request.url`. */
  readonly url: URL;
  readonly pooled: Agent;
  readonly fresh: Agent;
  readonly connector: VettedConnector;
  readonly fulfil: (answer: OutboundAnswer) => void;
  readonly reject: (error: unknown) => void;
}

/** Names and values in turn, as undici takes them with the least work. */
function headersToSend(headers: Readonly<Record<string, string>>): string[] {
  const list = ["accept-encoding", "identity"];
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined && !ownHeaders.has(name.toLowerCase())) list.push(name, value);
  }
  return list;
}

function keepHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const entries = Object.entries(headers).slice(0, headersMax);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, String(value ?? "").slice(0, headerValueMax)]),
  );
}

/**
 * One request and its answer, as undici's handler: the lowest level of undici, because it alone can stop reading
 * in the middle of a body and costs nothing per request.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #options: ExchangeOptions;
  readonly #startedAt = performance.now();
  readonly #chunks: Buffer[] = [];
  #timer: NodeJS.Timeout | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #phase: Phase = "connecting";
  #connectMs: number | undefined;
  #firstByteMs: number | undefined;
  #status = 0;
  #headers: Record<string, string> = {};
  #bytes = 0;
  #isOver = false;

  constructor(options: ExchangeOptions) {
    this.#options = options;
  }

  begin(): void {
    const { request, pooled } = this.#options;
    if (request.signal?.aborted) {
      this.#onAbort();
      return;
    }
    request.signal?.addEventListener("abort", this.#onAbort);
    this.#timer = setTimeout(() => this.#onDeadline(), request.timeoutMs);
    this.#dispatch(pooled);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // The deadline passed while it waited for its connection: nothing may be sent any more.
    if (this.#isOver) {
      controller.abort(new Error("the request is over"));
      return;
    }
    this.#controller = controller;
    this.#connectMs = this.#options.connector.newConnectionMs();
    this.#phase = "waiting";
  }

  onResponseStarted(): void {
    this.#firstByteMs ??= this.#elapsedMs();
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
  ): void {
    // 103 and other interim answers come before the real one.
    if (status < 200) return;
    this.#status = status;
    this.#headers = keepHeaders(headers);
    this.#phase = "reading";
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const room = this.#options.request.captureBytes - this.#bytes;
    this.#chunks.push(chunk.length > room ? chunk.subarray(0, room) : chunk);
    this.#bytes += Math.min(chunk.length, room);
    if (chunk.length <= room) return;
    this.#finish(true);
    controller.abort(new Error("enough was read"));
  }

  onResponseEnd(): void {
    this.#finish(false);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#isOver) return;
    if (this.#metClosedConnection(error)) this.#repeat();
    else this.#fail(describeFailure(error, this.#options.url.host, this.#phase));
  }

  #dispatch(agent: Agent): void {
    const { request, url } = this.#options;
    agent.dispatch(
      {
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method: request.method,
        headers: headersToSend(request.headers),
        body: request.body ?? null,
      },
      this,
    );
  }

  /**
   * Whether a reused connection ended before a byte of an answer. The receiver closed it as idle while the request
   * was on its way (RFC 9112, 9.3.1), which is nobody's fault. True at most once: the repeat has a new connection.
   */
  #metClosedConnection(error: Error): boolean {
    return (
      this.#phase === "waiting" &&
      this.#connectMs === undefined &&
      this.#firstByteMs === undefined &&
      closedCodes.has(errorCodeOf(error))
    );
  }

  #repeat(): void {
    this.#phase = "connecting";
    this.#controller = undefined;
    this.#dispatch(this.#options.fresh);
  }

  readonly #onAbort = () => {
    const { url, request } = this.#options;
    const words = `The request to ${url.host} was stopped before the answer arrived.`;
    this.#cut(new OutboundError("aborted", words, request.signal?.reason));
  };

  #onDeadline(): void {
    const { url, request } = this.#options;
    this.#cut(timedOut(url.host, this.#phase, request.timeoutMs));
  }

  #cut(error: OutboundError): void {
    this.#fail(error);
    this.#controller?.abort(error);
  }

  #fail(error: unknown): void {
    this.#end();
    this.#options.reject(error);
  }

  #finish(isTruncated: boolean): void {
    if (this.#isOver) return;
    this.#end();
    this.#options.fulfil({
      status: this.#status,
      headers: this.#headers,
      body: Buffer.concat(this.#chunks, this.#bytes),
      isTruncated,
      durationMs: this.#elapsedMs(),
      timings: {
        ...(this.#connectMs === undefined ? {} : { connect: Math.round(this.#connectMs) }),
        ...(this.#firstByteMs === undefined ? {} : { firstByte: this.#firstByteMs }),
      },
    });
  }

  #end(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#options.request.signal?.removeEventListener("abort", this.#onAbort);
  }

  #elapsedMs(): number {
    return Math.round(performance.now() - this.#startedAt);
  }
}
