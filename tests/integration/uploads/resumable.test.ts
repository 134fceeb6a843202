import { createHash, randomBytes } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { storage } from "@/lib/storage/storage";
import { errorOf } from "../../support/api-client";
import {
  makeKey,
  makeMeeting,
  makeMember,
  makeTeam,
  makeVtt,
  makeWorkspace,
  type TestWorkspace,
} from "../../support/factories";
import { storedFiles } from "../../support/invariants";
import { sql } from "../../support/pg";
import { makeTus, metadataOf, pieceType, type Tus } from "../../support/tus";
import { waitFor } from "../../support/wait-for";

// /api/uploads: tus 1.0.0 (tus.io/protocols/resumable-upload), word for word.

const url = inject("laneUrl");
const text = makeVtt(40);

let workspace: TestWorkspace;
let token: string;
let tus: Tus;

beforeAll(async () => {
  workspace = await makeWorkspace();
  token = (await makeKey(workspace.admin)).token;
  tus = makeTus(url, { authorization: `Bearer ${token}` });
});

const idOf = (path: string) => path.split("/").pop() ?? "";

async function meetingOf(id: string | undefined) {
  const [row] = await sql`select * from meetings where id = ${id ?? ""}`;
  return row;
}

async function sessionsOf(workspaceId: string) {
  const rows = await sql<{ id: string }[]>`select id from upload_sessions
    where workspace_id = ${workspaceId} and meeting_id is null`;
  return rows.map(({ id }) => id);
}

function partsOf(workspaceId: string): Promise<string[]> {
  return readdir(join(inject("dataDir"), "uploads", workspaceId)).catch(() => []);
}

const expiresInADay = (answer: { headers: Record<string, string> }) => {
  const hours = (Date.parse(answer.headers["upload-expires"] ?? "") - Date.now()) / 3_600_000;
  expect(hours).toBeGreaterThan(23.9);
  expect(hours).toBeLessThan(24.1);
};

describe("what it can do", () => {
  test("OPTIONS tells it without a credential, and without a version asked for", async () => {
    const answer = await makeTus(url, {}).send("OPTIONS", "/api/uploads", { "tus-resumable": "" });
    expect(answer.status).toBe(204);
    expect(answer.headers).toMatchObject({
      "tus-resumable": "1.0.0",
      "tus-version": "1.0.0",
      "tus-extension": "creation,creation-with-upload,termination,expiration,checksum",
      "tus-checksum-algorithm": "sha1,sha256",
      "tus-max-size": "2147483648",
    });
  });

  test("a file in pieces becomes one meeting, with everything that its metadata says", async () => {
    const team = await makeTeam(workspace);
    const bytes = Buffer.from(text);
    const path = await tus.begin(bytes.length, {
      filename: "quarterly call.vtt",
      filetype: "text/vtt",
      title: "Quarterly call",
      date: "2026-02-01T10:00:00Z",
      team_id: team,
      contact_email: "ines@harborline.example",
      medium: "phone_call",
      language: "en-GB",
      speakers: "2",
    });
    expect(path).toMatch(/^\/api\/uploads\/upl_[0-9A-Za-z]{20}$/);
    const first = await tus.patch(path, 0, bytes.subarray(0, 1000));
    expect([first.status, first.headers["upload-offset"], first.text]).toEqual([204, "1000", ""]);
    expect(first.headers).not.toHaveProperty("harmony-meeting-id");
    expiresInADay(first);
    const between = await tus.head(path);
    expect([between.status, between.headers["cache-control"]]).toEqual([200, "no-store"]);
    expect(between.headers).toMatchObject({
      "upload-offset": "1000",
      "upload-length": String(bytes.length),
      "tus-resumable": "1.0.0",
    });
    const last = await tus.patch(path, 1000, bytes.subarray(1000));
    expect([last.status, last.headers["upload-offset"]]).toEqual([204, String(bytes.length)]);
    const id = last.headers["harmony-meeting-id"];
    expect(await meetingOf(id)).toMatchObject({
      workspace_id: workspace.id,
      title: "Quarterly call",
      team_id: team,
      source: "api",
      medium: "phone_call",
      language: "en-GB",
      speakers_expected: 2,
      recording_kind: "transcript",
      recording_name: "quarterly call.vtt",
      recording_bytes: String(bytes.length),
      recording_sha256: createHash("sha256").update(bytes).digest("hex"),
      recording_key: `recordings/${workspace.id}/${id}`,
    });
    const stored = await readFile(join(inject("dataDir"), "recordings", workspace.id, id ?? ""));
    expect(stored.equals(bytes)).toBe(true);
    // Asked again, after a lost answer for example: the same meeting, and no second one.
    const again = await tus.head(path);
    expect(again.headers).toMatchObject({
      "upload-offset": String(bytes.length),
      "harmony-meeting-id": id,
    });
    const repeated = await tus.patch(path, bytes.length, "");
    expect([repeated.status, repeated.headers["harmony-meeting-id"]]).toEqual([204, id]);
  });

  test("a small file comes with its announcement", async () => {
    const answer = await tus.send(
      "POST",
      "/api/uploads",
      { ...pieceType, "upload-length": String(text.length), ...metadataOf({ filename: "a.vtt" }) },
      text,
    );
    expect(answer.status).toBe(201);
    expect(answer.headers["upload-offset"]).toBe(String(text.length));
    expect(answer.headers.location).toMatch(/^\/api\/uploads\/upl_/);
    expect(await meetingOf(answer.headers["harmony-meeting-id"])).toMatchObject({ title: "a" });
  });

  test("a piece with a checksum counts only when it fits", async () => {
    const sum = (algorithm: string, of: string) =>
      `${algorithm} ${createHash(algorithm).update(of).digest("base64")}`;
    const [one, two, three] = [text.slice(0, 500), text.slice(500, 900), text.slice(900)];
    const path = await tus.begin(text.length);
    const good = await tus.patch(path, 0, one, { "upload-checksum": sum("sha1", one) });
    expect([good.status, good.headers["upload-offset"]]).toEqual([204, "500"]);
    const wrong = await tus.patch(path, 500, two, { "upload-checksum": sum("sha256", one) });
    expect(wrong.status).toBe(460);
    expect(errorOf(wrong)).toMatchObject({
      code: "invalid_request",
      details: { reason: "checksum_mismatch" },
    });
    expect((await tus.head(path)).headers["upload-offset"]).toBe("500");
    const unknown = await tus.patch(path, 500, two, { "upload-checksum": "md5 AAAA" });
    expect(unknown.status).toBe(400);
    await tus.patch(path, 500, two, { "upload-checksum": sum("sha256", two) });
    const last = await tus.patch(path, 900, three);
    expect(await meetingOf(last.headers["harmony-meeting-id"])).toMatchObject({
      recording_sha256: createHash("sha256").update(text).digest("hex"),
    });
  });

  test("an upload that is given up leaves nothing", async () => {
    const path = await tus.begin(text.length);
    await tus.patch(path, 0, text.slice(0, 100));
    expect(await partsOf(workspace.id)).toContain(idOf(path));
    const answer = await tus.send("DELETE", path);
    expect([answer.status, answer.headers["tus-resumable"]]).toEqual([204, "1.0.0"]);
    expect((await tus.head(path)).status).toBe(404);
    expect(await partsOf(workspace.id)).not.toContain(idOf(path));
  });

  test("a client behind an old proxy names the method in a header", async () => {
    const path = await tus.begin(text.length);
    const answer = await tus.send(
      "POST",
      path,
      { ...pieceType, "x-http-method-override": "PATCH", "upload-offset": "0" },
      text.slice(0, 50),
    );
    expect([answer.status, answer.headers["upload-offset"]]).toEqual([204, "50"]);
  });
});

describe("connections that break", () => {
  /** Sends the head of a piece and half of its bytes, then drops the connection. */
  async function dropInTheMiddle(path: string, offset: number, bytes: Buffer): Promise<void> {
    const { port } = new URL(url);
    const socket = connect(Number(port), "127.0.0.1");
    socket.on("error", () => undefined);
    const lines = [
      `PATCH ${path} HTTP/1.1`,
      `Host: localhost:${port}`,
      `Authorization: Bearer ${token}`,
      "Tus-Resumable: 1.0.0",
      `Upload-Offset: ${offset}`,
      "Content-Type: application/offset+octet-stream",
      `Content-Length: ${bytes.length}`,
    ];
    socket.write(`${lines.join("\r\n")}\r\n\r\n`);
    socket.write(bytes.subarray(0, bytes.length / 2));
    const file = join(inject("dataDir"), "uploads", workspace.id, idOf(path));
    await waitFor("bytes in storage", async () => (await readFile(file)).length > offset);
    socket.destroy();
  }

  test("what came until then stays, and the rest makes the file whole", async () => {
    const bytes = Buffer.concat([Buffer.from(text), randomText(3_000_000)]);
    const path = await tus.begin(bytes.length);
    await dropInTheMiddle(path, 0, bytes);
    const offset = Number((await tus.head(path)).headers["upload-offset"]);
    expect(offset).toBeGreaterThan(0);
    expect(offset).toBeLessThanOrEqual(bytes.length / 2);
    const last = await tus.patch(path, offset, bytes.subarray(offset));
    expect(last.status).toBe(204);
    expect(await meetingOf(last.headers["harmony-meeting-id"])).toMatchObject({
      recording_sha256: createHash("sha256").update(bytes).digest("hex"),
    });
  });

  test("a writer whose client asks again has lost its connection: it ends, and the new one goes on", async () => {
    const path = await tus.begin(text.length);
    const { port } = new URL(url);
    const stale = connect(Number(port), "127.0.0.1");
    stale.on("error", () => undefined);
    stale.write(
      `PATCH ${path} HTTP/1.1\r\nHost: localhost:${port}\r\nAuthorization: Bearer ${token}\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\nContent-Length: ${text.length}\r\n\r\n${text.slice(0, 300)}`,
    );
    const locked = () => sql`select 1 from upload_sessions
      where id = ${idOf(path)} and locked_until > now()`;
    await waitFor("the writer", async () => (await locked()).length > 0);
    // Somebody who writes without asking meets the writer.
    const blind = await tus.patch(path, 0, text);
    expect(blind.status).toBe(423);
    expect(errorOf(blind)).toMatchObject({ details: { reason: "upload_in_use" } });
    expect(Number(blind.headers["retry-after"])).toBeGreaterThan(0);
    const offset = await waitFor("an offset", async () => {
      const answer = await tus.head(path);
      return answer.status === 200 ? Number(answer.headers["upload-offset"]) : null;
    }).catch(() => 0);
    const last = await tus.patch(path, offset, text.slice(offset));
    stale.destroy();
    expect(last.status).toBe(204);
    expect(last.headers["harmony-meeting-id"]).toMatch(/^mtg_/);
  });

  test("of many who write the same piece at once, one does; the others are told so", async () => {
    const bytes = randomText(200_000);
    const path = await tus.begin(bytes.length);
    const answers = await Promise.all(Array.from({ length: 8 }, () => tus.patch(path, 0, bytes)));
    const made = answers.filter(({ status }) => status === 204);
    expect(made.length).toBeGreaterThanOrEqual(1);
    for (const { status } of answers) expect([204, 409, 423]).toContain(status);
    const rows = await sql`select id from meetings where recording_sha256 =
      ${createHash("sha256").update(bytes).digest("hex")}`;
    expect(rows.length).toBe(1);
  });
});

/** Lines of talk that no other test has. */
function randomText(bytes: number): Buffer {
  return Buffer.from(`Ada: ${randomBytes(bytes).toString("hex")}`.slice(0, bytes));
}

describe("what is refused", () => {
  test("another version of the protocol, with the one that is spoken", async () => {
    for (const version of ["", "0.2.2"]) {
      const answer = await tus.send("POST", "/api/uploads", {
        "tus-resumable": version,
        "upload-length": "5",
      });
      expect([answer.status, answer.headers["tus-version"]]).toEqual([412, "1.0.0"]);
    }
  });

  test.for([
    ["no length", {}, 400],
    ["a length that is none", { "upload-length": "-1" }, 400],
    ["a deferred length", { "upload-defer-length": "1" }, 400],
    ["an empty file", { "upload-length": "0" }, 400],
    ["a byte more than 2 GiB", { "upload-length": "2147483649" }, 413],
    ["metadata that is not Base64", { "upload-length": "5", "upload-metadata": "title ***" }, 400],
    ["a name twice", { "upload-length": "5", "upload-metadata": "title QQ==,title QQ==" }, 400],
    ["an unknown name", { "upload-length": "5", "upload-metadata": "titel QQ==" }, 400],
    ["21 speakers", { "upload-length": "5", ...metadataOf({ speakers: "21" }) }, 400],
    ["a team of nobody", { "upload-length": "5", ...metadataOf({ team_id: "team_x" }) }, 400],
    ["a contact of nobody", { "upload-length": "5", ...metadataOf({ contact_id: "con_x" }) }, 400],
    [
      "a meeting of next week",
      { "upload-length": "5", ...metadataOf({ date: "2999-01-01" }) },
      400,
    ],
  ] as const)("%s", async ([, headers, status]) => {
    const before = await sessionsOf(workspace.id);
    const answer = await tus.send("POST", "/api/uploads", headers);
    expect(answer.status).toBe(status);
    expect(errorOf(answer).fix).toBeTruthy();
    expect(await sessionsOf(workspace.id)).toEqual(before);
  });

  test("a piece at another place, of another type, or longer than announced", async () => {
    const path = await tus.begin(100);
    await tus.patch(path, 0, "Ada: Hello. ");
    const elsewhere = await tus.patch(path, 5, "x");
    expect([elsewhere.status, elsewhere.headers["upload-offset"]]).toEqual([409, "12"]);
    const beyond = await tus.patch(path, 5000, "x");
    expect(beyond.status).toBe(409);
    const json = await tus.patch(path, 12, "x", { "content-type": "application/json" });
    expect(json.status).toBe(415);
    const noOffset = await tus.send("PATCH", path, pieceType, "x");
    expect(noOffset.status).toBe(400);
    const longer = await tus.patch(path, 12, "x".repeat(200));
    expect(longer.status).toBe(400);
    expect(Number((await tus.head(path)).headers["upload-offset"])).toBeLessThanOrEqual(100);
  });

  test("what is no recording and no transcript: by its beginning, and nothing of it is left", async () => {
    const own = await makeWorkspace();
    const key = await makeKey(own.admin);
    const client = makeTus(url, { authorization: `Bearer ${key.token}` });
    const document = Buffer.concat([Buffer.from("%PDF-1.7\n"), randomBytes(70_000)]);
    // Refused long before its end.
    const path = await client.begin(1_000_000_000, { filename: "call.mp3" });
    const early = await client.patch(path, 0, document);
    expect(early.status).toBe(415);
    expect(errorOf(early).fix).toContain("Please upload an audio or video file");
    expect((await client.head(path)).status).toBe(404);
    const whole = await client.send(
      "POST",
      "/api/uploads",
      { ...pieceType, "upload-length": "40", ...metadataOf({ filename: "call.mp3" }) },
      document.subarray(0, 40),
    );
    expect(whole.status).toBe(415);
    expect(await sessionsOf(own.id)).toEqual([]);
    expect(await partsOf(own.id)).toEqual([]);
    expect(await storedFiles(own.id)).toEqual([]);
  });

  test("a playlist in the name of a recording", async () => {
    const playlist = "#EXTM3U\n#EXTINF:10,\n/etc/passwd\n";
    const path = await tus.begin(playlist.length, { filename: "call.mp3" });
    expect((await tus.patch(path, 0, playlist)).status).toBe(415);
  });

  test("a 21st upload at once, also when all of them come together", async () => {
    const own = await makeWorkspace();
    const key = await makeKey(own.admin);
    const client = makeTus(url, { authorization: `Bearer ${key.token}` });
    const begun = await Promise.all(
      Array.from({ length: 24 }, () =>
        client.send("POST", "/api/uploads", { "upload-length": "10" }),
      ),
    );
    const statuses = begun.map(({ status }) => status).sort();
    expect(statuses).toEqual([...Array(20).fill(201), ...Array(4).fill(409)]);
    const refused = begun.find(({ status }) => status === 409);
    expect(refused && errorOf(refused)).toMatchObject({
      code: "conflict",
      details: { reason: "too_many_uploads", limit: 20 },
    });
    const done = begun.find(({ status }) => status === 201)?.headers.location ?? "";
    await client.send("DELETE", done);
    expect((await client.send("POST", "/api/uploads", { "upload-length": "10" })).status).toBe(201);
  });
});

describe("who may", () => {
  test("nobody else finds an upload: another workspace, another key, another person", async () => {
    const path = await tus.begin(50);
    const stranger = await makeWorkspace();
    const others = [
      { authorization: `Bearer ${(await makeKey(stranger.admin)).token}` },
      { authorization: `Bearer ${(await makeKey(workspace.admin)).token}` },
      { cookie: (await makeMember(workspace, { role: "admin" })).cookie, origin: url },
    ];
    for (const who of others) {
      const other = makeTus(url, who);
      expect((await other.head(path)).status).toBe(404);
      expect((await other.send("DELETE", path)).status).toBe(404);
      const answer = await other.patch(path, 0, "Ada: Hello.");
      expect(answer.status).toBe(404);
      expect(errorOf(answer).message).toBe("Upload not found");
    }
    expect((await tus.head(path)).status).toBe(200);
  });

  test("no credential, one that only reads, and a plan without uploads are refused", async () => {
    const announce = (who: Record<string, string>) =>
      makeTus(url, who).send("POST", "/api/uploads", { "upload-length": "5" });
    expect((await announce({})).status).toBe(401);
    expect((await announce({ authorization: "Bearer hk_live_x" })).status).toBe(401);
    const reader = await makeKey(workspace.admin, { access: "read" });
    const forbidden = await announce({ authorization: `Bearer ${reader.token}` });
    expect(forbidden.status).toBe(403);
    expect(errorOf(forbidden).details).toMatchObject({ required_scope: "meetings:write" });
    const solo = await makeWorkspace({ plan: "solo" });
    const soloKey = await makeKey(solo.admin, { access: "read" });
    const byPlan = await announce({ authorization: `Bearer ${soloKey.token}` });
    expect(errorOf(byPlan)).toMatchObject({
      code: "forbidden",
      details: { required_plan: "plus" },
    });
    const soloPage = await announce({ cookie: solo.admin.cookie, origin: url });
    expect(soloPage.status).toBe(201);
  });

  test("the cookie counts on our own pages only", async () => {
    for (const origin of ["", "https://evil.example", "null"]) {
      const page = makeTus(url, { cookie: workspace.admin.cookie, origin });
      const answer = await page.send("POST", "/api/uploads", { "upload-length": "5" });
      expect(answer.status).toBe(403);
    }
    const page = makeTus(url, { cookie: workspace.admin.cookie, origin: url });
    const path = await page.begin(text.length, { filename: "a.vtt", source: "transcript_paste" });
    // Browsers send no Origin with a HEAD.
    const asked = await makeTus(url, { cookie: workspace.admin.cookie }).head(path);
    expect(asked.headers["upload-offset"]).toBe("0");
    const last = await page.patch(path, 0, text);
    expect(await meetingOf(last.headers["harmony-meeting-id"])).toMatchObject({
      source: "transcript_paste",
      user_id: workspace.admin.userId,
    });
  });

  test("an upload that was left for a day is gone", async () => {
    const path = await tus.begin(50);
    await sql`update upload_sessions set expires_at = now() - interval '1 second' where id = ${idOf(path)}`;
    expect((await tus.head(path)).status).toBe(404);
    expect((await tus.patch(path, 0, "Ada: Hello.")).status).toBe(404);
  });
});

describe("the same file twice", () => {
  async function send(client: Tus, bytes: Buffer, metadata: Record<string, string>) {
    const path = await client.begin(bytes.length, { filename: "again.txt", ...metadata });
    return { path, answer: await client.patch(path, 0, bytes) };
  }

  test("on our pages the earlier meeting is offered, and another one made on purpose without sending it again", async () => {
    const page = makeTus(url, { cookie: workspace.admin.cookie, origin: url });
    const bytes = randomText(2000);
    const first = await send(page, bytes, { duplicates: "ask", title: "The first" });
    const id = first.answer.headers["harmony-meeting-id"];
    const { path, answer } = await send(page, bytes, { duplicates: "ask", title: "The second" });
    expect(answer.status).toBe(409);
    expect(errorOf(answer)).toMatchObject({
      message: "This file was uploaded before, as “The first”",
      details: { reason: "already_uploaded", meeting: { id, title: "The first" } },
    });
    const still = await page.head(path);
    expect([still.status, still.headers["upload-offset"]]).toEqual([200, "2000"]);
    const anyway = await page.patch(`${path}?duplicates=create`, 2000, "");
    expect(anyway.status).toBe(204);
    expect(await meetingOf(anyway.headers["harmony-meeting-id"])).toMatchObject({
      title: "The second",
    });
  });

  test("a meeting that the person may not read is not told", async () => {
    const other = await makeMember(workspace, { role: "user" });
    const bytes = randomText(2000);
    const admins = makeTus(url, { cookie: workspace.admin.cookie, origin: url });
    expect((await send(admins, bytes, { duplicates: "ask" })).answer.status).toBe(204);
    const page = makeTus(url, { cookie: other.cookie, origin: url });
    expect((await send(page, bytes, { duplicates: "ask" })).answer.status).toBe(204);
  });

  test("a credential always makes a meeting", async () => {
    const bytes = randomText(2000);
    const first = await send(tus, bytes, { duplicates: "ask" });
    const second = await send(tus, bytes, { duplicates: "ask" });
    expect([first.answer.status, second.answer.status]).toEqual([204, 204]);
    expect(first.answer.headers["harmony-meeting-id"]).not.toBe(
      second.answer.headers["harmony-meeting-id"],
    );
  });
});

test("a file that is complete, but whose process ended before it became a meeting, becomes one when asked for", async () => {
  const bytes = randomText(5000);
  const path = await tus.begin(bytes.length, { filename: "late.txt" });
  await tus.patch(path, 0, bytes.subarray(0, 4000));
  // What a kill between the last byte and the meeting leaves: all bytes in storage, nothing said about them.
  const { appendFile } = await import("node:fs/promises");
  const file = join(inject("dataDir"), "uploads", workspace.id, idOf(path));
  await appendFile(file, bytes.subarray(4000));
  const answer = await tus.head(path);
  expect(answer.headers["upload-offset"]).toBe("5000");
  expect(await meetingOf(answer.headers["harmony-meeting-id"])).toMatchObject({ title: "late" });
});

test("a last piece that waited while another request made the meeting is told where the file stands", async () => {
  const bytes = randomText(5000);
  const path = await tus.begin(bytes.length, { filename: "raced.txt" });
  await tus.patch(path, 0, bytes.subarray(0, 4000));
  const { id: meetingId } = await makeMeeting(workspace);
  const other = await sql.reserve();
  try {
    await other`begin`;
    await other`select 1 from upload_sessions where id = ${idOf(path)} for update`;
    const waiting = tus.patch(path, 4000, bytes.subarray(4000));
    await waitFor("the second writer", async () => {
      const rows = await sql`select 1 from pg_stat_activity
        where wait_event_type = 'Lock' and query ilike '%update "upload_sessions"%'`;
      return rows.length > 0;
    });
    // What the first writer does when it has the last byte.
    await storage().dropParts(`uploads/${workspace.id}/${idOf(path)}`);
    await other`update upload_sessions set meeting_id = ${meetingId}, received = length
      where id = ${idOf(path)}`;
    await other`commit`;
    const answer = await waiting;
    expect([answer.status, errorOf(answer).details]).toMatchObject([409, { offset: 5000 }]);
    const state = await tus.head(path);
    expect([state.status, state.headers["upload-offset"]]).toEqual([200, "5000"]);
    expect(state.headers["harmony-meeting-id"]).toBe(meetingId);
  } finally {
    other.release();
  }
});

test("a checked piece at the wrong place is refused before it is taken", async () => {
  const bytes = randomText(5000);
  const path = await tus.begin(bytes.length, { filename: "misplaced.txt" });
  await tus.patch(path, 0, bytes.subarray(0, 1000));
  const rest = bytes.subarray(2000);
  const digest = createHash("sha1").update(rest).digest("base64");
  const answer = await tus.patch(path, 2000, rest, { "upload-checksum": `sha1 ${digest}` });
  expect([answer.status, errorOf(answer).details]).toMatchObject([409, { offset: 1000 }]);
  expect((await tus.head(path)).headers["upload-offset"]).toBe("1000");
});

test("a name with folders, control characters and turned directions is kept as a plain one", async () => {
  const bytes = randomText(200);
  const filename = "../../etc/tax\u202Egpj\u0007.txt";
  const path = await tus.begin(bytes.length, { filename });
  const answer = await tus.patch(path, 0, bytes);
  expect(await meetingOf(answer.headers["harmony-meeting-id"])).toMatchObject({
    recording_name: "taxgpj.txt",
    title: "taxgpj",
  });
});
