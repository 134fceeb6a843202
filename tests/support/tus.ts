import { sendRaw } from "./api-client";
import type { Answer } from "./openapi-check";

// A client of the resumable door that says exactly what a test wants, also what no real client would.

export type Bytes = string | Uint8Array;

export interface Tus {
  readonly send: (
    method: string,
    path: string,
    headers?: Readonly<Record<string, string>>,
    body?: Bytes,
  ) => Promise<Answer>;
  /** Announces `length` bytes; answers the path of the upload. */
  readonly begin: (length: number, metadata?: Readonly<Record<string, string>>) => Promise<string>;
  readonly patch: (
    path: string,
    offset: number,
    body: Bytes,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<Answer>;
  readonly head: (path: string) => Promise<Answer>;
}

export const pieceType = { "content-type": "application/offset+octet-stream" };

export function metadataOf(values: Readonly<Record<string, string>>): Record<string, string> {
  const pairs = Object.entries(values).map(
    ([name, value]) => `${name} ${Buffer.from(value).toString("base64")}`,
  );
  return pairs.length === 0 ? {} : { "upload-metadata": pairs.join(",") };
}

/** `who` is the header that says who calls: `authorization`, or `cookie` and `origin`. */
export function makeTus(baseUrl: string, who: Readonly<Record<string, string>>): Tus {
  const send: Tus["send"] = (method, path, headers = {}, body) => {
    const all = { "tus-resumable": "1.0.0", ...who, ...headers };
    const withoutGaps = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ""));
    return sendRaw(baseUrl, {
      method,
      path,
      headers: withoutGaps,
      ...(body === undefined ? {} : { body }),
    });
  };
  return {
    send,
    begin: async (length, metadata = { filename: "call.txt" }) => {
      const answer = await send("POST", "/api/uploads", {
        "upload-length": String(length),
        ...metadataOf(metadata),
      });
      if (answer.status !== 201) throw new Error(`${answer.status}: ${answer.text}`);
      return answer.headers.location ?? "";
    },
    patch: (path, offset, body, headers = {}) =>
      send("PATCH", path, { ...pieceType, "upload-offset": String(offset), ...headers }, body),
    head: (path) => send("HEAD", path),
  };
}
