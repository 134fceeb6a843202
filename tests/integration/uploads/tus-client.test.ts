import { createHash, randomBytes } from "node:crypto";
import { connect, createServer, type Socket } from "node:net";
import { Upload, type UploadOptions } from "tus-js-client";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { makeKey, makeWorkspace, type TestWorkspace } from "../../support/factories";
import { sql } from "../../support/pg";
import { startWeb } from "../../support/stack";

// The client that our own pages use, and that many others do, against the real server.

let workspace: TestWorkspace;
let headers: Record<string, string>;

beforeAll(async () => {
  workspace = await makeWorkspace();
  headers = { authorization: `Bearer ${(await makeKey(workspace.admin)).token}` };
});

/** Talk of this many bytes that nobody else has; the server does not read it before its end. */
function talk(bytes: number): Buffer {
  return Buffer.from(
    `Ada: ${randomBytes(bytes / 2).toString("hex")}`.padEnd(bytes).slice(0, bytes),
  );
}

interface Sent {
  readonly meetingId: string | undefined;
  readonly url: string | null;
}

/** Runs an upload to its end; `upload` is handed out for whoever wants to disturb it. */
function run(
  bytes: Buffer,
  options: UploadOptions,
  watch: (upload: Upload, sent: number) => void = () => undefined,
): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const upload = new Upload(bytes, {
      headers,
      metadata: { filename: "call.txt", title: "From the client" },
      retryDelays: [100, 200, 400, 800, 1600],
      ...options,
      onProgress: (sent) => watch(upload, sent),
      onError: reject,
      onSuccess: ({ lastResponse }) =>
        resolve({
          meetingId: lastResponse.getHeader("harmony-meeting-id"),
          url: upload.url,
        }),
    });
    upload.start();
  });
}

async function expectMeeting(sent: Sent, bytes: Buffer): Promise<void> {
  const [row] = await sql`select * from meetings where id = ${sent.meetingId ?? ""}`;
  expect(row).toMatchObject({
    workspace_id: workspace.id,
    title: "From the client",
    source: "api",
    recording_bytes: String(bytes.length),
    recording_sha256: createHash("sha256").update(bytes).digest("hex"),
  });
}

/** A way to the server that breaks each of its first `times` connections after `bytes`. */
async function startBrittleWay(url: string, bytes: number, times: number) {
  const target = Number(new URL(url).port);
  let broken = 0;
  const sockets = new Set<Socket>();
  const server = createServer((incoming) => {
    const outgoing = connect(target, "127.0.0.1");
    for (const socket of [incoming, outgoing]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
    }
    let passed = 0;
    incoming.on("data", (chunk) => {
      passed += chunk.length;
      if (passed > bytes && broken < times) {
        broken += 1;
        incoming.destroy();
        outgoing.destroy();
        return;
      }
      outgoing.write(chunk);
    });
    incoming.on("end", () => outgoing.end());
    outgoing.pipe(incoming);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return {
    url: `http://localhost:${port}`,
    broken: () => broken,
    stop: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

describe("the client of our pages", () => {
  test.for([
    ["in one piece", Number.POSITIVE_INFINITY, false],
    ["in parts", 300_000, false],
    ["in parts, the first with the announcement", 300_000, true],
  ] as const)("sends a file %s", async ([, chunkSize, uploadDataDuringCreation]) => {
    const bytes = talk(1_000_000);
    const endpoint = `${inject("laneUrl")}/api/uploads`;
    const sent = await run(bytes, { endpoint, chunkSize, uploadDataDuringCreation });
    await expectMeeting(sent, bytes);
  });

  test("is served through Next as well, where the lane is off", async () => {
    const bytes = talk(1_000_000);
    const endpoint = `${inject("nextUrl")}/api/uploads`;
    await expectMeeting(await run(bytes, { endpoint, chunkSize: 300_000 }), bytes);
  });

  test("recovers by itself from connections that break in the middle, and sends no byte twice that had arrived", async () => {
    const bytes = talk(6_000_000);
    const way = await startBrittleWay(inject("laneUrl"), 2_000_000, 2);
    try {
      const endpoint = `${way.url}/api/uploads`;
      const offsets: number[] = [];
      const sent = await run(bytes, {
        endpoint,
        // The server knows hosts by name: the way in between is another port of the same.
        onAfterResponse: (request, response) => {
          if (request.getMethod() === "HEAD") {
            offsets.push(Number(response.getHeader("upload-offset")));
          }
        },
      });
      await expectMeeting(sent, bytes);
      expect(way.broken()).toBe(2);
      expect(offsets.at(-1)).toBeGreaterThan(1_000_000);
    } finally {
      way.stop();
    }
  });

  test("a web process that is killed in the middle loses nothing that had arrived: another one goes on", async () => {
    const bytes = talk(8_000_000);
    const first = await startWeb(inject("serverEnv"));
    let path = "";
    const cut = run(
      bytes,
      { endpoint: `${first.url}/api/uploads`, retryDelays: null, chunkSize: 500_000 },
      (upload, sent) => {
        if (sent < 4_000_000 || path !== "") return;
        path = new URL(upload.url ?? "").pathname;
        process.kill(first.pid, "SIGKILL");
      },
    );
    await expect(cut).rejects.toThrow();
    await first.stop();
    const second = await startWeb(inject("serverEnv"));
    try {
      let offset = 0;
      const sent = await run(bytes, {
        uploadUrl: `${second.url}${path}`,
        // Until the lease of the killed writer is over, the upload is in use.
        retryDelays: Array(40).fill(500),
        onAfterResponse: (request, response) => {
          if (request.getMethod() === "HEAD" && response.getStatus() === 200) {
            offset = Number(response.getHeader("upload-offset"));
          }
        },
      });
      expect(offset).toBeGreaterThanOrEqual(3_500_000);
      await expectMeeting(sent, bytes);
    } finally {
      await second.stop();
    }
  }, 240_000);

  test("ends an upload that it gives up", async () => {
    const bytes = talk(2_000_000);
    const endpoint = `${inject("laneUrl")}/api/uploads`;
    let given: Promise<void> | null = null;
    let url = "";
    await new Promise<void>((resolve) => {
      const upload = new Upload(bytes, {
        endpoint,
        headers,
        chunkSize: 200_000,
        metadata: { filename: "call.txt" },
        onProgress: (sent) => {
          if (sent < 400_000 || given !== null) return;
          url = upload.url ?? "";
          given = upload.abort(true).then(resolve);
        },
      });
      upload.start();
    });
    const gone = await fetch(url, {
      method: "HEAD",
      headers: { ...headers, "tus-resumable": "1.0.0" },
    });
    expect(gone.status).toBe(404);
    expect(
      await sql`select 1 from meetings where title = 'call'
      and workspace_id = ${workspace.id}`,
    ).toHaveLength(0);
  });
});
