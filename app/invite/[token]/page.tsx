import type { Metadata } from "next";
import Link from "next/link";
import type { ReactNode } from "react";
import { AuthFrame } from "@/app/(auth)/auth-frame";
import { currentVisitor } from "@/app/(auth)/current-visitor";
import { SignOutButton } from "@/app/(auth)/sign-out-button";
import { JoinButton, NewAccountForm } from "@/app/invite/[token]/join-forms";
import { Button } from "@/components/ui/button";
import { type Account, accountOfSession } from "@/lib/auth/account-of-session";
import { findInvitation, type InvitationView } from "@/lib/members/invitations";

export const metadata: Metadata = {
  title: "Invitation",
  // The address is the invitation's token.
  referrer: "no-referrer",
  robots: { index: false },
};

interface InvitePageProps {
  readonly params: Promise<{ readonly token: string }>;
}

/** Where an invitation's link leads. Wrong, expired, revoked and used links look alike. */
export default async function InvitePage({ params }: InvitePageProps) {
  const { token } = await params;
  const invitation = await findInvitation(token);
  if (!invitation) return <NotValid />;
  const account = await accountOfSession((await currentVisitor()).sessionToken);
  return (
    <AuthFrame title={`Join ${invitation.workspace}`} description={<Facts {...invitation} />}>
      {nextStep(token, invitation, account)}
    </AuthFrame>
  );
}

function nextStep(token: string, invitation: InvitationView, account: Account | null): ReactNode {
  const { workspace, email, hasAccount } = invitation;
  const here = `/invite/${token}`;
  if (account?.email === email) return <JoinButton token={token} workspace={workspace} />;
  if (account) {
    return (
      <>
        <p className="text-base text-ink-muted">
          You are signed in as{" "}
          <strong className="break-words font-medium text-ink">{account.email}</strong>. Sign out to
          join as {email}.
        </p>
        <SignOutButton next={here} />
      </>
    );
  }
  if (hasAccount) {
    return (
      <>
        <p className="text-base text-ink-muted">
          This address has an account already. Sign in with it to join.
        </p>
        <Button variant="primary" size="lg" asChild>
          <Link href={`/login?next=${encodeURIComponent(here)}`}>Sign in as {email}</Link>
        </Button>
      </>
    );
  }
  return <NewAccountForm token={token} workspace={workspace} email={email} />;
}

function Facts({ inviter, role, email }: InvitationView) {
  return (
    <p>
      {inviter === null ? "You are invited" : `${inviter} invites you`} as {role}, under the address{" "}
      <strong className="break-words font-medium">{email}</strong>.
    </p>
  );
}

function NotValid() {
  return (
    <AuthFrame
      title="This invitation is not valid any more"
      description="Invitations work once and for 7 days. This one was used, taken back or has expired, or its link is not complete. Ask the person who invited you for a new one."
    >
      <Button size="lg" asChild>
        <Link href="/login">Go to sign in</Link>
      </Button>
    </AuthFrame>
  );
}
