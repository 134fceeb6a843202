import type { Metadata } from "next";
import Link from "next/link";
import { AuthFrame } from "@/app/(auth)/auth-frame";
import { Button } from "@/components/ui/button";

export const metadata: Metadata = {
  title: "Sign in",
  // The address holds a sign-in token.
  referrer: "no-referrer",
  robots: { index: false },
};

const names = ["callbackUrl", "token", "email"] as const;

interface LinkPageProps {
  readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>>;
}

/**
 * The page behind a mailed sign-in link. Mail scanners open links, and each link works once: so it is used up
 * by a press, not by opening it. It also says who is being signed in, in case the link is somebody else's.
 */
export default async function LinkPage({ searchParams }: LinkPageProps) {
  const query = await searchParams;
  const fields = names.map((name) => ({ name, value: query[name] }));
  const email = query.email;
  if (typeof email !== "string" || fields.some(({ value }) => typeof value !== "string")) {
    return (
      <AuthFrame
        title="This sign-in link is not complete"
        description="Parts of it are missing. Open it from the mail again, or ask for a new one."
      >
        <Button size="lg" asChild>
          <Link href="/login">Go to sign in</Link>
        </Button>
      </AuthFrame>
    );
  }
  return (
    <AuthFrame
      title="Sign in to Harmony"
      description={
        <>
          You will be signed in as <strong className="break-words font-medium">{email}</strong>. If
          this is not you, close this page.
        </>
      }
    >
      <form method="get" action="/api/auth/callback/email" className="grid">
        {fields.map(({ name, value }) => (
          <input key={name} type="hidden" name={name} value={String(value)} />
        ))}
        <Button type="submit" variant="primary" size="lg">
          Sign in
        </Button>
      </form>
    </AuthFrame>
  );
}
