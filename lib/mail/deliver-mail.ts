import { createTransport, type Transporter } from "nodemailer";
import type postgres from "postgres";
import { pool } from "@/db/client";
import { env } from "@/lib/core/env";
import { log } from "@/lib/core/log";
import { within } from "@/lib/core/within";

const minute = 60;
const hour = 3600;

/**
 * Seconds after a mail was written from which on its first, second, … try is due: soon at first, then every
 * four hours for three days. A mail that was tried as often as this list is long stays unsent for good.
 */
export const mailSchedule: readonly number[] = [
  0,
  minute,
  5 * minute,
  15 * minute,
  hour,
  ...Array.from({ length: 18 }, (_, index) => (index + 1) * 4 * hour),
];

/** Milliseconds for one whole conversation with the mail server; below the database's idle limit of 60 s. */
const sendTimeoutMs = 40_000;
const perRunMax = 200;

interface PendingMail {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly created_at: Date;
}

type Outcome =
  | { readonly sent: true }
  | {
      readonly sent: false;
      readonly reason: string;
      /** The server refused this mail for good. */
      readonly final: boolean;
      /** The server did not get as far as an answer: other mails would fare no better now. */
      readonly unreachable: boolean;
    };

function openTransport(url: string): Transporter {
  return createTransport({
    url,
    pool: true,
    maxConnections: 1,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 20_000,
    dnsTimeout: 10_000,
  });
}

function fieldOf(error: unknown, name: "responseCode" | "command"): unknown {
  return error instanceof Error ? Reflect.get(error, name) : undefined;
}

/** A 5xx answer to the recipient or the text is final (RFC 5321, 4.2.1); to anything else it is our set-up. */
function failureOf(error: unknown): Outcome {
  const code = fieldOf(error, "responseCode");
  const command = fieldOf(error, "command");
  return {
    sent: false,
    reason: (error instanceof Error ? error.message : String(error)).slice(0, 300),
    final: typeof code === "number" && code >= 500 && (command === "RCPT TO" || command === "DATA"),
    unreachable: typeof code !== "number",
  };
}

async function sendOne(transport: Transporter, mail: PendingMail): Promise<Outcome> {
  try {
    const from = env().MAIL_FROM;
    const domain = new URL(env().appUrl).hostname;
    await within(
      sendTimeoutMs,
      transport.sendMail({
        from,
        to: mail.to,
        subject: mail.subject,
        text: mail.text,
        date: new Date(mail.created_at),
        // The same on every try, so that a mail that was sent twice is shown once.
        messageId: `<${mail.id}@${domain}>`,
        headers: { "Auto-Submitted": "auto-generated" },
      }),
      `The mail server took longer than ${sendTimeoutMs / 1000} s.`,
    );
    return { sent: true };
  } catch (error) {
    return failureOf(error);
  }
}

/**
 * Takes the next due mail that no other process holds and that was not tried in this run. The row lock lasts
 * until the transaction ends.
 */
async function claim(
  tx: postgres.TransactionSql,
  tried: readonly string[],
): Promise<PendingMail | undefined> {
  const [mail] = await tx<PendingMail[]>`
    select id, "to", subject, text, created_at from mail_messages
    where sent_at is null and attempts < (select count(*) from unnest(${[...mailSchedule]}::int[]) due
      where due <= extract(epoch from now() - created_at))
      and id <> all(${[...tried]}::text[])
    order by attempts, created_at, id
    limit 1 for update skip locked`;
  return mail;
}

/** Records what became of a claimed mail. The text of a sent mail may hold a sign-in link and is not kept. */
async function settle(tx: postgres.TransactionSql, id: string, outcome: Outcome): Promise<void> {
  if (outcome.sent) {
    await tx`update mail_messages set sent_at = now(), text = '', last_error = null,
      attempts = attempts + 1 where id = ${id}`;
    return;
  }
  const attempts = outcome.final ? tx`${mailSchedule.length}::int` : tx`attempts + 1`;
  await tx`update mail_messages set attempts = ${attempts}, last_error = ${outcome.reason}
    where id = ${id}`;
}

async function deliverNext(transport: Transporter, tried: string[]): Promise<Outcome | null> {
  return pool().begin(async (tx) => {
    const mail = await claim(tx, tried);
    if (!mail) return null;
    tried.push(mail.id);
    const outcome = await sendOne(transport, mail);
    await settle(tx, mail.id, outcome);
    if (!outcome.sent) {
      log().warn({ mail: mail.id, reason: outcome.reason, final: outcome.final }, "mail not sent");
    }
    return outcome;
  });
}

/**
 * Sends the mails that are due, 200 at most, each once: a mail is locked while it is on its way, so that any
 * number of processes may run this at the same time. A process that dies in the middle leaves the mail to the
 * next one (it may then arrive twice, under one Message-ID). Stops early while the server does not answer.
 * Does nothing without SMTP_URL.
 * @returns how many were sent, and how many tries failed.
 */
export async function deliverPendingMail(): Promise<{ sent: number; failed: number }> {
  const { SMTP_URL } = env();
  const count = { sent: 0, failed: 0 };
  if (!SMTP_URL) return count;
  const transport = openTransport(SMTP_URL);
  const tried: string[] = [];
  try {
    while (tried.length < perRunMax) {
      const outcome = await deliverNext(transport, tried);
      if (!outcome) break;
      if (outcome.sent) count.sent += 1;
      else count.failed += 1;
      if (!outcome.sent && outcome.unreachable) break;
    }
  } finally {
    transport.close();
  }
  return count;
}
