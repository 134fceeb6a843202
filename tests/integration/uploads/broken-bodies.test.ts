import { once } from "node:events";
import { Agent } from "node:http";
import { connect, type Socket } from "node:net";
import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { revokeApiKey } from "@/lib/api-keys/service";
import { type Api, errorOf, makeApi, sendRaw } from "../../support/api-client";
import { doors } from "../../support/doors";
import {
  makeForm,
  makeKey,
  makeMember,
  makeVtt,
  makeWorkspace,
  type TestWorkspace,
} from "../../support/factories";
import { expectNothingKept, stagedFiles, storedFiles } from "../../support/invariants";
import { sql } from "../../support/pg";
import { waitFor } from "../../support/wait-for";

// Bodies that end too early, come too slowly, are too long, or are no form at all, over raw sockets where an
// HTTP client would be too polite.

const path = "/api/v1/meetings/upload";
const boundary = "----harmony";
const vtt = makeVtt(200);

interface Uploader {
  readonly workspace: TestWorkspace;
  readonly token: string;
  readonly keyId: string;
  readonly api: Api;
}

async function makeUploader(url: string): Promise<Uploader> {
  const workspace = await makeWorkspace();
  const { id, token } = await makeKey(workspace.admin);
  return { workspace, token, keyId: id, api: await makeApi(url, { key: token }) };
}

function multipart(file: string, title = "A call"): string {
  const part = (head: string, body: string) => `--${boundary}\r\n${head}\r\n\r\n${body}\r\n`;
  return [
    part('Content-Disposition: form-data; name="title"', title),
    part('Content-Disposition: form-data; name="file"; filename="a.vtt"', file),
    `--${boundary}--\r\n`,
  ].join("");
}

const formType = `multipart/form-data; boundary=${boundary}`;

/** Opens a connection and sends the head of a POST; the caller sends, or withholds, the body. */
async function post(url: string, headers: Record<string, string>): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), "127.0.0.1");
  await once(socket, "connect");
  const lines = Object.entries({ Host: `${hostname}:${port}`, ...headers });
  socket.write(
    `POST ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}`).join("\r\n")}\r\n\r\n`,
  );
  return socket;
}

/** Everything that the server sends until the head and the JSON body are complete. */
async function answerOn(socket: Socket): Promise<{ status: number; text: string }> {
  let text = "";
  socket.on("data", (chunk) => {
    text += chunk.toString("utf8");
  });
  return waitFor("an answer on the socket", () => {
    const match = /^HTTP\/1\.1 (\d{3}) /.exec(text);
    return match && /\}\s*(?:0\s*)?$/.test(text) ? { status: Number(match[1]), text } : null;
  });
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}`, "content-type": formType });

/** Sends the first half of a form, and waits until the server has begun to write its file. */
async function sendHalf(socket: Socket, body: string): Promise<string> {
  const before = await stagedFiles();
  const half = Math.floor(body.length / 2);
  socket.write(body.slice(0, half));
  await waitFor("the upload to have begun", async () =>
    (await stagedFiles()).some((name) => !before.includes(name)),
  );
  return body.slice(half);
}

describe.each(doors)("through the $door door", ({ url }) => {
  test.for([
    ["in the middle of the file", 0.5],
    ["before the file", 0.01],
    ["just before the last boundary", 0.995],
  ] as const)("a connection that breaks %s leaves neither row nor file", async ([, share]) => {
    const { workspace, token, api } = await makeUploader(url);
    const body = multipart(vtt);
    const socket = await post(url, {
      ...bearer(token),
      "content-length": String(Buffer.byteLength(body)),
    });
    const part = body.slice(0, Math.floor(body.length * share));
    await new Promise((resolve) => socket.write(part, resolve));
    socket.destroy();
    await expectNothingKept(workspace.id);
    expect((await api.get("/meetings")).status).toBe(200);
  });

  test.for([
    ["a form without a boundary", { "content-type": "multipart/form-data; charset=utf-8" }],
    ["a body that is no form", { "content-type": "text/plain" }],
    ["a wrong key", { authorization: "Bearer nonsense" }],
    ["a wrong Idempotency-Key", { "idempotency-key": "k".repeat(300) }],
  ] as const)(
    "a connection that breaks after the answer to %s harms nobody",
    async ([, headers]) => {
      const { workspace, token, api } = await makeUploader(url);
      const socket = await post(url, {
        ...bearer(token),
        "content-length": "1000000",
        ...headers,
      });
      await new Promise((resolve) => socket.write(multipart(vtt), resolve));
      const { status } = await answerOn(socket);
      expect(status).toBeGreaterThanOrEqual(400);
      socket.resetAndDestroy();
      await expectNothingKept(workspace.id);
      expect((await api.get("/meetings")).status).toBe(200);
    },
  );

  test("a wrong field before a file that never ends is answered at once, and harms nobody", async () => {
    const { workspace, token, api } = await makeUploader(url);
    const socket = await post(url, { ...bearer(token), "content-length": "1000000" });
    const form = multipart(vtt).replace('name="title"', 'name="titel"');
    socket.write(form.slice(0, 2000));
    const { status, text } = await answerOn(socket);
    expect([status, text.includes("titel")]).toEqual([400, true]);
    socket.resetAndDestroy();
    await expectNothingKept(workspace.id);
    expect((await api.get("/meetings")).status).toBe(200);
  });

  test("a body that ends properly but without its last boundary is refused", async () => {
    const { workspace, api } = await makeUploader(url);
    const whole = multipart(vtt);
    for (const cut of [0.5, 0.01, 0.999]) {
      const answer = await api.send({
        method: "POST",
        path,
        body: whole.slice(0, Math.floor(whole.length * cut)),
        headers: { "content-type": formType },
      });
      expect(answer.status).toBe(400);
      expect(errorOf(answer)).toMatchObject({
        code: "invalid_request",
        message: "The body ended before the form was complete",
      });
    }
    await expectNothingKept(workspace.id);
  });

  test("a body that is no multipart form, or has another boundary, is refused", async () => {
    const { workspace, api } = await makeUploader(url);
    for (const [body, type] of [
      ["title=x", formType],
      ["", formType],
      [multipart(vtt), "multipart/form-data; boundary=other"],
      [multipart(vtt), "multipart/form-data; charset=utf-8"],
      [`--${boundary}--\r\n`, formType],
      [`--${boundary}\r\n\r\nno header\r\n--${boundary}--\r\n`, formType],
      [`--${boundary}\r\nContent-Disposition: nonsense\r\n\r\nx\r\n--${boundary}--\r\n`, formType],
    ] as const) {
      const headers = { "content-type": type };
      const answer = await api.send({ method: "POST", path, body, headers });
      expect([body.slice(0, 40), answer.status]).toEqual([body.slice(0, 40), 400]);
    }
    await expectNothingKept(workspace.id);
  });

  test.for([
    "application/json",
    "application/x-www-form-urlencoded",
    "text/vtt",
    "multipart/mixed; boundary=x",
    "multipart/form-data",
    "",
  ])("the content type %j is refused with 415", async (type) => {
    const { workspace, api } = await makeUploader(url);
    const headers: Record<string, string> = type === "" ? {} : { "content-type": type };
    const answer = await api.send({ method: "POST", path, body: vtt, headers });
    expect(answer.status).toBe(415);
    expect(errorOf(answer)).toMatchObject({ code: "unsupported_media_type" });
    expect(errorOf(answer).fix).toContain("curl -F");
    await expectNothingKept(workspace.id);
  });

  test("a body of unknown length is refused with 411", async () => {
    const { token, workspace } = await makeUploader(url);
    const socket = await post(url, bearer(token));
    const { status, text } = await answerOn(socket);
    socket.destroy();
    expect(status).toBe(411);
    expect(text).toContain('"code":"length_required"');
    await expectNothingKept(workspace.id);
  });

  test("a length above 2 GB is refused before any byte of the body is sent", async () => {
    const { token, workspace } = await makeUploader(url);
    const socket = await post(url, { ...bearer(token), "content-length": "3000000000" });
    const { status, text } = await answerOn(socket);
    socket.destroy();
    expect(status).toBe(413);
    expect(text).toContain('"max_bytes":2147483648');
    await expectNothingKept(workspace.id);
  });

  test("without a valid key the body is not waited for", async () => {
    const { workspace } = await makeUploader(url);
    const socket = await post(url, { ...bearer("nonsense"), "content-length": "1000000" });
    const { status } = await answerOn(socket);
    socket.destroy();
    expect(status).toBe(401);
    await expectNothingKept(workspace.id);
  });

  test("a chunked body in a thousand small pieces is taken whole", async () => {
    const { workspace, api } = await makeUploader(url);
    const body = multipart(vtt);
    const size = Math.ceil(body.length / 1000);
    const pieces = Array.from({ length: 1000 }, (_, n) => body.slice(n * size, (n + 1) * size));
    const answer = await api.send({
      method: "POST",
      path,
      body: Readable.from(pieces.filter((piece) => piece !== "")),
      headers: { "content-type": formType, "transfer-encoding": "chunked" },
    });
    expect(answer.status).toBe(202);
    const [row] =
      await sql`select recording_bytes from meetings where workspace_id = ${workspace.id}`;
    expect(row?.recording_bytes).toBe(String(Buffer.byteLength(vtt)));
  });

  test("a form with the file first and the fields after it is taken with them", async () => {
    const { api } = await makeUploader(url);
    const form = new FormData();
    form.append("file", new Blob([vtt]), "a.vtt");
    form.append("title", "Said afterwards");
    const answer = await api.upload(form);
    expect(answer.json).toMatchObject({ title: "Said afterwards" });
    const wrong = new FormData();
    wrong.append("file", new Blob([vtt]), "a.vtt");
    wrong.append("medium", "wrong");
    expect((await api.upload(wrong)).status).toBe(400);
  });

  test("a key that is revoked while the body arrives makes no meeting", async () => {
    const { workspace, token, keyId } = await makeUploader(url);
    const body = multipart(vtt);
    const socket = await post(url, {
      ...bearer(token),
      "content-length": String(Buffer.byteLength(body)),
    });
    const rest = await sendHalf(socket, body);
    await revokeApiKey(await workspace.admin.ctx(), { id: keyId });
    socket.write(rest);
    const { status } = await answerOn(socket);
    socket.destroy();
    expect(status).toBe(401);
    await expectNothingKept(workspace.id);
  });

  test("somebody joining the workspace meanwhile does not disturb an upload", async () => {
    const { workspace, token } = await makeUploader(url);
    const body = multipart(vtt);
    const socket = await post(url, {
      ...bearer(token),
      "content-length": String(Buffer.byteLength(body)),
    });
    const rest = await sendHalf(socket, body);
    await makeMember(workspace, { role: "user" });
    socket.write(rest);
    const { status } = await answerOn(socket);
    socket.destroy();
    expect(status).toBe(202);
    expect(await storedFiles(workspace.id)).toHaveLength(1);
  });

  test("the same connection serves the next request after a refused body", async () => {
    const { api, workspace, token } = await makeUploader(url);
    const big = (fields: Record<string, string>) =>
      makeForm(new Uint8Array(3_000_000).fill(0x61), "a.txt", fields);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const send = (form: FormData, headers: Record<string, string> = {}) =>
      sendRaw(
        url,
        {
          method: "POST",
          path,
          body: form,
          headers: { authorization: `Bearer ${token}`, ...headers },
        },
        { agent },
      );
    expect((await send(big({ medium: "wrong" }))).status).toBe(400);
    expect((await send(big({ titel: "wrong" }))).status).toBe(400);
    expect((await send(big({}), { authorization: "Bearer nonsense" })).status).toBe(401);
    expect((await send(big({}), { "idempotency-key": "k".repeat(300) })).status).toBe(400);
    expect((await send(big({}), { "content-type": "text/plain" })).status).toBe(415);
    expect((await api.upload(makeForm(vtt, "a.vtt"))).status).toBe(202);
    expect((await send(makeForm(vtt, "a.vtt"))).status).toBe(202);
    expect(await storedFiles(workspace.id)).toHaveLength(2);
    agent.destroy();
  });
});
