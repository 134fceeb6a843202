import { errors } from "undici";
import { describe, expect, test } from "vitest";
import { describeFailure, timedOut } from "@/lib/outbound/describe-failure";
import { OutboundError } from "@/lib/outbound/outbound-error";

const failure = (code: string, fields: object = {}) =>
  Object.assign(new Error("words that nobody may rely on"), { code, ...fields });

function described(error: unknown, phase: "connecting" | "waiting" = "connecting"): OutboundError {
  const result = describeFailure(error, "hooks.example.com", phase);
  if (result instanceof OutboundError) return result;
  throw new Error("no OutboundError");
}

describe("describeFailure", () => {
  test.for([
    ["ENOTFOUND", "dns_error"],
    ["EAI_AGAIN", "dns_error"],
    ["ECONNREFUSED", "connection_refused"],
    ["ECONNRESET", "connection_reset"],
    ["EPIPE", "connection_reset"],
    ["UND_ERR_SOCKET", "connection_reset"],
    ["ETIMEDOUT", "timeout"],
    ["UND_ERR_CONNECT_TIMEOUT", "timeout"],
    ["CERT_HAS_EXPIRED", "tls_error"],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "tls_error"],
    ["SELF_SIGNED_CERT_IN_CHAIN", "tls_error"],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "tls_error"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "tls_error"],
    ["ERR_SSL_WRONG_VERSION_NUMBER", "tls_error"],
    ["EPROTO", "tls_error"],
    ["UND_ERR_HEADERS_OVERFLOW", "protocol_error"],
    ["EHOSTUNREACH", "network_error"],
    ["ENETUNREACH", "network_error"],
    ["SOMETHING_NEW", "network_error"],
    ["UND_ERR_DESTROYED", "aborted"],
  ] as const)("tells %s by its code as %s, and keeps it as the cause", ([code, outcome]) => {
    const error = failure(code);
    expect(described(error).code).toBe(outcome);
    expect(described(error).cause).toBe(error);
  });

  test("tells an answer that is no HTTP by its class, because its code may be missing", () => {
    const { code } = described(new errors.HTTPParserError("words"), "waiting");
    expect(code).toBe("protocol_error");
  });

  test("names the host that was typed and no address that it led to", () => {
    for (const code of ["ECONNREFUSED", "ECONNRESET", "EHOSTUNREACH", "ETIMEDOUT", "EPIPE"]) {
      const { message } = described(failure(code, { address: "10.1.2.3", port: 8443 }));
      expect(message).toContain("hooks.example.com");
      expect(message).not.toContain("10.1.2.3");
    }
  });

  test("says what is wrong with a certificate", () => {
    expect(described(failure("CERT_HAS_EXPIRED")).message).toContain("has expired");
    expect(described(failure("ERR_TLS_CERT_ALTNAME_INVALID")).message).toContain("another name");
  });

  test("tells a connection that could not be opened from one that broke", () => {
    expect(described(failure("ECONNRESET"), "connecting").message).toContain("while it was being");
    expect(described(failure("ECONNRESET"), "waiting").message).toContain("before its answer");
  });

  test("leaves our own errors and our own mistakes as they are", () => {
    const ours = new OutboundError("blocked_address", "words");
    const mistake = failure("UND_ERR_INVALID_ARG");
    expect(describeFailure(ours, "hooks.example.com", "connecting")).toBe(ours);
    expect(describeFailure(mistake, "hooks.example.com", "connecting")).toBe(mistake);
  });
});

test("a timeout says how far the request had come", () => {
  const words = (phase: "connecting" | "waiting" | "reading") =>
    timedOut("hooks.example.com", phase, 10_000).message;
  expect(words("connecting")).toContain("could not be reached within 10 s");
  expect(words("waiting")).toContain("did not begin to answer within 10 s");
  expect(words("reading")).toContain("did not finish its answer within 10 s");
});

test("an OutboundError is recognised across module graphs by its brand, and other errors are not", () => {
  const copy = Object.defineProperty(new Error("copy"), Symbol.for("harmony.OutboundError"), {
    value: true,
  });
  expect(copy).toBeInstanceOf(OutboundError);
  for (const other of [new Error("x"), null, undefined, "text", {}])
    expect(other instanceof OutboundError).toBe(false);
});
