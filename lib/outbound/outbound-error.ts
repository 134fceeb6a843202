export type OutboundErrorCode =
  | "invalid_url"
  | "blocked_address"
  | "dns_error"
  | "connection_refused"
  | "connection_reset"
  | "timeout"
  | "tls_error"
  | "protocol_error"
  | "network_error"
  | "aborted";

const brand = Symbol.for("harmony.OutboundError");

/**
 * A request to somebody else's address that got no answer. `message` is for the owner of that address: what
 * happened, why, what to do; of the address it names the host that was typed, never what the name led to, nor
 * path or query (they may hold secrets). `cause` is only logged. `instanceof` works across module graphs.
 */
export class OutboundError extends Error {
  readonly code: OutboundErrorCode;

  constructor(code: OutboundErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "OutboundError";
    this.code = code;
    Object.defineProperty(this, brand, { value: true });
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === "object" && value !== null && brand in value;
  }
}
