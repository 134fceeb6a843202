import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { seal } from "@/lib/core/crypto";
import { newId } from "@/lib/core/ids";
import { fetchRecording } from "@/lib/uploads/fetch-recording";
import { checkRecordingUrl, importFromUrl } from "@/lib/uploads/import-url";
import {
  makeMeeting,
  makeMember,
  makeWorkspace,
  type TestWorkspace,
} from "../../support/factories";
import {
  brokenAfter,
  type FileHandler,
  type FileServer,
  fileOf,
  startFileServer,
} from "../../support/file-server";
import { stagedFiles, storedFiles } from "../../support/invariants";
import { sql } from "../../support/pg";

// Recordings at an address. The servers are real ones on loopback, which Harmony asks because its own address is there
// too; what leads to other networks is refused by the guard that webhooks use.

const fixtures = join(process.cwd(), "tests", "fixtures", "recordings");
const tone = readFileSync(join(fixtures, "tagged.mp3"));
const film = readFileSync(join(fixtures, "film.mp4"));
/** A recording of some length: the decoder of MP3 skips what is no frame, so silence may follow. */
const long = Buffer.concat([tone, Buffer.alloc(3_000_000, 0x55)]);
const never = new AbortController().signal;

const redirect =
  (location: string, status = 302): FileHandler =>
  (_request, response) => {
    response.writeHead(status, { location }).end();
  };

const html: FileHandler = (_request, response) => {
  response
    .writeHead(200, { "content-type": "audio/mpeg" })
    .end("<!doctype html><title>Sign in</title>".padEnd(3000));
};

let workspace: TestWorkspace;
let server: FileServer;

beforeAll(async () => {
  workspace = await makeWorkspace();
  server = await startFileServer({
    "/tone.mp3": fileOf(tone),
    "/film.mp4": fileOf(film),
    "/long.mp3": fileOf(long),
    "/named": (request, response, nth) => {
      response.setHeader(
        "content-disposition",
        `attachment; filename*=UTF-8''Quarterly%20call.mp3`,
      );
      fileOf(tone)(request, response, nth);
    },
    "/hop0": redirect("/hop1"),
    "/hop1": redirect("/hop2", 301),
    "/hop2": redirect("/hop3", 303),
    "/hop3": redirect("/hop4", 307),
    "/hop4": redirect("/tone.mp3", 308),
    "/loop": redirect("/loop"),
    "/into-private": redirect("http://10.0.0.1/tone.mp3"),
    "/into-metadata": redirect("http://169.254.169.254/latest/meta-data"),
    "/into-file": redirect("file:///etc/passwd"),
    "/login": html,
    "/forbidden": (_request, response) => response.writeHead(403).end(),
    "/empty.mp3": fileOf(Buffer.alloc(0)),
    "/text.txt": fileOf(Buffer.from("Ada: Hello.\nTom: Hello, Ada.\n")),
    "/noise.mp3": fileOf(Buffer.alloc(5000, 0x01)),
    "/huge.mp3": (_request, response) => {
      response.writeHead(200, { "content-length": "2147483649" });
      response.write(tone);
    },
    "/broken.mp3": brokenAfter(long, 700_000, 3),
    "/changed.mp3": brokenAfter(long, 700_000, 1, fileOf(Buffer.concat([film, long]), '"v2"')),
    "/always-broken.mp3": brokenAfter(long, 0, 1000),
    // Answers the whole file again where a range was asked for.
    "/no-ranges.mp3": (_request, response, nth) => {
      response.writeHead(200, { "content-length": long.length });
      if (nth > 0) response.end(long);
      else response.write(long.subarray(0, 900_000), () => response.socket?.destroySoon());
    },
    // Answers with a part that nobody asked for.
    "/middle.mp3": (_request, response) => {
      const part = long.subarray(500);
      response
        .writeHead(206, {
          "content-length": part.length,
          "content-range": `bytes 500-${long.length - 1}/${long.length}`,
        })
        .end(part);
    },
    "/packed.mp3": (_request, response) => {
      response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(tone));
    },
    "/turned": (request, response, nth) => {
      response.setHeader(
        "content-disposition",
        `attachment; filename*=UTF-8''..%2Ftax%E2%80%AEgpj%0D%0A.mp3`,
      );
      fileOf(tone)(request, response, nth);
    },
    "/busy-once.mp3": (request, response, nth) => {
      if (nth === 0) response.writeHead(503).end();
      else fileOf(tone)(request, response, nth);
    },
  });
});

afterAll(() => server.stop());

/** Addresses are checked a few times a minute for each person: every check here is of another one. */
const ctxOfNobodyYet = async () => (await makeMember(workspace, { role: "admin" })).ctx();

async function importing(path: string) {
  // A row that a worker has taken up, without a job: the media worker of the tests would fetch it as well.
  const id = newId("meeting");
  const sourceUrlSealed = seal(path.startsWith("http") ? path : server.url(path), id);
  await makeMeeting(workspace, {
    ...{ id, sourceUrlSealed, source: "url_import", status: "processing", stage: "transcribing" },
    userId: workspace.admin.userId,
  });
  return { id, workspaceId: workspace.id, sourceUrlSealed };
}

async function rowOf(id: string) {
  const [row] = await sql`select * from meetings where id = ${id}`;
  return row;
}

const hashOf = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

async function expectFetched(path: string, bytes: Buffer): Promise<string> {
  const meeting = await importing(path);
  await fetchRecording(meeting, never);
  expect(await rowOf(meeting.id)).toMatchObject({
    source: "url_import",
    source_url_sealed: null,
    recording_sha256: hashOf(bytes),
    recording_bytes: String(bytes.length),
    recording_key: `recordings/${workspace.id}/${meeting.id}`,
  });
  const file = join(inject("dataDir"), "recordings", workspace.id, meeting.id);
  expect(hashOf(await readFile(file))).toBe(hashOf(bytes));
  return meeting.id;
}

describe("an address is checked before anything is taken", () => {
  test("what is there is told: kind, type, size and name", async () => {
    const ctx = await ctxOfNobodyYet();
    expect(await checkRecordingUrl(ctx, server.url("/film.mp4?token=secret"))).toEqual({
      kind: "video",
      contentType: "video/mp4",
      bytes: film.length,
      name: "film.mp4",
    });
    expect(await checkRecordingUrl(ctx, server.url("/named"))).toMatchObject({
      kind: "audio",
      name: "Quarterly call.mp3",
    });
    expect(await checkRecordingUrl(ctx, server.url("/long.mp3"))).toMatchObject({
      bytes: long.length,
    });
    expect(await checkRecordingUrl(ctx, server.url("/turned"))).toMatchObject({
      name: "taxgpj .mp3",
    });
  });

  test("five redirects are followed", async () => {
    const ctx = await ctxOfNobodyYet();
    expect(await checkRecordingUrl(ctx, server.url("/hop0"))).toMatchObject({ name: "tone.mp3" });
  });

  test.for([
    ["no address", "call.mp3", "not a URL"],
    ["another protocol", "ftp://example.com/a.mp3", "https://"],
    ["a private network", "http://10.0.0.1/a.mp3", "private"],
    ["the cloud's own data", "http://169.254.169.254/latest", "private"],
    ["a redirect into a private network", "/into-private", "private"],
    ["a redirect to the cloud's own data", "/into-metadata", "private"],
    ["a redirect to a file", "/into-file", "https://"],
    ["a redirect without an end", "/loop", "more than 5 times"],
    ["nothing there", "/missing.mp3", "status 404"],
    ["not shared with everyone", "/forbidden", "everyone who has the link"],
    ["a page to sign in", "/login", "a web page"],
    ["an empty file", "/empty.mp3", "is empty"],
    ["text", "/text.txt", "under Transcript"],
    ["noise", "/noise.mp3", "neither audio nor video"],
    ["more than 2 GB", "/huge.mp3", "larger than 2 GB"],
    ["a part from the middle", "/middle.mp3", "from the middle"],
    ["a packed file", "/packed.mp3", "packed (gzip)"],
  ] as const)("%s is refused with the reason and a remedy", async ([, path, words]) => {
    const ctx = await ctxOfNobodyYet();
    const url = path.startsWith("/") ? server.url(path) : path;
    await expect(checkRecordingUrl(ctx, url)).rejects.toMatchObject({
      code: "invalid_request",
      details: { fields: { url: expect.stringContaining(words) } },
      fix: expect.any(String),
    });
  });

  test("a server that goes silent in the middle is given up after 20 seconds", async () => {
    const silent = await startFileServer({
      "/": (_request, response) => {
        response.writeHead(200, { "content-length": "100000" });
        response.write(tone.subarray(0, 10));
      },
    });
    try {
      const ctx = await ctxOfNobodyYet();
      await expect(checkRecordingUrl(ctx, silent.url("/"))).rejects.toMatchObject({
        code: "invalid_request",
        message: expect.stringContaining("did not go on"),
      });
    } finally {
      await silent.stop();
    }
  }, 60_000);
});

describe("a meeting from an address", () => {
  test("is queued with its job, and keeps the address sealed until its file is here", async () => {
    const ctx = await workspace.admin.ctx();
    const url = server.url("/named?signature=secret");
    const view = await importFromUrl(ctx, {
      url,
      fields: { medium: "phone_call", speakers: "3", language: "en" },
    });
    expect(view).toMatchObject({ title: "Quarterly call", status: "queued" });
    const row = await rowOf(view.id);
    expect(row).toMatchObject({
      source: "url_import",
      medium: "phone_call",
      speakers_expected: 3,
      user_id: workspace.admin.userId,
      recording_key: null,
    });
    expect(row?.source_url_sealed).toMatch(/^v1\./);
    expect(JSON.stringify(row)).not.toContain("secret");
    const jobs = await sql`select 1 from pgboss.job
      where name = 'meeting.process' and data ->> 'meetingId' = ${view.id}`;
    expect(jobs.length).toBe(1);
  });

  test("gets the file: type and kind by content, hash and size of all bytes", async () => {
    const id = await expectFetched("/film.mp4", film);
    expect(await rowOf(id)).toMatchObject({
      recording_kind: "video",
      recording_type: "video/mp4",
      recording_name: "film.mp4",
    });
  });

  test("goes on where a connection broke off, three times", async () => {
    const before = server.asked.length;
    await expectFetched("/broken.mp3", long);
    const ranges = server.asked
      .slice(before)
      .flatMap(({ path, range }) => (path === "/broken.mp3" ? [range] : []));
    expect(ranges).toEqual([
      undefined,
      expect.stringMatching(/^bytes=\d+-$/),
      expect.stringMatching(/^bytes=\d+-$/),
      expect.stringMatching(/^bytes=\d+-$/),
    ]);
  });

  test("is never put together from two files: one that changed meanwhile is fetched anew", async () => {
    await expectFetched("/changed.mp3", Buffer.concat([film, long]));
  });

  test("begins anew where the server cannot go on in the middle", async () => {
    await expectFetched("/no-ranges.mp3", long);
  });

  test("waits for a server that is busy for a moment", async () => {
    await expectFetched("/busy-once.mp3", tone);
  });

  test.for([
    ["/always-broken.mp3", "transcription_error", "broke off"],
    ["/missing.mp3", "transcription_error", "status 404"],
    ["/login", "unsupported_format", "a web page"],
    ["/huge.mp3", "unsupported_format", "larger than 2 GB"],
    ["/into-private", "transcription_error", "private"],
    ["http://10.0.0.1/a.mp3", "transcription_error", "private"],
    ["/empty.mp3", "corrupt_file", "is empty"],
    ["/noise.mp3", "unsupported_format", "neither audio nor video"],
    ["/middle.mp3", "transcription_error", "from the middle"],
    ["/packed.mp3", "transcription_error", "packed (gzip)"],
  ] as const)("%s fails with a remedy, and nothing is left", async ([path, code, words]) => {
    const meeting = await importing(path);
    const before = await storedFiles(workspace.id);
    await expect(fetchRecording(meeting, never)).rejects.toMatchObject({
      name: "MediaError",
      code,
      message: expect.stringContaining(words),
    });
    expect(await rowOf(meeting.id)).toMatchObject({
      recording_key: null,
      source_url_sealed: meeting.sourceUrlSealed,
    });
    expect(await storedFiles(workspace.id)).toEqual(before);
  });

  test("that was deleted meanwhile gets no file", async () => {
    const meeting = await importing("/tone.mp3");
    await sql`delete from meetings where id = ${meeting.id}`;
    await fetchRecording(meeting, never);
    expect(await storedFiles(workspace.id)).not.toContain(meeting.id);
  });

  test("is given up when a server goes on for ever without coming to an end", async () => {
    const trickling = await startFileServer({
      "/": (_request, response) => {
        response.writeHead(200, { "content-length": String(long.length) });
        response.write(long.subarray(0, 200_000));
        const timer = setInterval(() => response.write(long.subarray(0, 1)), 20);
        response.on("close", () => clearInterval(timer));
      },
    });
    try {
      const meeting = await importing(trickling.url("/"));
      await expect(fetchRecording(meeting, never, 500)).rejects.toMatchObject({
        name: "MediaError",
        code: "transcription_error",
        message: expect.stringContaining("took too long"),
      });
      expect(await storedFiles(workspace.id)).not.toContain(meeting.id);
    } finally {
      await trickling.stop();
    }
  });

  test("stops at once when its job is stopped, and leaves nothing", async () => {
    const stalling = await startFileServer({
      "/": (_request, response) => {
        response.writeHead(200, { "content-length": String(long.length) });
        response.write(long.subarray(0, 200_000));
      },
    });
    try {
      const meeting = await importing(stalling.url("/"));
      const abort = new AbortController();
      const staged = await stagedFiles();
      const fetching = fetchRecording(meeting, abort.signal);
      const { waitFor } = await import("../../support/wait-for");
      await waitFor("bytes", async () =>
        (await stagedFiles()).some((name) => !staged.includes(name)),
      );
      abort.abort(new Error("cancelled"));
      await expect(fetching).rejects.toThrow("cancelled");
      await waitFor("an empty folder", async () => (await stagedFiles()).length === 0);
    } finally {
      await stalling.stop();
    }
  });

  test("fetched twice at once has one file", async () => {
    const meeting = await importing("/long.mp3");
    await Promise.all([fetchRecording(meeting, never), fetchRecording(meeting, never)]);
    expect(await rowOf(meeting.id)).toMatchObject({ recording_sha256: hashOf(long) });
    expect((await storedFiles(workspace.id)).filter((name) => name === meeting.id)).toHaveLength(1);
  });

  test("needs the right to make meetings", async () => {
    const member = await makeMember(workspace, { role: "user" });
    const ctx = await member.ctx();
    const principal = { ...ctx.principal, grants: {} };
    await expect(
      importFromUrl({ ...ctx, principal }, { url: server.url("/tone.mp3"), fields: {} }),
    ).rejects.toMatchObject({ code: "forbidden" });
  });
});
