import { readdirSync, readlinkSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { newId } from "@/lib/core/ids";
import {
  type Member,
  makeKey,
  makeMeeting,
  makeMember,
  makeTeam,
  makeWorkspace,
  type TestWorkspace,
} from "../../support/factories";
import { type RunningWeb, startWeb } from "../../support/stack";
import { patterned } from "../../support/storage-contract";
import { store } from "../../support/stored";
import { waitFor } from "../../support/wait-for";

// GET /api/recordings/<meeting>: the bytes behind the player of our own pages.

const origin = inject("laneUrl");
const content = patterned(300_000);
let workspace: TestWorkspace;
let teamId: string;
let owner: Member;

beforeAll(async () => {
  workspace = await makeWorkspace();
  teamId = await makeTeam(workspace);
  owner = await makeMember(workspace, { role: "user" });
});

async function makeRecording(
  values: Parameters<typeof makeMeeting>[1] = {},
  bytes: Buffer | null = content,
) {
  const id = newId("meeting");
  const recordingKey = `recordings/${workspace.id}/${id}`;
  if (bytes) await store(recordingKey, bytes);
  return makeMeeting(workspace, {
    id,
    userId: owner.userId,
    teamId,
    recordingKey,
    recordingKind: "audio",
    recordingType: "audio/mpeg",
    recordingName: "call.mp3",
    ...values,
  });
}

function play(id: string, headers: Record<string, string> = {}, method = "GET", base = origin) {
  return fetch(`${base}/api/recordings/${id}`, {
    method,
    headers: { cookie: owner.cookie, ...headers },
  });
}

async function bytesOf(response: Response): Promise<Buffer> {
  return Buffer.from(await response.arrayBuffer());
}

describe("a recording", () => {
  test("is played whole, in a way that no cache and no guess of its type gets in between", async () => {
    const { id } = await makeRecording();
    const response = await play(id);
    expect(response.status).toBe(200);
    const { headers } = response;
    expect(headers.get("content-type")).toBe("audio/mpeg");
    expect(headers.get("content-length")).toBe("300000");
    expect(headers.get("accept-ranges")).toBe("bytes");
    expect(headers.get("content-disposition")).toBe("inline");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("cache-control")).toBe("private, no-cache, no-transform");
    expect(headers.get("etag")).toMatch(/^"[\w.-]+"$/);
    expect(headers.get("content-encoding")).toBeNull();
    expect((await bytesOf(response)).equals(content)).toBe(true);
  });

  test.for([
    ["bytes=0-0", 0, 0],
    ["bytes=100000-199999", 100_000, 199_999],
    ["bytes=299000-", 299_000, 299_999],
    ["bytes=-10", 299_990, 299_999],
    ["bytes=299999-400000", 299_999, 299_999],
  ] as const)("gives the stretch %s", async ([range, start, end]) => {
    const { id } = await makeRecording();
    const response = await play(id, { range });
    expect(response.status).toBe(206);
    expect(response.headers.get("content-range")).toBe(`bytes ${start}-${end}/300000`);
    expect(response.headers.get("content-length")).toBe(String(end - start + 1));
    expect((await bytesOf(response)).equals(content.subarray(start, end + 1))).toBe(true);
  });

  test.for(["bytes=300000-", "bytes=-0"])("has no stretch %s", async (range) => {
    const { id } = await makeRecording();
    const response = await play(id, { range });
    expect(response.status).toBe(416);
    expect(response.headers.get("content-range")).toBe("bytes */300000");
    expect(await response.text()).toBe("");
  });

  test.for(["bytes=0-1,5-6", "lines=0-1", "bytes=9-1"])(
    "answers what is no single stretch (%s) with the whole",
    async (range) => {
      const { id } = await makeRecording();
      const response = await play(id, { range });
      expect(response.status).toBe(200);
      expect((await bytesOf(response)).length).toBe(300_000);
    },
  );

  test("is not sent again to who has this version, and a stretch never mixes two versions", async () => {
    const { id, recordingKey } = await makeRecording();
    const etag = (await play(id, {}, "HEAD")).headers.get("etag") ?? "";
    const known = await play(id, { "if-none-match": etag });
    expect(known.status).toBe(304);
    const range = "bytes=0-9";
    expect((await play(id, { range, "if-range": etag })).status).toBe(206);
    await store(recordingKey ?? "", patterned(5000));
    const changed = await play(id, { range, "if-range": etag });
    expect(changed.status).toBe(200);
    expect((await bytesOf(changed)).length).toBe(5000);
  });

  test("tells its size without its bytes, whatever stretch is asked for", async () => {
    const { id } = await makeRecording();
    const response = await play(id, { range: "bytes=0-9" }, "HEAD");
    expect(response.status).toBe(200);
    expect(response.headers.get("content-length")).toBe("300000");
    expect(response.headers.get("content-type")).toBe("audio/mpeg");
    expect(await response.text()).toBe("");
  });

  test("is played from the copy for browsers where there is one", async () => {
    const id = newId("meeting");
    const playbackKey = `playback/${workspace.id}/${id}`;
    await store(playbackKey, "a copy");
    await makeRecording({ id, playbackKey, playbackType: "audio/mp4", recordingType: "audio/gsm" });
    const response = await play(id);
    expect(response.headers.get("content-type")).toBe("audio/mp4");
    expect(await response.text()).toBe("a copy");
  });

  test("of Ogg, whose type names its codec, is played", async () => {
    const { id } = await makeRecording({ recordingType: "audio/ogg; codecs=opus" });
    const response = await play(id);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("audio/ogg; codecs=opus");
    expect(await bytesOf(response)).toEqual(content);
  });

  test("without a single byte is an empty body", async () => {
    const { id } = await makeRecording({}, Buffer.alloc(0));
    const response = await play(id);
    expect([response.status, response.headers.get("content-length")]).toEqual([200, "0"]);
    expect((await play(id, { range: "bytes=0-" })).status).toBe(416);
  });
});

test("a recording can only be read", async () => {
  const { id } = await makeRecording();
  const response = await play(id, {}, "DELETE");
  expect(response.status).toBe(405);
  expect(response.headers.get("allow")).toBe("GET, HEAD");
  expect((await response.json()).error).toMatchObject({ code: "method_not_allowed" });
});

describe("who may play it", () => {
  test("its team's manager and the admin, besides its owner", async () => {
    const { id } = await makeRecording();
    const manager = await makeMember(workspace, { role: "manager", teamIds: [teamId] });
    for (const { cookie } of [manager, workspace.admin]) {
      const response = await play(id, { cookie, range: "bytes=0-3" });
      expect(response.status).toBe(206);
      await response.arrayBuffer();
    }
  });

  test("nobody who is not signed in, and no API key", async () => {
    const { id } = await makeRecording();
    const { token } = await makeKey(workspace.admin);
    for (const headers of [{ cookie: "" }, { cookie: "", authorization: `Bearer ${token}` }]) {
      const response = await play(id, headers);
      expect(response.status).toBe(401);
      expect((await response.json()).error).toMatchObject({ code: "unauthorized" });
    }
  });

  test("nobody else: the answer is the one for a meeting that is not there", async () => {
    const { id } = await makeRecording();
    const colleague = await makeMember(workspace, { role: "user" });
    const stranger = (await makeWorkspace()).admin;
    const answers = [
      await play(id, { cookie: colleague.cookie }),
      await play(id, { cookie: stranger.cookie }),
      await play(newId("meeting")),
      await play("../../etc/passwd"),
      await play(id.toUpperCase()),
    ];
    const bodies = await Promise.all(answers.map(async (answer) => answer.text()));
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404]);
    const said = bodies.slice(0, 3).map((body) => JSON.parse(body).error.message);
    expect(new Set(said)).toEqual(new Set(["Recording not found"]));
  });

  test("nobody plays what is no recording, was removed, or has lost its bytes", async () => {
    const transcript = await makeRecording({
      recordingKind: "transcript",
      recordingType: "text/vtt",
    });
    const removed = await makeRecording({ recordingKey: null, recordingRemovedAt: new Date() });
    const lost = await makeRecording({}, null);
    for (const { id } of [transcript, removed, lost]) {
      for (const method of ["GET", "HEAD"]) {
        const response = await play(id, {}, method);
        expect(response.status).toBe(404);
        await response.text();
      }
    }
  });
});

describe.skipIf(process.platform !== "linux")("a client that goes", () => {
  let web: RunningWeb;

  beforeAll(async () => {
    web = await startWeb(inject("serverEnv"));
  }, 150_000);

  afterAll(() => web.stop());

  function openFiles(key: string): number {
    const folder = `/proc/${web.pid}/fd`;
    return readdirSync(folder).filter((fd) => {
      try {
        return readlinkSync(`${folder}/${fd}`).endsWith(key);
      } catch {
        // Closed since the folder was read.
        return false;
      }
    }).length;
  }

  test("in the middle leaves no file open, and others play on", async () => {
    // More than sockets buffer on their way, so that the server cannot have read it all.
    const { id, recordingKey } = await makeRecording({}, patterned(64 * 1_048_576));
    const key = recordingKey ?? "";
    const leave = new AbortController();
    const response = await fetch(`${web.url}/api/recordings/${id}`, {
      headers: { cookie: owner.cookie },
      signal: leave.signal,
    });
    const reader = response.body?.getReader();
    await reader?.read();
    expect(openFiles(key)).toBe(1);
    leave.abort();
    await waitFor("the file to be closed", async () => openFiles(key) === 0);
    const after = await play(id, { range: "bytes=67108000-" }, "GET", web.url);
    expect((await bytesOf(after)).length).toBe(67_108_864 - 67_108_000);
    await waitFor("the file to be closed", async () => openFiles(key) === 0);
  });
});
