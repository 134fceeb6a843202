import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { currentVisitor } from "@/app/(auth)/current-visitor";
import { SignOutButton } from "@/app/(auth)/sign-out-button";
import { FullPage } from "@/components/ui/full-page";
import { accountOfSession } from "@/lib/auth/account-of-session";
import { currentSession } from "@/lib/http/action";

export const metadata: Metadata = { title: "No workspace" };

/** For people who can sign in but belong to no workspace any more. */
export default async function NoWorkspacePage() {
  if (await currentSession()) redirect("/");
  const account = await accountOfSession((await currentVisitor()).sessionToken);
  if (!account) redirect("/login");
  return (
    <FullPage title="You are not in a workspace" actions={<SignOutButton />}>
      <p>
        You are signed in as <strong className="break-words font-medium">{account.email}</strong>,
        but this address belongs to no workspace. Perhaps an admin removed it, or you were invited
        under another address.
      </p>
      <p className="mt-3">
        Ask an admin of your workspace for an invitation, then open the link in it.
      </p>
    </FullPage>
  );
}
