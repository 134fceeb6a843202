import { errors } from "undici";
import { OutboundError, type OutboundErrorCode } from "@/lib/outbound/outbound-error";

/** How far an exchange had come; each phase ends when the next begins. */
export type Phase = "connecting" | "waiting" | "reading";

// Codes of Node (nodejs.org/api/errors.html, and OpenSSL's verification results that its TLS passes on),
// getaddrinfo, and undici (its docs/docs/api/Errors.md). Families share a beginning and stand below.
const codes: Readonly<Record<string, OutboundErrorCode>> = {
  ENOTFOUND: "dns_error",
  ENODATA: "dns_error",
  ESERVFAIL: "dns_error",
  ECONNREFUSED: "connection_refused",
  ECONNRESET: "connection_reset",
  ECONNABORTED: "connection_reset",
  EPIPE: "connection_reset",
  UND_ERR_SOCKET: "connection_reset",
  ETIMEDOUT: "timeout",
  UND_ERR_CONNECT_TIMEOUT: "timeout",
  EPROTO: "tls_error",
  HOSTNAME_MISMATCH: "tls_error",
  INVALID_CA: "tls_error",
  INVALID_PURPOSE: "tls_error",
  PATH_LENGTH_EXCEEDED: "tls_error",
  UND_ERR_HEADERS_OVERFLOW: "protocol_error",
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "protocol_error",
  UND_ERR_ABORTED: "aborted",
  UND_ERR_CLOSED: "aborted",
  UND_ERR_DESTROYED: "aborted",
};

const families: readonly (readonly [beginning: RegExp, code: OutboundErrorCode])[] = [
  [/^EAI_/, "dns_error"],
  [/^(CERT_|CRL_|DEPTH_ZERO_|ERROR_IN_|ERR_SSL_|ERR_TLS_|SELF_SIGNED_|UNABLE_TO_)/, "tls_error"],
];

const certificateFaults: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "its certificate has expired",
  CERT_NOT_YET_VALID: "its certificate is not valid yet",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is self-signed",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another name",
  SELF_SIGNED_CERT_IN_CHAIN: "its certificate comes from an authority that is not publicly trusted",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    "its certificate comes from an authority that is not publicly trusted",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "it does not send the intermediate certificates",
};

/** The `code` of a system's or library's error; empty when it has none. */
export function errorCodeOf(error: unknown): string {
  if (typeof error !== "object" || error === null || !("code" in error)) return "";
  return typeof error.code === "string" ? error.code : "";
}

function outboundCodeOf(error: unknown, code: string): OutboundErrorCode {
  // The one class of undici's whose code is not always set.
  if (error instanceof errors.HTTPParserError) return "protocol_error";
  const family = families.find(([beginning]) => beginning.test(code));
  return codes[code] ?? family?.[1] ?? "network_error";
}

/** What the deadline cut off, for the owner of `host`. */
export function timedOut(host: string, phase: Phase, timeoutMs: number): OutboundError {
  const within = `within ${timeoutMs / 1000} s`;
  const words = {
    connecting: `${host} could not be reached ${within}. Check that it is running and that no firewall keeps Harmony out.`,
    waiting: `${host} took the request but did not begin to answer ${within}. Answer first and do the work afterwards.`,
    reading: `${host} did not finish its answer ${within}. Keep the answer short.`,
  };
  return new OutboundError("timeout", words[phase]);
}

/** A name without addresses. */
export function noSuchName(host: string, cause?: unknown): OutboundError {
  const words = `The name ${host} leads to no address. Check its spelling and its DNS records.`;
  return new OutboundError("dns_error", words, cause);
}

function words(code: OutboundErrorCode, detail: string, host: string, phase: Phase): string {
  switch (code) {
    case "dns_error":
      return detail === "ENOTFOUND" || detail === "ENODATA"
        ? noSuchName(host).message
        : `The name ${host} could not be looked up just now. Check that its DNS servers answer.`;
    case "connection_refused":
      return `${host} refused the connection: nothing listens there. Check the port and that the receiver is running.`;
    case "connection_reset":
      return phase === "connecting"
        ? `${host} closed the connection while it was being opened. Check the port, and proxies or firewalls in front of it.`
        : `${host} closed the connection before its answer was complete. Look for a crash or a limit in the receiver's log.`;
    case "timeout":
      return `${host} could not be reached in time. Check that it is running and that no firewall keeps Harmony out.`;
    case "tls_error":
      return `No secure connection to ${host}: ${certificateFaults[detail] ?? "the TLS handshake failed"}. Correct its TLS set-up.`;
    case "protocol_error":
      return detail === "UND_ERR_HEADERS_OVERFLOW"
        ? `${host} answered with more than 16 KB of headers. Send fewer of them.`
        : `${host} did not answer with valid HTTP. Check that an HTTP server listens on that port.`;
    case "aborted":
      return `The request to ${host} was stopped before the answer arrived.`;
    default:
      return `${host} could not be reached over the network. Check that its address is right and reachable.`;
  }
}

/**
 * The error of a library as one for the owner of `host`, judged by its code alone. What is already an
 * OutboundError stays. `UND_ERR_INVALID_ARG` and the like are our mistake, not the receiver's: they stay too.
 */
export function describeFailure(error: unknown, host: string, phase: Phase): unknown {
  if (error instanceof OutboundError) return error;
  const detail = errorCodeOf(error);
  if (detail === "UND_ERR_INVALID_ARG") return error;
  const code = outboundCodeOf(error, detail);
  return new OutboundError(code, words(code, detail, host, phase), error);
}
