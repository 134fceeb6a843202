import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type FileHandler = (request: IncomingMessage, response: ServerResponse, nth: number) => void;

export interface FileServer {
  readonly url: (path: string) => string;
  /** Paths and Range headers of what was asked for, in order. */
  readonly asked: { readonly path: string; readonly range: string | undefined }[];
  readonly stop: () => Promise<void>;
}

/** A real HTTP server on loopback; `nth` counts the requests for a path from 0. */
export async function startFileServer(
  handlers: Readonly<Record<string, FileHandler>>,
): Promise<FileServer> {
  const asked: FileServer["asked"] = [];
  const server = createServer((request, response) => {
    const path = (request.url ?? "/").split("?")[0] ?? "/";
    const nth = asked.filter((one) => one.path === path).length;
    asked.push({ path, range: request.headers.range });
    const handler = handlers[path];
    if (handler) handler(request, response, nth);
    else response.writeHead(404).end("not here");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: (path) => `http://localhost:${port}${path}`,
    asked,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** Gives `bytes` as web servers give files: whole or a range, with a strong ETag. */
export function fileOf(bytes: Buffer, etag = '"v1"'): FileHandler {
  return (request, response) => {
    const start = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? Number.NaN);
    const condition = request.headers["if-range"];
    if (Number.isNaN(start) || (condition !== undefined && condition !== etag)) {
      response.writeHead(200, { etag, "content-length": bytes.length }).end(bytes);
      return;
    }
    if (start >= bytes.length) {
      response.writeHead(416, { "content-range": `bytes */${bytes.length}` }).end();
      return;
    }
    const end = Number(/-(\d+)$/.exec(request.headers.range ?? "")?.[1] ?? bytes.length - 1);
    const part = bytes.subarray(start, Math.min(end, bytes.length - 1) + 1);
    response
      .writeHead(206, {
        etag,
        "content-length": part.length,
        "content-range": `bytes ${start}-${start + part.length - 1}/${bytes.length}`,
      })
      .end(part);
  };
}

/** The same, but the connection breaks after `count` bytes of each answer, the first `times` times. */
export function brokenAfter(
  bytes: Buffer,
  count: number,
  times: number,
  whole: FileHandler = fileOf(bytes),
): FileHandler {
  return (request, response, nth) => {
    if (nth >= times) return whole(request, response, nth);
    const start = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
    const length = bytes.length - start;
    const range = { "content-range": `bytes ${start}-${bytes.length - 1}/${bytes.length}` };
    response.writeHead(start === 0 ? 200 : 206, {
      etag: '"v1"',
      "content-length": length,
      ...(start === 0 ? {} : range),
    });
    response.write(bytes.subarray(start, start + count), () => {
      response.socket?.destroySoon();
    });
  };
}
