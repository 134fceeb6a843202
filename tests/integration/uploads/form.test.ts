import { Readable } from "node:stream";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { readUploadForm } from "@/lib/uploads/read-form";
import { type Api, errorOf, makeApi } from "../../support/api-client";
import { doors } from "../../support/doors";
import {
  makeContact,
  makeForm,
  makeKey,
  makeMember,
  makeTeam,
  makeVtt,
  makeWorkspace,
  type TestWorkspace,
} from "../../support/factories";
import { expectNothingKept, storedFiles } from "../../support/invariants";
import { sql } from "../../support/pg";
import { waitFor } from "../../support/wait-for";

interface Row {
  readonly id: string;
  readonly title: string;
  readonly date: Date;
  readonly source: string;
  readonly medium: string;
  readonly language: string | null;
  readonly team_id: string | null;
  readonly user_id: string | null;
  readonly recording_kind: string;
  readonly recording_name: string;
  readonly recording_type: string;
  readonly recording_bytes: string;
  readonly contacts: string[];
}

/** The only meeting of a workspace, as it was stored. */
async function onlyMeeting(workspaceId: string): Promise<Row> {
  const rows = await sql<Row[]>`select m.*, array(select c.email from meeting_contacts mc
      join contacts c on c.id = mc.contact_id where mc.meeting_id = m.id) as contacts
    from meetings m where m.workspace_id = ${workspaceId}`;
  expect(rows).toHaveLength(1);
  const [row] = rows;
  if (!row) throw new Error("no meeting");
  return row;
}

interface Uploader {
  readonly workspace: TestWorkspace;
  readonly api: Api;
}

async function makeUploader(url: string): Promise<Uploader> {
  const workspace = await makeWorkspace();
  const { token } = await makeKey(workspace.admin);
  return { workspace, api: await makeApi(url, { key: token }) };
}

const vtt = makeVtt();

describe.each(doors)("through the $door door", ({ url }) => {
  let workspace: TestWorkspace;
  let api: Api;

  test("every field is kept as it was given", async () => {
    ({ workspace, api } = await makeUploader(url));
    const teamId = await makeTeam(workspace);
    const answer = await api.upload(
      makeForm(vtt, "call.vtt", {
        title: "  Kundengespräch “Q1” 你好  ",
        date: "2026-02-01T12:00:00+02:00",
        team_id: teamId,
        contact_email: "Mara@Lindt.Example",
        medium: "phone_call",
        language: "en-GB",
      }),
    );
    expect(answer.status).toBe(202);
    const row = await onlyMeeting(workspace.id);
    expect(answer.json).toStrictEqual({
      id: row.id,
      title: "Kundengespräch “Q1” 你好",
      date: "2026-02-01T10:00:00Z",
      status: "queued",
      status_url: `${url}/api/v1/meetings/${row.id}/status`,
    });
    expect(row).toMatchObject({
      title: "Kundengespräch “Q1” 你好",
      date: new Date("2026-02-01T10:00:00Z"),
      source: "api",
      medium: "phone_call",
      language: "en-GB",
      team_id: teamId,
      user_id: workspace.admin.userId,
      recording_kind: "transcript",
      recording_name: "call.vtt",
      recording_type: "text/vtt",
      recording_bytes: String(Buffer.byteLength(vtt)),
      contacts: ["mara@lindt.example"],
    });
    expect(await storedFiles(workspace.id)).toEqual([row.id]);
  });

  test("a file alone is enough: its name, now, and the defaults", async () => {
    ({ workspace, api } = await makeUploader(url));
    const answer = await api.upload(makeForm(vtt, "C:\\temp\\Team sync.final.vtt"));
    expect(answer.status).toBe(202);
    const row = await onlyMeeting(workspace.id);
    expect(row).toMatchObject({
      title: "Team sync.final",
      medium: "video_call",
      language: null,
      team_id: null,
      user_id: workspace.admin.userId,
      contacts: [],
    });
    expect(Math.abs(row.date.getTime() - Date.now())).toBeLessThan(60_000);
  });

  test("the seed's form: file, title and date", async () => {
    ({ workspace, api } = await makeUploader(url));
    const form = makeForm(vtt, "recording.vtt", {
      title: "Customer Call",
      date: "2026-02-01T10:00:00Z",
    });
    const answer = await api.send({ method: "POST", path: "/v1/meetings/upload", body: form });
    expect(answer.status).toBe(202);
    expect(answer.json).toMatchObject({ title: "Customer Call", date: "2026-02-01T10:00:00Z" });
  });

  test.for([
    ["title", "", "must not be empty"],
    ["title", "   ", "must not be empty"],
    ["title", "x".repeat(201), "has at most 200 characters"],
    ["title", "x".repeat(5000), "Too long or not text."],
    ["title", "a\0b", "Too long or not text."],
    ["date", "", "must be ISO 8601, such as 2026-02-01T10:00:00Z"],
    ["date", "yesterday", "must be ISO 8601, such as 2026-02-01T10:00:00Z"],
    ["date", "01.02.2026", "must be ISO 8601, such as 2026-02-01T10:00:00Z"],
    ["date", "2026-02-30", "must be ISO 8601, such as 2026-02-01T10:00:00Z"],
    ["date", "1769940000", "must be ISO 8601, such as 2026-02-01T10:00:00Z"],
    ["date", "2099-01-01T00:00:00Z", "A meeting that was recorded lies in the past."],
    ["team_id", "", "Unknown team."],
    ["team_id", "team_unknown", "Unknown team."],
    ["contact_email", "", "must be an e-mail address"],
    ["contact_email", "nobody", "must be an e-mail address"],
    ["contact_email", "a@b@c.example", "must be an e-mail address"],
    ["contact_id", "", "Unknown contact."],
    ["contact_id", "con_unknown", "Unknown contact."],
    ["medium", "", "must be one of video_call, phone_call, in_person, other"],
    ["medium", "Video_Call", "must be one of video_call, phone_call, in_person, other"],
    ["language", "", "must be a BCP-47 tag such as en or de-DE"],
    ["language", "english please", "must be a BCP-47 tag such as en or de-DE"],
    ["language", "x", "must be a BCP-47 tag such as en or de-DE"],
  ] as const)("%s=%j is refused: %s", async ([field, value, sentence]) => {
    ({ workspace, api } = await makeUploader(url));
    const shown = value.length > 60 ? value.slice(0, 5000) : value;
    const answer = await api.upload(makeForm(vtt, "a.vtt", { [field]: shown }));
    expect(answer.status).toBe(400);
    expect(errorOf(answer)).toMatchObject({
      code: "invalid_request",
      details: { fields: { [field]: sentence } },
    });
    await expectNothingKept(workspace.id);
  });

  test.for([
    ["title", "x".repeat(200)],
    ["date", "2026-02-01"],
    ["date", "1999-12-31T23:59:59.999Z"],
    ["date", new Date(Date.now() + 23 * 3_600_000).toISOString()],
    ["medium", "in_person"],
    ["medium", "other"],
    ["language", "auto"],
    ["language", "zh-Hant-TW"],
    ["contact_email", "o'hara+sales@sub.domain.example"],
  ] as const)("%s=%j is taken", async ([field, value]) => {
    ({ workspace, api } = await makeUploader(url));
    const answer = await api.upload(makeForm(vtt, "a.vtt", { [field]: value }));
    expect(answer.status).toBe(202);
  });

  test("a field or file that the form does not know is refused, and named", async () => {
    ({ workspace, api } = await makeUploader(url));
    const unknown = await api.upload(makeForm(vtt, "a.vtt", { titel: "x" }));
    expect(errorOf(unknown)).toMatchObject({
      message: 'Unknown form field "titel"',
      details: { fields: { titel: "Unknown." } },
      fix: "The form takes: file, title, date, team_id, contact_email, contact_id, medium, language, speakers.",
    });
    const asText = new FormData();
    asText.append("file", vtt);
    expect(errorOf(await api.upload(asText)).fix).toBe(
      'Send it as a file: -F "file=@meeting.vtt".',
    );
    const elsewhere = new FormData();
    elsewhere.append("recording", new Blob([vtt]), "a.vtt");
    expect(errorOf(await api.upload(elsewhere)).details.fields).toEqual({
      recording: 'Use the field "file", once.',
    });
    await expectNothingKept(workspace.id);
  });

  test("a field or the file given twice is refused", async () => {
    ({ workspace, api } = await makeUploader(url));
    for (const again of [
      (form: FormData) => form.append("title", "two"),
      (form: FormData) => form.append("file", new Blob([vtt]), "b.vtt"),
    ]) {
      const form = makeForm(vtt, "a.vtt", { title: "one" });
      again(form);
      const answer = await api.upload(form);
      expect(answer.status).toBe(400);
    }
    const many = new FormData();
    for (let n = 0; n < 30; n += 1) many.append("title", String(n));
    many.append("file", new Blob([vtt]), "a.vtt");
    expect((await api.upload(many)).status).toBe(400);
    await expectNothingKept(workspace.id);
  });

  test("a form without a file, or with an empty one, is refused", async () => {
    ({ workspace, api } = await makeUploader(url));
    const without = new FormData();
    without.append("title", "No file");
    expect(errorOf(await api.upload(without)).details.fields).toEqual({ file: "Required." });
    expect(errorOf(await api.upload(makeForm("", "a.vtt"))).details.fields).toEqual({
      file: "Has no bytes.",
    });
    await expectNothingKept(workspace.id);
  });

  test("the file name may be hostile; it only ever names", async () => {
    const hostile = [
      ["../../etc/passwd", "passwd"],
      ["..\\..\\boot.ini", "boot"],
      [".vtt", "Untitled meeting"],
      ["", "Untitled meeting"],
      [`${"n".repeat(300)}.vtt`, "n".repeat(200)],
      ["a\u202egpj.vtt", null],
      ['quo"te.vtt', null],
      ["dräi 你好 👋.vtt", "dräi 你好 👋"],
    ] as const;
    for (const [name, title] of hostile) {
      ({ workspace, api } = await makeUploader(url));
      const answer = await api.upload(makeForm(vtt, name));
      expect([name, answer.status]).toEqual([name, name === "" ? expect.any(Number) : 202]);
      if (answer.status !== 202) continue;
      const row = await onlyMeeting(workspace.id);
      if (title !== null) expect(row.title).toBe(title);
      expect(await storedFiles(workspace.id)).toEqual([row.id]);
    }
  });

  test("a name that is written in percents loses its folders, its NUL and what turns directions", async () => {
    ({ workspace, api } = await makeUploader(url));
    const name = "filename*=utf-8''..%2Fa%00b%E2%80%AEgpj.vtt";
    const answer = await api.send({
      method: "POST",
      path: "/api/v1/meetings/upload",
      body: `--b\r\nContent-Disposition: form-data; name="file"; ${name}\r\n\r\n${vtt}\r\n--b--\r\n`,
      headers: { "content-type": "multipart/form-data; boundary=b" },
    });
    expect(answer.status).toBe(202);
    expect(answer.json).toMatchObject({ title: "abgpj" });
  });

  test("a NUL in the file name breaks nothing", async () => {
    ({ workspace, api } = await makeUploader(url));
    const body = `--b\r\nContent-Disposition: form-data; name="file"; filename="a\0b.vtt"\r\n\r\n${vtt}\r\n--b--\r\n`;
    const answer = await api.send({
      method: "POST",
      path: "/api/v1/meetings/upload",
      body,
      headers: { "content-type": "multipart/form-data; boundary=b" },
    });
    expect([202, 400]).toContain(answer.status);
  });
});

describe("teams and contacts", () => {
  let api: Api;
  let workspace: TestWorkspace;

  beforeAll(async () => {
    ({ workspace, api } = await makeUploader(doors[0].url));
  });

  test("without team_id the first team of the key's creator is taken", async () => {
    const { admin } = workspace;
    const first = await makeTeam(workspace);
    const creator = await makeMember(workspace, { role: "admin", teamIds: [first] });
    const { token } = await makeKey(creator);
    const answer = await api.with({ key: token }).upload(makeForm(vtt, "a.vtt"));
    expect(answer.status).toBe(202);
    const [row] = await sql`select team_id, user_id from meetings
      where workspace_id = ${workspace.id} and user_id = ${creator.userId}`;
    expect(row).toEqual({ team_id: first, user_id: creator.userId });
    expect(admin.userId).not.toBe(creator.userId);
  });

  test("a key of team reach puts meetings only into its teams", async () => {
    const [own, other] = [await makeTeam(workspace), await makeTeam(workspace)];
    const creator = await makeMember(workspace, { role: "admin", teamIds: [own] });
    const { token } = await makeKey(creator, { roleId: workspace.roleIds.manager });
    const client = api.with({ key: token });
    expect((await client.upload(makeForm(vtt, "a.vtt", { team_id: own }))).status).toBe(202);
    const refused = await client.upload(makeForm(vtt, "a.vtt", { team_id: other }));
    expect(refused.status).toBe(400);
    expect(errorOf(refused).details.fields).toEqual({ team_id: "Unknown team." });
  });

  test("ids of another workspace are as unknown as invented ones", async () => {
    const elsewhere = await makeWorkspace();
    const foreign = {
      team_id: await makeTeam(elsewhere),
      contact_id: await makeContact(elsewhere, {}),
    };
    for (const [field, id] of Object.entries(foreign)) {
      const real = await api.upload(makeForm(vtt, "a.vtt", { [field]: id }));
      const invented = await api.upload(makeForm(vtt, "a.vtt", { [field]: "x_unknown" }));
      const { request_id: one, ...left } = errorOf(real);
      const { request_id: two, ...right } = errorOf(invented);
      expect(left).toStrictEqual(right);
      expect(one).not.toBe(two);
    }
  });

  test("a known contact is found by its address whatever its case, and no second one is made", async () => {
    const made = await makeUploader(doors[0].url);
    const contactId = await makeContact(made.workspace, {
      name: "Mara Lindt",
      email: "Mara@Lindt.example",
    });
    await made.api.upload(makeForm(vtt, "a.vtt", { contact_email: "mara@LINDT.example" }));
    const people = await sql`select id from contacts where workspace_id = ${made.workspace.id}`;
    expect([...people]).toEqual([{ id: contactId }]);
    await made.api.upload(makeForm(vtt, "b.vtt", { contact_id: contactId }));
    const [links] = await sql<{ n: number }[]>`
      select count(*)::int as n from meeting_contacts where contact_id = ${contactId}`;
    expect(links?.n).toBe(2);
  });

  test("a key that sees only its own meetings cannot take hold of a contact it does not see", async () => {
    const contactId = await makeContact(workspace, { name: "Secret", phone: "123" });
    const creator = await makeMember(workspace, { role: "admin" });
    const { token } = await makeKey(creator, { roleId: workspace.roleIds.user });
    const client = api.with({ key: token });
    expect((await client.get(`/contacts/${contactId}`)).status).toBe(404);
    const answer = await client.upload(makeForm(vtt, "a.vtt", { contact_id: contactId }));
    expect(answer.status).toBe(400);
    expect(errorOf(answer).details.fields).toEqual({ contact_id: "Unknown contact." });
    expect((await client.get(`/contacts/${contactId}`)).status).toBe(404);
  });
});

test("ten uploads at once that name one new address make one contact", async () => {
  const { workspace, api } = await makeUploader(doors[0].url);
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, n) =>
      api.upload(
        makeForm(vtt, `${n}.vtt`, { contact_email: n % 2 ? "a@x.example" : "A@X.example" }),
      ),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(202));
  const found = await sql`select c.email, count(*)::int as meetings from contacts c
    join meeting_contacts mc on mc.contact_id = c.id where c.workspace_id = ${workspace.id} group by c.id`;
  expect([...found]).toEqual([{ email: "a@x.example", meetings: 10 }]);
});

test("status_url leads to the status of that very meeting", async () => {
  const { api } = await makeUploader(doors[0].url);
  const { id, status_url } = z
    .object({ id: z.string(), status_url: z.string() })
    .parse((await api.upload(makeForm(vtt, "a.vtt"))).json);
  expect(status_url.startsWith(doors[0].url)).toBe(true);
  const answer = await api.send({ path: new URL(status_url).pathname });
  expect(answer.json).toMatchObject({ meeting_id: id });
});

/** The headers and a body of a form, as `readUploadForm` takes them. */
async function formParts(content: Uint8Array<ArrayBuffer>) {
  const response = new Response(makeForm(content, "a.txt"));
  const bytes = Buffer.from(await response.arrayBuffer());
  const type = response.headers.get("content-type") ?? "";
  const header = (name: string) => ({ "transfer-encoding": "chunked", "content-type": type })[name];
  return { bytes, header };
}

describe("a client that says nothing any more", () => {
  afterEach(() => vi.useRealTimers());

  /** Starts to read a form whose first half has come. */
  async function halfRead() {
    const { bytes, header } = await formParts(new Uint8Array(50_000).fill(0x61));
    const body = new Readable({ read: () => undefined });
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const reading = readUploadForm(header, () => body);
    const ended = reading.then(
      (form) => form,
      (error: unknown) => error,
    );
    let pieces = 0;
    body.on("data", () => {
      pieces += 1;
    });
    /** Sends a piece and waits until it was taken. */
    const say = async (piece: Uint8Array | string) => {
      const before = pieces;
      body.push(piece);
      await waitFor("the piece to be taken", () => pieces > before);
    };
    await say(bytes.subarray(0, 25_000));
    return { body, say, rest: bytes.subarray(25_000), ended };
  }

  test("is given up after a minute of silence", async () => {
    const { say, ended } = await halfRead();
    await vi.advanceTimersByTimeAsync(59_000);
    await say("x");
    await vi.advanceTimersByTimeAsync(59_000);
    const early = await Promise.race([ended, Promise.resolve("still reading")]);
    expect(early).toBe("still reading");
    await vi.advanceTimersByTimeAsync(1_001);
    expect(await ended).toMatchObject({
      code: "invalid_request",
      message: "The body ended before the form was complete",
    });
  });

  test("and goes on in time is read to the end", async () => {
    const { body, say, rest, ended } = await halfRead();
    await vi.advanceTimersByTimeAsync(59_000);
    await say(rest);
    body.push(null);
    const form = await ended;
    expect(form).toMatchObject({ fileName: "a.txt", file: { bytes: 50_000 } });
    if (form && typeof form === "object" && "file" in form)
      await (form as Awaited<ReturnType<typeof readUploadForm>>).file.discard();
  });
});

describe("the size of the file, with the limit lowered to 64 KiB", () => {
  const max = 65_536;

  async function read(bytes: number) {
    const { bytes: body, header } = await formParts(new Uint8Array(bytes).fill(0x61));
    const pieces = [body.subarray(0, 1000), body.subarray(1000)];
    const form = await readUploadForm(header, () => Readable.from(pieces), max);
    await form.file.discard();
    return form.file.bytes;
  }

  test("a file of exactly the limit is taken", async () => {
    expect(await read(max)).toBe(max);
  });

  test.for([max + 1, max + 2, max * 3])("%i bytes are refused while they arrive", async (bytes) => {
    await expect(read(bytes)).rejects.toMatchObject({ code: "payload_too_large" });
  });
});
