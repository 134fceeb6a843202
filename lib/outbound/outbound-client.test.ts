import { once } from "node:events";
import { readFileSync } from "node:fs";
import {
  createServer as createHttpServer,
  type Server as HttpServer,
  type RequestListener,
} from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { createServer, type Server, type Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { afterEach, describe, expect, test, vi } from "vitest";
import { hostileUrls } from "@/lib/outbound/hostile-urls";
import {
  createOutboundClient,
  type OutboundClientOptions,
  type OutboundRequest,
} from "@/lib/outbound/outbound-client";
import { OutboundError } from "@/lib/outbound/outbound-error";
import type { Resolve } from "@/lib/outbound/vetted-connector";

// Real servers on loopback; the resolver is the only thing that tests bring themselves.

const local = { allowsLoopback: true, ownServices: new Set<string>() };
const hosted = { allowsLoopback: false, ownServices: new Set<string>() };
const localhostPem = readFileSync("tests/fixtures/outbound/localhost.pem", "utf8");

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function listen(server: Server | HttpServer, host = "127.0.0.1"): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket.on("error", () => undefined));
    socket.on("close", () => sockets.delete(socket));
  });
  server.listen(0, host);
  await once(server, "listening");
  cleanUps.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not a TCP server");
  return address.port;
}

const listenHttp = (answer: RequestListener) => listen(createHttpServer(answer));

/** A server that speaks bytes: what it does is up to `serve`, and it counts connections and requests. */
async function listenRaw(serve: (socket: Socket, request: number, connection: number) => void) {
  const seen = { connections: 0, requests: 0, bytesWritten: 0, closed: 0, usedAndClosed: 0 };
  const server = createServer((socket) => {
    seen.connections += 1;
    const connection = seen.connections;
    let request = 0;
    socket.on("data", () => {
      seen.requests += 1;
      request += 1;
      serve(socket, request, connection);
    });
    socket.on("close", () => {
      seen.bytesWritten += socket.bytesWritten;
      seen.closed += 1;
      if (request > 0) seen.usedAndClosed += 1;
    });
  });
  return { port: await listen(server), seen };
}

function clientWith(options: OutboundClientOptions = {}) {
  const client = createOutboundClient({ policy: local, ...options });
  cleanUps.push(client.close);
  return (url: string, request: Partial<OutboundRequest> = {}) =>
    client.send({
      url,
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
      timeoutMs: 10_000,
      captureBytes: 2048,
      ...request,
    });
}

/** undici offers a connection for reuse one turn of the event loop after an answer has ended. */
const untilReusable = () => new Promise((fulfil) => setImmediate(() => setImmediate(fulfil)));

/**
 * Waits until the connection of the one request that was cut is closed, and every other one too. undici 7 opens
 * another in its place; what is guaranteed is that nothing is sent on it and that it does not stay.
 */
async function untilCut(seen: Awaited<ReturnType<typeof listenRaw>>["seen"]): Promise<void> {
  await vi.waitFor(() => {
    expect(seen.usedAndClosed).toBe(1);
    expect(seen.closed).toBe(seen.connections);
  });
  expect(seen.requests).toBe(1);
}

async function failureOf(sent: Promise<unknown>): Promise<OutboundError> {
  const error = await sent.then(
    () => new Error("it was answered"),
    (reason: unknown) => reason,
  );
  if (error instanceof OutboundError) return error;
  throw error;
}

const addresses = (list: readonly string[]) =>
  list.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));

const ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

describe("an answer", () => {
  test("comes with status, headers, body and timings, and the request arrives as it was given", async () => {
    let received = {};
    const port = await listenHttp(async (request, response) => {
      const chunks = await request.toArray();
      received = {
        method: request.method,
        url: request.url,
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      };
      response.writeHead(201, { "X-Trace": "t1", "Set-Cookie": ["a=1", "b=2"] }).end("done");
    });
    const send = clientWith();
    const answer = await send(`http://127.0.0.1:${port}/hook?a=1#f`, {
      body: '{"é":1}',
      headers: {
        "X-Harmony-Event": "meeting.processed",
        "Accept-Encoding": "gzip",
        Host: "a.example.com",
      },
    });
    expect(answer).toMatchObject({ status: 201, isTruncated: false });
    expect(answer.body.toString()).toBe("done");
    expect(answer.headers).toMatchObject({ "x-trace": "t1", "set-cookie": "a=1,b=2" });
    expect(answer.timings.connect).toBeLessThanOrEqual(answer.timings.firstByte ?? -1);
    expect(answer.timings.firstByte).toBeLessThanOrEqual(answer.durationMs);
    expect(received).toMatchObject({
      method: "POST",
      url: "/hook?a=1",
      body: '{"é":1}',
      headers: { host: `127.0.0.1:${port}`, "x-harmony-event": "meeting.processed" },
    });
    expect(received).toHaveProperty(["headers", "accept-encoding"], "identity");

    await untilReusable();
    const second = await send(`http://127.0.0.1:${port}/hook`);
    expect(second.timings).not.toHaveProperty("connect");
    expect(received).not.toHaveProperty(["headers", "cookie"]);
  });

  test.for([300, 301, 302, 303, 307, 308])("%i is returned, not followed", async (status) => {
    let requests = 0;
    const port = await listenHttp((_request, response) => {
      requests += 1;
      response.writeHead(status, { Location: "/elsewhere" }).end();
    });
    const answer = await clientWith()(`http://127.0.0.1:${port}/`);
    expect(answer.status).toBe(status);
    expect(answer.headers.location).toBe("/elsewhere");
    expect(requests).toBe(1);
  });

  test("to HEAD has no body, and interim answers are not taken for it", async () => {
    const port = await listenHttp((request, response) => {
      if (request.method === "POST") response.writeEarlyHints({ link: "</a>; rel=preload" });
      response.writeHead(200, { "Content-Length": 5 });
      response.end(request.method === "HEAD" ? undefined : "hello");
    });
    const send = clientWith();
    const { body: _body, ...head } = { method: "HEAD", body: undefined } as const;
    expect((await send(`http://127.0.0.1:${port}/`, head)).body).toHaveLength(0);
    const answer = await send(`http://127.0.0.1:${port}/`);
    expect([answer.status, answer.body.toString()]).toEqual([200, "hello"]);
    expect(answer.headers).not.toHaveProperty("link");
  });

  test("keeps at most 100 headers and 1024 characters of each", async () => {
    const port = await listenHttp((_request, response) => {
      for (let at = 0; at < 300; at += 1) response.setHeader(`x-${at}`, "v");
      response.setHeader("x-0", "v".repeat(5000));
      response.end();
    });
    const { headers } = await clientWith()(`http://127.0.0.1:${port}/`);
    expect(Object.keys(headers)).toHaveLength(100);
    expect(headers["x-0"]).toHaveLength(1024);
  });

  test("that ends within the limit leaves the connection open for the next request", async () => {
    const { port, seen } = await listenRaw((socket) => socket.write(ok));
    const send = clientWith();
    for (const captureBytes of [2, 3, 2]) {
      const answer = await send(`http://127.0.0.1:${port}/`, { captureBytes });
      expect([answer.body.toString(), answer.isTruncated]).toEqual(["ok", false]);
      await untilReusable();
    }
    expect(seen).toMatchObject({ connections: 1, requests: 3 });
  });

  test("of 100 MB is cut at the limit, and the rest is not read", async () => {
    const total = 100 * 1024 * 1024;
    const chunk = Buffer.alloc(64 * 1024, "x");
    const { port, seen } = await listenRaw((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${total}\r\n\r\n`);
      const pump = () => {
        while (socket.bytesWritten < total && socket.write(chunk));
        if (socket.bytesWritten < total) socket.once("drain", pump);
      };
      pump();
    });
    const answer = await clientWith()(`http://127.0.0.1:${port}/`, { captureBytes: 2048 });
    expect([answer.status, answer.isTruncated]).toEqual([200, true]);
    expect(answer.body.equals(Buffer.alloc(2048, "x"))).toBe(true);
    await untilCut(seen);
    expect(seen.bytesWritten).toBeLessThan(total / 10);
  });

  test("leaves no timer behind", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const port = await listenHttp((_request, response) => {
      response.writeHead(200, { Connection: "close" }).end();
    });
    await clientWith()(`http://127.0.0.1:${port}/`);
    await vi.waitFor(() => expect(vi.getTimerCount()).toBe(0));
  });

  test("does not go through a proxy of the environment", async () => {
    const proxy = await listenRaw((socket) => socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n"));
    for (const name of ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"])
      vi.stubEnv(name, `http://127.0.0.1:${proxy.port}`);
    vi.stubEnv("NODE_USE_ENV_PROXY", "1");
    const port = await listenHttp((_request, response) => response.end("direct"));
    const answer = await clientWith()(`http://127.0.0.1:${port}/`);
    expect(answer.body.toString()).toBe("direct");
    expect(proxy.seen.connections).toBe(0);
  });
});

describe("the guard", () => {
  test("no URL of the corpus makes a connection, hosted or local", async () => {
    const any = createServer((socket) => socket.end());
    let connections = 0;
    any.on("connection", () => {
      connections += 1;
    });
    const port = await listen(any, "::");
    const leadsTo = new Map(
      hostileUrls.flatMap(({ url, resolvesTo }) =>
        resolvesTo ? [[new URL(url).hostname, addresses(resolvesTo)] as const] : [],
      ),
    );
    const resolve: Resolve = async (host) => {
      const found = leadsTo.get(host);
      if (found === undefined) throw new Error(`${host} was looked up`);
      return found;
    };
    const refusals = async (send: ReturnType<typeof clientWith>, urls: typeof hostileUrls) => {
      for (const { url } of urls) {
        const error = await failureOf(send(url.replace(":8443", `:${port}`)));
        expect(["invalid_url", "blocked_address"], url).toContain(error.code);
      }
    };
    await refusals(clientWith({ policy: hosted, resolve }), hostileUrls);
    const notLoopback = hostileUrls.filter(({ isLoopback }) => !isLoopback);
    await refusals(clientWith({ policy: local, resolve }), notLoopback);
    expect(connections).toBe(0);

    // The same listener is heard when something does connect.
    await failureOf(clientWith()(`http://127.0.0.1:${port}/`));
    expect(connections).toBe(1);
  });

  test("a name that leads to a good address first and to a private one next is refused then", async () => {
    const port = await listenHttp((_request, response) => {
      response.writeHead(200, { Connection: "close" }).end();
    });
    const answers = [["127.0.0.1"], ["10.0.0.1"]];
    const resolve = vi.fn<Resolve>(async () => addresses(answers.shift() ?? []));
    const send = clientWith({ resolve });
    expect((await send(`http://localhost:${port}/`)).status).toBe(200);
    // One lookup served both the check and the connection.
    expect(resolve).toHaveBeenCalledTimes(1);
    const error = await failureOf(send(`http://localhost:${port}/`));
    expect(error.code).toBe("blocked_address");
    expect(error.message).not.toContain("10.0.0.1");
    expect(resolve).toHaveBeenCalledTimes(2);
  });

  test("one blocked address among good ones refuses the name", async () => {
    const { port, seen } = await listenRaw((socket) => socket.write(ok));
    for (const mixed of [
      ["127.0.0.1", "192.168.0.1"],
      ["192.168.0.1", "127.0.0.1"],
      ["127.0.0.1", "::ffff:127.0.0.1"],
    ]) {
      const send = clientWith({ resolve: async () => addresses(mixed) });
      expect((await failureOf(send(`http://localhost:${port}/`))).code).toBe("blocked_address");
    }
    expect(seen.connections).toBe(0);
  });

  test("the next address of a name is tried when the first does not answer", async () => {
    const port = await listenHttp((_request, response) => response.end());
    const send = clientWith({ resolve: async () => addresses(["::1", "127.0.0.1"]) });
    expect((await send(`http://localhost:${port}/`)).status).toBe(200);
  });

  test("a connection that ends at an address which is not allowed is dropped before a byte is sent", async () => {
    const { port, seen } = await listenRaw((socket) => socket.write(ok));
    let reads = 0;
    const policy = {
      ownServices: local.ownServices,
      // Yes when the URL is checked (twice) and when the address is vetted; no once the connection stands.
      get allowsLoopback() {
        reads += 1;
        return reads <= 3;
      },
    };
    const resolve: Resolve = async () => addresses(["127.0.0.1"]);
    const error = await failureOf(clientWith({ policy, resolve })(`http://localhost:${port}/`));
    expect(error.code).toBe("blocked_address");
    await vi.waitFor(() => expect(seen.closed).toBe(1));
    expect(seen).toMatchObject({ connections: 1, requests: 0 });
  });
});

describe("a name", () => {
  test("without addresses is a dns_error", async () => {
    const notFound = Object.assign(new Error("getaddrinfo"), { code: "ENOTFOUND" });
    const missing = clientWith({ resolve: () => Promise.reject(notFound) });
    const empty = clientWith({ resolve: async () => [] });
    for (const send of [missing, empty]) {
      const error = await failureOf(send("https://hooks.example.com/secret-path"));
      expect(error.code).toBe("dns_error");
      expect(error.message).toMatch(/hooks\.example\.com leads to no address/);
      expect(error.message).not.toContain("secret-path");
    }
  });

  test("whose lookup hangs is given up after five seconds, or at the deadline before", async () => {
    const never: Resolve = () => new Promise(() => undefined);
    const early = await failureOf(
      clientWith({ resolve: never })("https://hooks.example.com/", { timeoutMs: 50 }),
    );
    expect(early.code).toBe("timeout");

    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const sent = failureOf(
      clientWith({ resolve: never })("https://hooks.example.com/", { timeoutMs: 60_000 }),
    );
    await vi.advanceTimersByTimeAsync(5_000);
    expect((await sent).code).toBe("dns_error");
  });

  test("is looked up once for many connections at a time", async () => {
    const port = await listenHttp((_request, response) => response.end());
    const resolve = vi.fn<Resolve>(async () => addresses(["127.0.0.1"]));
    const send = clientWith({ resolve });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => send(`http://localhost:${port}/`)),
    );
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(resolve).toHaveBeenCalledTimes(1);
  });
});

describe("the deadline", () => {
  const dripEvery = (socket: Socket, piece: string) => {
    const timer = setInterval(() => socket.write(piece), 5);
    socket.on("close", () => clearInterval(timer));
  };
  const silent = () => undefined;

  test.for([
    ["a receiver that never answers", silent, "did not begin to answer"],
    [
      "one that drips headers",
      (socket: Socket) => {
        socket.write("HTTP/1.1 200 OK\r\n");
        dripEvery(socket, "X-Drip: 1\r\n");
      },
      "did not begin to answer",
    ],
    [
      "one that sends interim answers for ever",
      (socket: Socket) => dripEvery(socket, "HTTP/1.1 103 Early Hints\r\n\r\n"),
      "did not begin to answer",
    ],
    [
      "one that drips its body",
      (socket: Socket) => {
        socket.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
        dripEvery(socket, "x");
      },
      "did not finish its answer",
    ],
  ] as const)("cuts off %s", async ([, serve, words]) => {
    const { port, seen } = await listenRaw(serve);
    const error = await failureOf(clientWith()(`http://127.0.0.1:${port}/`, { timeoutMs: 100 }));
    expect(error.code).toBe("timeout");
    expect(error.message).toContain(words);
    await untilCut(seen);
  });

  test("cuts off one that accepts connections and never speaks TLS", async () => {
    const { port } = await listenRaw(silent);
    const error = await failureOf(clientWith()(`https://127.0.0.1:${port}/`, { timeoutMs: 100 }));
    expect(error.code).toBe("timeout");
    expect(error.message).toContain("could not be reached");
  });

  test("that passes while the connection is made leaves nothing to be sent", async () => {
    const { port, seen } = await listenRaw((socket) => socket.write(ok));
    const answers: ((list: ReturnType<typeof addresses>) => void)[] = [];
    const resolve: Resolve = () => new Promise((fulfil) => answers.push(fulfil));
    const send = clientWith({ resolve });
    const error = await failureOf(send(`http://localhost:${port}/`, { timeoutMs: 20 }));
    expect(error.code).toBe("timeout");
    for (const answer of answers) answer(addresses(["127.0.0.1"]));
    await vi.waitFor(() => expect(seen.closed).toBe(1));
    expect(seen.requests).toBe(0);
  });
});

describe("a failure", () => {
  const rawAnswer = async (serve: (socket: Socket) => void) => {
    const { port } = await listenRaw(serve);
    return failureOf(clientWith()(`http://127.0.0.1:${port}/`));
  };

  test("where nothing listens is connection_refused", async () => {
    const server = createServer();
    const port = await listen(server);
    server.close();
    await once(server, "close");
    expect((await failureOf(clientWith()(`http://127.0.0.1:${port}/`))).code).toBe(
      "connection_refused",
    );
  });

  test("in the middle of an answer is connection_reset, by reset or by close", async () => {
    const partly = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\npart";
    const reset = await rawAnswer((socket) => {
      socket.write(partly, () => socket.resetAndDestroy());
    });
    const closed = await rawAnswer((socket) => socket.end(partly));
    expect([reset.code, closed.code]).toEqual(["connection_reset", "connection_reset"]);
  });

  test.for([
    ["no HTTP at all", "220 mail.example.com ESMTP\r\n"],
    ["a broken header", "HTTP/1.1 200 OK\r\nbroken header\r\n\r\n"],
    ["two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"],
    ["broken chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"],
    ["17 KB of headers", `HTTP/1.1 200 OK\r\nX-Long: ${"v".repeat(17 * 1024)}\r\n\r\n`],
  ] as const)("with %s is protocol_error", async ([, bytes]) => {
    expect((await rawAnswer((socket) => socket.write(bytes))).code).toBe("protocol_error");
  });

  test("of the caller's own making is no OutboundError", async () => {
    const sent = clientWith()("http://127.0.0.1:8080/", { headers: { "x-a": "b\r\nx-c: d" } });
    await expect(sent).rejects.toMatchObject({ code: "UND_ERR_INVALID_ARG" });
  });
});

describe("TLS", () => {
  const listenTls = (answer: RequestListener) =>
    listen(createHttpsServer({ cert: localhostPem, key: localhostPem }, answer));

  test("to a certificate that is trusted works, with the name in the handshake", async () => {
    let servername: string | false | null = null;
    const port = await listenTls((request, response) => {
      if (request.socket instanceof TLSSocket) servername = request.socket.servername;
      response.end("secret");
    });
    const send = clientWith({ ca: localhostPem, resolve: async () => addresses(["127.0.0.1"]) });
    const answer = await send(`https://localhost:${port}/`);
    expect(answer.body.toString()).toBe("secret");
    expect(servername).toBe("localhost");
    await untilReusable();
    expect((await send(`https://localhost:${port}/`)).timings).not.toHaveProperty("connect");
  });

  test("to a self-signed certificate is tls_error, whatever the environment says", async () => {
    let requests = 0;
    const port = await listenTls((_request, response) => {
      requests += 1;
      response.end();
    });
    vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
    const error = await failureOf(clientWith()(`https://localhost:${port}/`));
    expect(error.code).toBe("tls_error");
    expect(error.message).toContain("self-signed");
    expect(requests).toBe(0);
  });

  test("to a certificate for another name is tls_error", async () => {
    const port = await listenTls((_request, response) => response.end());
    const error = await failureOf(clientWith({ ca: localhostPem })(`https://127.0.0.1:${port}/`));
    expect(error.code).toBe("tls_error");
    expect(error.message).toContain("another name");
  });

  test("to a port that speaks plain HTTP is tls_error", async () => {
    const port = await listenHttp((_request, response) => response.end());
    expect((await failureOf(clientWith()(`https://127.0.0.1:${port}/`))).code).toBe("tls_error");
  });
});

describe("a connection that is reused", () => {
  test("and was closed before a byte of an answer costs the receiver nothing: one repeat on a new one", async () => {
    const { port, seen } = await listenRaw((socket, request, connection) => {
      if (connection === 1 && request === 2) socket.resetAndDestroy();
      else socket.write(ok);
    });
    const send = clientWith();
    await send(`http://127.0.0.1:${port}/`);
    await untilReusable();
    const answer = await send(`http://127.0.0.1:${port}/`);
    expect(answer.status).toBe(200);
    expect(answer.timings).toHaveProperty("connect");
    expect(seen).toMatchObject({ connections: 2, requests: 3 });
  });

  test("is repeated when it was closed in the ordinary way, too", async () => {
    const { port, seen } = await listenRaw((socket, request, connection) => {
      if (connection === 1 && request === 2) socket.end();
      else socket.write(ok);
    });
    const send = clientWith();
    await send(`http://127.0.0.1:${port}/`);
    await untilReusable();
    expect((await send(`http://127.0.0.1:${port}/`)).status).toBe(200);
    expect(seen).toMatchObject({ connections: 2, requests: 3 });
  });

  test("is not exchanged for another that may be closed as well", async () => {
    const { port, seen } = await listenRaw((socket, request, connection) => {
      if (connection <= 2 && request === 2) socket.resetAndDestroy();
      else socket.write(ok);
    });
    const send = clientWith();
    const url = `http://127.0.0.1:${port}/`;
    await Promise.all([send(url), send(url)]);
    await untilReusable();
    expect(seen).toMatchObject({ connections: 2, requests: 2 });
    expect((await send(url)).status).toBe(200);
    expect(seen).toMatchObject({ connections: 3, requests: 4 });
  });

  test("is not left behind by a repeat", async () => {
    const { port, seen } = await listenRaw((socket, request) => {
      if (request === 2) socket.resetAndDestroy();
      else socket.write(ok);
    });
    const send = clientWith();
    for (const connections of [1, 2, 3, 4]) {
      expect((await send(`http://127.0.0.1:${port}/`)).status).toBe(200);
      expect(seen.connections).toBe(connections);
      await untilReusable();
    }
    expect(seen.requests).toBe(6);
  });

  test("is repeated once only, and within the same deadline", async () => {
    const closing = await listenRaw((socket, request, connection) => {
      if (connection === 1 && request === 1) socket.write(ok);
      else socket.resetAndDestroy();
    });
    const send = clientWith();
    await send(`http://127.0.0.1:${closing.port}/`);
    await untilReusable();
    const error = await failureOf(send(`http://127.0.0.1:${closing.port}/`));
    expect(error.code).toBe("connection_reset");
    expect(closing.seen).toMatchObject({ connections: 2, requests: 3 });

    const hanging = await listenRaw((socket, request, connection) => {
      if (connection === 1 && request === 1) socket.write(ok);
      else if (connection === 1) socket.resetAndDestroy();
    });
    await send(`http://127.0.0.1:${hanging.port}/`);
    await untilReusable();
    const late = await failureOf(send(`http://127.0.0.1:${hanging.port}/`, { timeoutMs: 100 }));
    expect(late.code).toBe("timeout");
    expect(hanging.seen).toMatchObject({ connections: 2, requests: 3 });
  });

  test("is not repeated when an answer had begun, nor is a new connection", async () => {
    const begun = await listenRaw((socket, request) => {
      if (request === 1) socket.write(ok);
      else socket.write("HTTP/1.1 2", () => socket.resetAndDestroy());
    });
    const send = clientWith();
    await send(`http://127.0.0.1:${begun.port}/`);
    await untilReusable();
    expect((await failureOf(send(`http://127.0.0.1:${begun.port}/`))).code).toBe(
      "connection_reset",
    );
    expect(begun.seen).toMatchObject({ connections: 1, requests: 2 });

    const fresh = await listenRaw((socket) => socket.resetAndDestroy());
    expect((await failureOf(send(`http://127.0.0.1:${fresh.port}/`))).code).toBe(
      "connection_reset",
    );
    expect(fresh.seen).toMatchObject({ connections: 1, requests: 1 });
  });

  test("is closed after four idle seconds, whatever the receiver offers", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const { port, seen } = await listenRaw((socket) => {
      socket.write("HTTP/1.1 200 OK\r\nKeep-Alive: timeout=600\r\nContent-Length: 0\r\n\r\n");
    });
    await clientWith()(`http://127.0.0.1:${port}/`);
    await vi.advanceTimersByTimeAsync(3_900);
    expect(seen.closed).toBe(0);
    await vi.advanceTimersByTimeAsync(200);
    vi.useRealTimers();
    await vi.waitFor(() => expect(seen.closed).toBe(1));
  });
});

describe("stopping", () => {
  test("a request before or while it is sent is aborted, and its connection closed", async () => {
    const { port, seen } = await listenRaw(() => undefined);
    const send = clientWith();
    const url = `http://127.0.0.1:${port}/`;
    const before = await failureOf(send(url, { signal: AbortSignal.abort() }));
    expect(before.code).toBe("aborted");
    expect(seen.connections).toBe(0);

    const stop = new AbortController();
    const sent = failureOf(send(url, { signal: stop.signal }));
    await vi.waitFor(() => expect(seen.requests).toBe(1));
    stop.abort();
    expect((await sent).code).toBe("aborted");
    await untilCut(seen);
  });

  test("the client ends what is under way and refuses what comes after", async () => {
    const { port, seen } = await listenRaw(() => undefined);
    const client = createOutboundClient({ policy: local });
    const request = {
      url: `http://127.0.0.1:${port}/`,
      method: "GET",
      headers: {},
      timeoutMs: 10_000,
      captureBytes: 0,
    } as const;
    const sent = failureOf(client.send(request));
    await vi.waitFor(() => expect(seen.requests).toBe(1));
    await client.close();
    expect((await sent).code).toBe("aborted");
    expect((await failureOf(client.send(request))).code).toBe("aborted");
  });
});
