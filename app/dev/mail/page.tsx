import { MailOpen } from "lucide-react";
import type { Metadata } from "next";
import { cookies } from "next/headers";
import { notFound } from "next/navigation";
import type { ReactNode } from "react";
import { mailPass, mailPassCookie } from "@/app/dev/mail/mail-pass";
import { PasswordForm } from "@/app/dev/mail/password-form";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Logo } from "@/components/ui/logo";
import { RelativeTime } from "@/components/ui/relative-time";
import { safeEqual } from "@/lib/core/crypto";
import { env } from "@/lib/core/env";
import { listKeptMail } from "@/lib/mail/list-kept-mail";

export const metadata: Metadata = {
  title: "Kept mail",
  // Mails hold sign-in links.
  referrer: "no-referrer",
  robots: { index: false },
};

async function isOpen(): Promise<boolean> {
  if (!env().demoNeedsPassword) return true;
  const pass = mailPass();
  const given = (await cookies()).get(mailPassCookie)?.value;
  return pass !== null && given !== undefined && safeEqual(given, pass);
}

/** The mail of a demo that sends none. server.ts lets only this machine see /dev. */
export default async function KeptMailPage() {
  if (!env().demo) notFound();
  return (
    <main className="mx-auto flex w-full max-w-3xl flex-col gap-6 px-4 py-8 sm:px-6">
      <Logo wordmark />
      <div>
        <h1 className="font-semibold text-xl">Kept mail</h1>
        <p className="mt-1 text-base text-ink-muted">
          {env().mailConfigured
            ? "Mail goes out through SMTP_URL; what was sent is listed without its text."
            : "This demo sends no mail. Everything it would have sent is here, the newest first."}
        </p>
      </div>
      {(await isOpen()) ? <Letters /> : <PasswordForm />}
    </main>
  );
}

async function Letters() {
  const letters = await listKeptMail();
  if (letters.length === 0) {
    return (
      <EmptyState icon={MailOpen} title="No mail yet">
        Sign-in links and invitations appear here.
      </EmptyState>
    );
  }
  return letters.map((letter) => (
    <Card key={letter.id}>
      <CardHeader
        title={letter.subject}
        description={
          <>
            To {letter.to} ·{" "}
            <RelativeTime value={letter.createdAt.toISOString()} format="datetime" />
            {letter.sentAt === null ? null : " · sent"}
            {letter.lastError === null ? null : ` · not sent yet: ${letter.lastError}`}
          </>
        }
      />
      {letter.text === "" ? null : (
        <CardBody>
          <p className="whitespace-pre-wrap break-words text-base">{linked(letter.text)}</p>
        </CardBody>
      )}
    </Card>
  ));
}

/** Makes the links of this installation pressable; other text stays text. */
function linked(text: string): ReactNode[] {
  const origin = `${env().appUrl}/`;
  return text.split(/(\s+)/).map((word, index) =>
    word.startsWith(origin) ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the words of a mail never move
      <a key={index} href={word} className="break-all text-brand-ink underline underline-offset-4">
        {word}
      </a>
    ) : (
      word
    ),
  );
}
