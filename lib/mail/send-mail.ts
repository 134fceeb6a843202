import type { Tx } from "@/db/client";
import { mailMessages } from "@/db/schema/activity";
import { env } from "@/lib/core/env";
import { enqueue } from "@/lib/jobs/enqueue";

export interface Letter {
  /** One address. */
  readonly to: string;
  readonly subject: string;
  /** Plain text; what has to reach people with any reader and any screen. */
  readonly text: string;
}

/**
 * Writes a mail in the transaction of the change that causes it: both commit, or neither. The worker sends it
 * through SMTP_URL; without that the row stays, and the demo shows it under /dev/mail.
 */
export async function sendMail(tx: Tx, letter: Letter): Promise<void> {
  await tx.insert(mailMessages).values({
    to: letter.to,
    // A line break in a subject would end the header.
    subject: letter.subject.replace(/\s+/g, " ").trim().slice(0, 200),
    text: letter.text,
  });
  if (env().mailConfigured) await enqueue(tx, "mail.deliver", {});
}
