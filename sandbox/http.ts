import type { IncomingHttpHeaders } from "node:http";

/** One request to a stand-in, with its body read. */
export interface Call {
  readonly method: string;
  /** Below the tool's prefix, still percent-encoded, such as `/api/auth.test`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export type Json = Readonly<Record<string, unknown>>;

/** An answer with a JSON body. */
export function json(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
    body: JSON.stringify(body),
  };
}

/** An answer of a few words. */
export function text(status: number, body: string): Answer {
  return { status, headers: { "content-type": "text/plain; charset=utf-8" }, body };
}

/** Sends the browser on with GET, also after a POST. */
export function seeOther(location: string): Answer {
  return { status: 303, headers: { location } };
}

/** The media type without its parameters, in lower case. */
export function mediaType({ headers }: Call): string {
  return (headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
}

/** The fields of a form body; none when the body is something else. */
export function formOf(call: Call): URLSearchParams {
  const isForm = mediaType(call) === "application/x-www-form-urlencoded";
  return new URLSearchParams(isForm ? call.body.toString("utf8") : "");
}

/** The object in a JSON body; null when it is anything else. */
export function objectOf(call: Call): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(call.body.toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

/** The token of `Authorization: Bearer …`. */
export function bearerOf({ headers }: Call): string | null {
  return /^Bearer\s+(\S+)$/i.exec(headers.authorization ?? "")?.[1] ?? null;
}

/** Client id and secret of `Authorization: Basic …` (RFC 6749 section 2.3.1: both are form-encoded first). */
export function basicOf({ headers }: Call): { id: string; secret: string } | null {
  const encoded = /^Basic\s+(\S+)$/i.exec(headers.authorization ?? "")?.[1];
  if (encoded === undefined) return null;
  const [id = "", ...rest] = Buffer.from(encoded, "base64").toString("utf8").split(":");
  try {
    return { id: decodeURIComponent(id), secret: decodeURIComponent(rest.join(":")) };
  } catch {
    return null;
  }
}
