import { desc } from "drizzle-orm";
import { db } from "@/db/client";
import { mailMessages } from "@/db/schema/activity";

const keptMax = 50;

/** The newest 50 mails, for the page under /dev/mail; a mail that was sent has no text any more. */
export async function listKeptMail() {
  return db()
    .select({
      id: mailMessages.id,
      to: mailMessages.to,
      subject: mailMessages.subject,
      text: mailMessages.text,
      createdAt: mailMessages.createdAt,
      sentAt: mailMessages.sentAt,
      lastError: mailMessages.lastError,
    })
    .from(mailMessages)
    .orderBy(desc(mailMessages.createdAt), desc(mailMessages.id))
    .limit(keptMax);
}
