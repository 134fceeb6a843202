import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createHmac, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, request } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { type SigningSecrets, signatureHeaders } from "@/lib/webhooks/signatures";
import { waitFor } from "../support/wait-for";

// The files that customers copy, run as they run them: real processes, real HTTP, signed by the product's own code.
// A machine without Python or Ruby skips those programs and says so.

const kitFolder = join(process.cwd(), "docs", "examples", "webhooks");
const newSecret = () => `whsec_${randomBytes(32).toString("base64")}`;
const current = newSecret();
const next = newSecret();
const strange = newSecret();

/** Reads one case after another from standard input, and tells what the helper made of each. */
const judges = {
  node: [
    "--input-type=module",
    "--eval",
    `import { readFileSync } from "node:fs";
const { verifyWebhook } = await import(process.argv[1]);
const told = JSON.parse(readFileSync(0, "utf8")).map(({ body, text, parsed, headers, isFetch, secret, ...options }) => {
  try {
    const given = body === undefined ? (text ?? parsed) : Buffer.from(body, "base64");
    return { event: verifyWebhook(given, isFetch ? new Headers(headers) : headers, secret, options) };
  } catch (error) {
    return { code: error.code, message: error.message };
  }
});
console.log(JSON.stringify(told));`,
    `file://${join(kitFolder, "verify-webhook.mjs")}`,
  ],
  python: [
    "-c",
    `import base64, json, sys
sys.path.insert(0, sys.argv[1])
from verify_webhook import WebhookVerificationError, verify_webhook
def judge(case):
    body = base64.b64decode(case["body"]) if "body" in case else case.get("text", case.get("parsed"))
    options = {"require_timestamp": case.get("requireTimestamp", True), "now": case["now"]}
    if "tolerance" in case:
        options["tolerance"] = case["tolerance"]
    try:
        return {"event": verify_webhook(body, case["headers"], case["secret"], **options)}
    except WebhookVerificationError as error:
        return {"code": error.code, "message": str(error)}
print(json.dumps([judge(case) for case in json.load(sys.stdin)]))`,
    kitFolder,
  ],
  ruby: [
    "-W",
    "-e",
    `require "json"
require File.join(ARGV[0], "verify_webhook")
told = JSON.parse($stdin.read).map do |kase|
  body = kase["body"] ? kase["body"].unpack1("m") : kase.fetch("text", kase["parsed"])
  options = { require_timestamp: kase.fetch("requireTimestamp", true), now: kase["now"] }
  options[:tolerance] = kase["tolerance"] if kase["tolerance"]
  { event: HarmonyWebhooks.verify_webhook(body, kase["headers"], kase["secret"], **options) }
rescue HarmonyWebhooks::WebhookVerificationError => e
  { code: e.code, message: e.message }
end
puts JSON.generate(told)`,
    kitFolder,
  ],
} as const;

const kits = [
  {
    language: "Node.js",
    program: process.execPath,
    judge: judges.node,
    receiver: "receiver.mjs",
    frameworks: ["Express", "Next.js", "Fastify"],
  },
  {
    language: "Python",
    program: "python3",
    judge: judges.python,
    receiver: "receiver.py",
    frameworks: ["Flask", "FastAPI", "Django"],
  },
  {
    language: "Ruby",
    program: "ruby",
    judge: judges.ruby,
    receiver: "receiver.rb",
    frameworks: ["Rails", "Sinatra"],
  },
] as const;
type Kit = (typeof kits)[number];

/** The environment of a customer's program; Python leaves nothing behind in the folder. */
const programEnv = {
  PATH: process.env.PATH,
  LANG: "C.UTF-8",
  NODE_ENV: "production",
  PYTHONDONTWRITEBYTECODE: "1",
} as const;

async function isInstalled(program: string): Promise<boolean> {
  try {
    await promisify(execFile)(program, ["--version"]);
    return true;
  } catch {
    return false;
  }
}
const installed = new Map(
  await Promise.all(
    kits.map(async ({ program }) => [program, await isInstalled(program)] as const),
  ),
);

function skipWithout(program: string): void {
  beforeEach(({ skip }) => skip(installed.get(program) !== true, `needs ${program}`));
}

const eventOf = (title: string) => ({
  event: "meeting.processed",
  timestamp: "2026-02-01T15:30:00Z",
  data: { meeting_id: "mtg_abc123", title, duration: 1800 },
  id: `evt_${randomBytes(6).toString("hex")}`,
  workspace_id: "wsp_abc123",
  api_version: "v1",
});

/** The three ways in which frameworks write a body anew. */
const rewritten = {
  indented: (text: string) => JSON.stringify(JSON.parse(text), null, 2),
  spaced: (text: string) => JSON.stringify(JSON.parse(text), null, 1).replace(/\n */g, " "),
  escaped: (text: string) =>
    text.replace(
      /[^\x20-\x7e]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
    ),
};

// ---- The helpers, one table for all languages

const now = 1_769_959_800;
const event = eventOf("Gespräch mit Zoë 🎧");
const text = JSON.stringify(event);

interface Case {
  readonly body?: string;
  readonly text?: string;
  readonly parsed?: unknown;
  readonly headers: Readonly<Record<string, string>>;
  readonly secret: string | readonly string[] | null;
  readonly now: number;
  readonly tolerance?: number;
  readonly requireTimestamp?: boolean;
  /** Node.js only: the headers of a Request of fetch. */
  readonly isFetch?: boolean;
}

interface Told {
  readonly name: string;
  /** The code of the refusal; null when the event comes back. */
  readonly code: string | null;
  /** A part of the message. */
  readonly says?: string;
  readonly given: Case;
}

const base64 = (value: string | Uint8Array) => Buffer.from(value).toString("base64");
const signed = (
  body: string | Uint8Array = text,
  secrets: SigningSecrets = { current, next: null },
  timestampSeconds = now,
) => signatureHeaders({ id: "dlv_abc123", timestampSeconds, body }, secrets);
const only = (headers: Record<string, string>, ...names: readonly string[]) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => names.includes(name)));
const good: Case = { body: base64(text), headers: signed(), secret: current, now };
const naive = only(signed(), "x-harmony-signature");
const overlap = signed(text, { current, next });

const accepted = (name: string, change: Partial<Case>): Told => ({
  name: `accepts ${name}`,
  code: null,
  given: { ...good, ...change },
});
const refused = (name: string, code: string, change: Partial<Case>, says = ""): Told => ({
  name: `refuses ${name}`,
  code,
  says,
  given: { ...good, ...change },
});
const signedBody = (body: string | Uint8Array) => ({ body: base64(body), headers: signed(body) });
const { body: _, ...withoutBody } = good;

const table: readonly Told[] = [
  accepted("a delivery", {}),
  { name: "accepts the body as text", code: null, given: { ...withoutBody, text } },
  accepted("header names in any case", {
    headers: Object.fromEntries(
      Object.entries(signed()).map(([name, value]) => [name.toUpperCase(), value]),
    ),
  }),
  accepted("a secret with a line break behind it", { secret: `${current}\n` }),
  accepted("the old secret during an overlap", { headers: overlap }),
  accepted("the new secret during an overlap", { headers: overlap, secret: next }),
  accepted("either of several secrets", { secret: [strange, current] }),
  accepted("X-Harmony-Signature alone where no time is asked for", {
    headers: naive,
    requireTimestamp: false,
  }),
  accepted("X-Harmony-Signature-Next alone, with the new secret", {
    headers: only(overlap, "x-harmony-signature", "x-harmony-signature-next"),
    secret: next,
    requireTimestamp: false,
  }),
  accepted("what is exactly as old as the tolerance", { now: now + 300 }),
  accepted("what is exactly as early as the tolerance", { now: now - 300 }),
  accepted("what is older, with more tolerance", { now: now + 301, tolerance: 600 }),
  refused("a delivery one second too old", "timestamp_too_old", { now: now + 301 }, "300 seconds"),
  refused("a delivery one second too early", "timestamp_in_future", { now: now - 301 }, "NTP"),
  refused("a delivery without signatures", "missing_header", { headers: {} }, "webhook-signature"),
  refused(
    "X-Harmony-Signature alone, since it says nothing about the time",
    "missing_header",
    { headers: naive },
    "webhook-id, webhook-timestamp, webhook-signature",
  ),
  refused(
    "a delivery that lost its id",
    "missing_header",
    { headers: { ...signed(), "webhook-id": "" } },
    "no webhook-id.",
  ),
  refused(
    "a time that is none",
    "missing_header",
    { headers: { ...signed(), "webhook-timestamp": "soon" } },
    "Unix seconds",
  ),
  refused(
    "an old delivery with a new time, although X-Harmony-Signature fits",
    "signature_mismatch",
    { headers: { ...signed(), "webhook-timestamp": String(now + 900) }, now: now + 900 },
    "changed on the way",
  ),
  refused("another id, although X-Harmony-Signature fits", "signature_mismatch", {
    headers: { ...signed(), "webhook-id": "dlv_other" },
  }),
  refused("a changed body", "signature_mismatch", {
    body: base64(text.replace("1800", "1801")),
  }),
  refused("a changed body with X-Harmony-Signature alone", "signature_mismatch", {
    body: base64(text.replace("1800", "1801")),
    headers: naive,
    requireTimestamp: false,
  }),
  refused("the secret of another webhook", "signature_mismatch", { secret: strange }),
  refused("a retired secret", "signature_mismatch", {
    headers: signed(text, { current: next, next: null }),
  }),
  refused("the unprefixed signature", "signature_mismatch", {
    headers: { ...signed(), "webhook-signature": (signed()["webhook-signature"] ?? "").slice(3) },
  }),
  refused("a signature that is no ASCII", "signature_mismatch", {
    headers: { ...signed(), "webhook-signature": "v1,ü" },
  }),
  refused("a body that is nested without end", "signature_mismatch", {
    body: base64("[".repeat(100_000)),
  }),
  ...Object.entries(rewritten).map(([how, rewrite]) =>
    refused(
      `a body that was written anew, ${how}`,
      "body_not_raw",
      { body: base64(rewrite(text)) },
      "raw bytes",
    ),
  ),
  refused("an indented body with X-Harmony-Signature alone", "body_not_raw", {
    body: base64(rewritten.indented(text)),
    headers: naive,
    requireTimestamp: false,
  }),
  refused("an indented and changed body", "signature_mismatch", {
    body: base64(rewritten.indented(text).replace("1800", "1801")),
  }),
  {
    name: "refuses a parsed body",
    code: "body_not_raw",
    says: "re-serialised",
    given: { ...withoutBody, parsed: event },
  },
  refused("no secret", "invalid_secret", { secret: null }),
  refused("an empty list of secrets", "invalid_secret", { secret: [] }),
  refused("a secret without its prefix", "invalid_secret", { secret: current.slice(6) }),
  refused("half a secret", "invalid_secret", { secret: current.slice(0, 20) }),
  refused("a broken one among several secrets", "invalid_secret", { secret: [current, ""] }),
  refused("signed text", "not_json", signedBody("hello")),
  refused("a signed list", "not_json", signedBody("[1]")),
  refused(
    "signed bytes that are no UTF-8",
    "not_json",
    signedBody(Uint8Array.of(0x7b, 0xff, 0x7d)),
  ),
];

/** What only one language's frameworks do. */
const ownRows: Readonly<Record<Kit["language"], readonly Told[]>> = {
  "Node.js": [accepted("the headers of a fetch Request", { isFetch: true })],
  Python: [],
  Ruby: [
    accepted("a Rack environment", {
      headers: Object.fromEntries(
        Object.entries(signed()).map(([name, value]) => [
          `HTTP_${name.toUpperCase().replaceAll("-", "_")}`,
          value,
        ]),
      ),
    }),
  ],
};

const toldShape = z.array(
  z.object({
    event: z.unknown().optional(),
    code: z.string().optional(),
    message: z.string().optional(),
  }),
);

async function judge({ program, judge: args }: Kit, rows: readonly Told[]) {
  const child = spawn(program, args, { env: programEnv, stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(JSON.stringify(rows.map(({ given }) => given)));
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  await once(child, "close");
  return toldShape.parse(JSON.parse(Buffer.concat(chunks).toString("utf8")));
}

describe.for(kits)("the verify helper in $language", (kit) => {
  const rows = [...table, ...ownRows[kit.language]];
  let told: z.output<typeof toldShape> = [];
  beforeAll(async () => {
    if (installed.get(kit.program)) told = await judge(kit, rows);
  });
  skipWithout(kit.program);

  test.for(rows.map((row, index) => ({ ...row, index })))("$name", ({ code, says, index }) => {
    const { event: back, code: given = null, message = "" } = told[index] ?? {};
    expect(given, message).toBe(code);
    expect(back).toEqual(code === null ? event : undefined);
    expect(message).toContain(says ?? "");
  });

  test("says for its frameworks how to get the raw bytes", () => {
    const index = table.findIndex(({ given }) => given.parsed !== undefined);
    const missing = kit.frameworks.filter((name) => !told[index]?.message?.includes(name));
    expect(missing).toEqual([]);
  });

  test("never repeats a secret or a signature", () => {
    const messages = told.map(({ message }) => message ?? "").join("\n");
    const hidden = [current, next, strange, ...Object.values(overlap).slice(0, 2)];
    expect(messages.length).toBeGreaterThan(1000);
    expect(hidden.filter((one) => messages.includes(one.slice(0, 20)))).toEqual([]);
  });
});

// ---- The receivers, as processes

interface Running {
  readonly child: ChildProcess;
  readonly port: number;
  /** Standard output without the line that it is listening. */
  readonly lines: () => readonly string[];
}

async function startReceiver({ program, receiver }: Kit, secret: string): Promise<Running> {
  const child = spawn(program, [join(kitFolder, receiver)], {
    env: { ...programEnv, PORT: "0", HARMONY_WEBHOOK_SECRET: secret },
    stdio: ["ignore", "pipe", "ignore"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    output += chunk;
  });
  const port = await waitFor(`${receiver} to listen`, () => {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
    return /^Listening on http:\/\/127\.0\.0\.1:(\d+)$/m.exec(output)?.[1];
  });
  return { child, port: Number(port), lines: () => output.split("\n").slice(1, -1) };
}

interface Reply {
  readonly status: number;
  readonly text: string;
}

/** Posts as the delivery engine does; with `chunked` as a proxy may pass it on, in two pieces of unknown length. */
async function post(
  port: number,
  body: string | Buffer,
  headers: Readonly<Record<string, string>>,
  chunked = false,
): Promise<Reply> {
  const bytes = Buffer.from(body);
  const framing = chunked ? {} : { "content-length": String(bytes.length) };
  const outgoing = request({
    host: "127.0.0.1",
    port,
    method: "POST",
    path: "/webhooks/harmony",
    agent: false,
    headers: { "content-type": "application/json", ...framing, ...headers },
    signal: AbortSignal.timeout(20_000),
  });
  if (chunked) {
    outgoing.write(bytes.subarray(0, 25));
    outgoing.end(bytes.subarray(25));
  } else {
    outgoing.end(bytes);
  }
  const [response] = await once(outgoing, "response");
  const pieces: Buffer[] = await response.toArray();
  return { status: response.statusCode, text: Buffer.concat(pieces).toString("utf8") };
}

interface Sent {
  readonly body?: string;
  readonly id?: string;
  readonly secrets?: SigningSecrets;
  readonly secondsAgo?: number;
  readonly chunked?: boolean;
}

/** Signs `written` as the product does and posts `body`, or the same. */
async function deliver(port: number, written: string, sent: Sent = {}): Promise<Reply> {
  const {
    body = written,
    id = `dlv_${randomBytes(6).toString("hex")}`,
    secrets = { current, next: null },
    secondsAgo = 0,
    chunked = false,
  } = sent;
  const timestampSeconds = Math.floor(Date.now() / 1000) - secondsAgo;
  const headers = signatureHeaders({ id, timestampSeconds, body: written }, secrets);
  return await post(port, body, headers, chunked);
}

const accept: Reply = { status: 204, text: "" };
const refuse = (code: string) => ({ status: 400, text: expect.stringMatching(`^${code}: \\w`) });

describe.for(kits)("the receiver in $language", (kit) => {
  const running: Running[] = [];
  let old: Running;
  let renewed: Running;
  beforeAll(async () => {
    if (!installed.get(kit.program)) return;
    for (const secret of [current, next]) running.push(await startReceiver(kit, secret));
    const [first, second] = running;
    if (!first || !second) throw new Error("two receivers were started");
    old = first;
    renewed = second;
  });
  afterAll(async () => {
    for (const { child } of running) {
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    }
  });
  skipWithout(kit.program);

  /** Waits until an event of ours is handled, and returns all that were since the last time. */
  async function handledBy(receiver: Running, since: number): Promise<readonly string[]> {
    const mark = eventOf("mark");
    expect(
      await deliver(receiver.port, JSON.stringify(mark), {
        secrets: { current: receiver === old ? current : next, next: null },
      }),
    ).toEqual(accept);
    return await waitFor("the last event to be printed", () => {
      const lines = receiver.lines().slice(since);
      return lines.at(-1)?.includes(mark.id) ? lines.slice(0, -1) : null;
    });
  }

  test("handles a delivery on the first attempt, and not again on a retry with a new time", async () => {
    const since = old.lines().length;
    const meeting = eventOf("Gespräch mit Zoë 🎧");
    const written = JSON.stringify(meeting);
    expect(await deliver(old.port, written, { id: "dlv_first", secondsAgo: 5 })).toEqual(accept);
    expect(await deliver(old.port, written, { id: "dlv_first" })).toEqual(accept);
    const [line = "", ...more] = await handledBy(old, since);
    expect(line).toMatch(`meeting.processed ${meeting.id} dlv_first {`);
    expect(JSON.parse(line.slice(line.indexOf("{")))).toEqual(meeting.data);
    expect(more).toEqual([]);
  });

  test("takes the retry when the first attempt never came", async () => {
    const since = old.lines().length;
    const written = JSON.stringify(eventOf("late"));
    expect(await deliver(old.port, written, { id: "dlv_late", secondsAgo: 3600 })).toEqual(
      refuse("timestamp_too_old"),
    );
    expect(await deliver(old.port, written, { id: "dlv_late" })).toEqual(accept);
    expect(await handledBy(old, since)).toEqual([expect.stringContaining("dlv_late")]);
  });

  test("goes on through a rotation, whichever secret it knows, until the overlap ends", async () => {
    const written = JSON.stringify(eventOf("rotation"));
    const steps = [
      [{ current, next: null }, accept, refuse("signature_mismatch")],
      [{ current, next }, accept, accept],
      [{ current: next, next: null }, refuse("signature_mismatch"), accept],
    ] as const;
    for (const [secrets, byOld, byRenewed] of steps) {
      expect(await deliver(old.port, written, { secrets })).toEqual(byOld);
      expect(await deliver(renewed.port, written, { secrets })).toEqual(byRenewed);
    }
  });

  test("refuses what is not authentic, says why, and handles none of it", async () => {
    const since = old.lines().length;
    const written = JSON.stringify(eventOf("Zoë"));
    const tampered = written.replace("1800", "1801");
    expect(await deliver(old.port, written, { body: tampered })).toEqual(
      refuse("signature_mismatch"),
    );
    expect(await deliver(old.port, written, { secondsAgo: 301 })).toEqual(
      refuse("timestamp_too_old"),
    );
    expect(await deliver(old.port, written, { secondsAgo: -360 })).toEqual(
      refuse("timestamp_in_future"),
    );
    expect(await deliver(old.port, written, { secrets: { current: strange, next: null } })).toEqual(
      refuse("signature_mismatch"),
    );
    expect(await post(old.port, written, {})).toEqual(refuse("missing_header"));
    const naiveOnly = createHmac("sha256", current).update(written).digest("hex");
    expect(await post(old.port, written, { "x-harmony-signature": naiveOnly })).toEqual(
      refuse("missing_header"),
    );
    expect(await handledBy(old, since)).toEqual([]);
  });

  test("says of a re-serialised body that it was, and how to get the raw one", async () => {
    const written = JSON.stringify(eventOf("Zoë"));
    for (const rewrite of Object.values(rewritten)) {
      const reply = await deliver(old.port, written, { body: rewrite(written) });
      expect(reply).toEqual(refuse("body_not_raw"));
      expect(reply.text).toContain(kit.frameworks[0]);
    }
  });

  test("takes a chunked body", async () => {
    const since = old.lines().length;
    const written = JSON.stringify(eventOf("in pieces 🎧"));
    expect(await deliver(old.port, written, { chunked: true })).toEqual(accept);
    expect(await handledBy(old, since)).toHaveLength(1);
  });

  test.for([false, true])("refuses a body past its limit (chunked: %s)", async (chunked) => {
    const big = Buffer.alloc(1_048_577, "x");
    const reply = await post(old.port, big, signed(big), chunked);
    expect(reply).toEqual({ status: 413, text: "A body has at most 1048576 bytes." });
  });

  test("answers the unsigned test of an address, and handles nothing", async () => {
    const since = old.lines().length;
    const body =
      '{"event":"webhook.test","timestamp":"2026-02-01T15:30:00Z","data":{"message":""}}';
    expect(await post(old.port, body, { "x-harmony-test": "true" })).toEqual(accept);
    expect(await handledBy(old, since)).toEqual([]);
  });

  test("cannot be made to handle a forgery by calling it a test", async () => {
    const since = old.lines().length;
    const headers = { ...signed(), "x-harmony-test": "true" };
    expect((await post(old.port, text.replace("1800", "1801"), headers)).status).toBe(400);
    expect(await handledBy(old, since)).toEqual([]);
  });

  test("goes on after a sender that breaks off or does not speak HTTP", async () => {
    const since = old.lines().length;
    for (const noise of [
      "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 50\r\n\r\n{",
      "POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n-5\r\n",
      "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n",
      "\u0000\u0001\r\n\r\n",
    ]) {
      const socket = connect(old.port, "127.0.0.1").on("error", () => undefined);
      socket.end(noise);
      socket.resume();
      await once(socket, "close");
    }
    expect(await handledBy(old, since)).toEqual([]);
    expect(old.child.exitCode).toBeNull();
  });
});

test("the source document's receiver verifies first attempts and retries, with the secret it has", async () => {
  const verdicts: boolean[] = [];
  const server = createServer(async (incoming, response) => {
    const body = Buffer.concat(await incoming.toArray());
    const expected = createHmac("sha256", current).update(body).digest("hex");
    verdicts.push(incoming.headers["x-harmony-signature"] === expected);
    response.end();
  }).listen(0, "127.0.0.1");
  try {
    await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    const written = JSON.stringify(eventOf("Zoë 🎧"));
    await deliver(address.port, written, { id: "dlv_seed", secondsAgo: 60 });
    await deliver(address.port, written, { id: "dlv_seed" });
    await deliver(address.port, written, { secrets: { current, next } });
    await deliver(address.port, written, { secrets: { current: next, next: null } });
    expect(verdicts).toEqual([true, true, true, false]);
  } finally {
    server.close();
  }
});
