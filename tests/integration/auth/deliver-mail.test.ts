import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { SMTPServer, type SMTPServerSession } from "smtp-server";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { closePool, db, pool } from "@/db/client";
import { deliverPendingMail, mailSchedule } from "@/lib/mail/deliver-mail";
import { sendMail } from "@/lib/mail/send-mail";
import { useOwnDatabase } from "@/tests/integration/auth/fixtures";

interface Received {
  readonly to: readonly string[];
  readonly raw: string;
}

const received: Received[] = [];
/** Answers of the mail server to recipients, by address: an SMTP code. */
const refusals = new Map<string, number>();
let server: SMTPServer;
let drop: () => Promise<void>;

function refused(code: number): Error & { responseCode: number } {
  return Object.assign(new Error(`refused with ${code}`), { responseCode: code });
}

beforeAll(async () => {
  server = new SMTPServer({
    disabledCommands: ["STARTTLS"],
    authOptional: true,
    logger: false,
    onRcptTo: (address, _session, callback) => {
      const code = refusals.get(address.address);
      callback(code === undefined ? null : refused(code));
    },
    onData: (stream, session: SMTPServerSession, callback) => {
      const parts: Buffer[] = [];
      stream.on("data", (part: Buffer) => parts.push(part));
      stream.on("end", () => {
        received.push({
          to: session.envelope.rcptTo.map(({ address }) => address),
          raw: Buffer.concat(parts).toString("utf8"),
        });
        callback();
      });
    },
  });
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  const { port } = server.server.address() as AddressInfo;
  process.env.SMTP_URL = `smtp://127.0.0.1:${port}`;
  process.env.MAIL_FROM = "Harmony <no-reply@example.test>";
  ({ drop } = await useOwnDatabase());
});

afterAll(async () => {
  await new Promise<void>((resolve) => server.close(resolve));
  await closePool();
  await drop();
});

beforeEach(async () => {
  received.length = 0;
  refusals.clear();
  await pool()`delete from mail_messages`;
});

const letter = (to: string) => ({
  to,
  subject: "Hello",
  text: `A letter to ${to}\nwith two lines`,
});
const write = (to: string) => db().transaction((tx) => sendMail(tx, letter(to)));
const rows = () =>
  pool()`select "to", text, attempts, sent_at is not null as sent, last_error
    from mail_messages order by "to"`;

describe("mail", () => {
  test("is sent through SMTP as written, once, and its text is not kept", async () => {
    await write("ada@example.test");
    expect(await deliverPendingMail()).toEqual({ sent: 1, failed: 0 });
    expect(await deliverPendingMail()).toEqual({ sent: 0, failed: 0 });
    expect(received).toHaveLength(1);
    expect(received[0]?.to).toEqual(["ada@example.test"]);
    expect(received[0]?.raw).toContain("A letter to ada@example.test\r\nwith two lines");
    expect(received[0]?.raw).toMatch(/^Message-ID: <eml_[0-9A-Za-z]+@localhost>/m);
    expect(await rows()).toMatchObject([{ sent: true, text: "", attempts: 1 }]);
  });

  test("belongs to the transaction: what is rolled back is never sent", async () => {
    const failing = db().transaction(async (tx) => {
      await sendMail(tx, letter("ada@example.test"));
      throw new Error("the change failed");
    });
    await expect(failing).rejects.toThrow("the change failed");
    expect(await deliverPendingMail()).toEqual({ sent: 0, failed: 0 });
  });

  test("is sent once however many processes deliver at the same time", async () => {
    for (let n = 0; n < 12; n += 1) await write(`person${n}@example.test`);
    const results = await Promise.all([1, 2, 3].map(() => deliverPendingMail()));
    expect(results.reduce((sum, { sent }) => sum + sent, 0)).toBe(12);
    expect(new Set(received.map(({ to }) => to[0])).size).toBe(12);
    expect(received).toHaveLength(12);
  });

  test("that is refused for now is tried again when its next time has come", async () => {
    refusals.set("full@example.test", 452);
    await write("full@example.test");
    expect(await deliverPendingMail()).toEqual({ sent: 0, failed: 1 });
    expect(await deliverPendingMail()).toEqual({ sent: 0, failed: 0 });
    expect(await rows()).toMatchObject([
      { sent: false, attempts: 1, last_error: expect.stringContaining("452") },
    ]);
    refusals.clear();
    await pool()`update mail_messages set created_at = now() - interval '61 seconds'`;
    expect(await deliverPendingMail()).toEqual({ sent: 1, failed: 0 });
    expect(await rows()).toMatchObject([{ sent: true, attempts: 2, last_error: null }]);
  });

  test("that was late for many of its times is tried once a run", async () => {
    refusals.set("full@example.test", 452);
    await write("full@example.test");
    await pool()`update mail_messages set created_at = now() - interval '1 day'`;
    expect(await deliverPendingMail()).toEqual({ sent: 0, failed: 1 });
    expect(await rows()).toMatchObject([{ attempts: 1 }]);
  });

  test("that is refused for good is not tried again, and the next mail still goes out", async () => {
    refusals.set("gone@example.test", 550);
    await write("gone@example.test");
    await write("here@example.test");
    expect(await deliverPendingMail()).toEqual({ sent: 1, failed: 1 });
    await pool()`update mail_messages set created_at = now() - interval '2 days'`;
    expect(await deliverPendingMail()).toEqual({ sent: 0, failed: 0 });
    expect(await rows()).toMatchObject([
      { to: "gone@example.test", sent: false, attempts: mailSchedule.length },
      { to: "here@example.test", sent: true },
    ]);
  });

  test("a line break in a subject does not become a header", async () => {
    await db().transaction((tx) =>
      sendMail(tx, {
        to: "ada@example.test",
        subject: "Hello\r\nBcc: everybody@example.test",
        text: "x",
      }),
    );
    await deliverPendingMail();
    expect(received[0]?.to).toEqual(["ada@example.test"]);
    expect(received[0]?.raw).not.toMatch(/^Bcc:/m);
  });
});
