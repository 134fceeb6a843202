import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { NotificationBell } from "@/app/(app)/notifications/notification-bell";
import { requireSession } from "@/app/(app)/require-session";
import { SignedInShell } from "@/app/(app)/signed-in-shell";
import { currentVisitor } from "@/app/(auth)/current-visitor";
import { isRenewalDue } from "@/lib/auth/new-session";
import { hasGrant } from "@/lib/auth/roles";
import { contextOf } from "@/lib/http/action";
import { listMyWorkspaces } from "@/lib/members/profile";
import { countUnread } from "@/lib/notifications/service";
import { PLANS } from "@/lib/plans/plans";

/** Everything for people who are signed in. */
export default async function AppLayout({ children }: { readonly children: ReactNode }) {
  const session = await requireSession();
  const { sessionToken } = await currentVisitor();
  const { id, name, plan } = session.workspace;
  const ctx = await contextOf(session);
  const [workspaces, unread] = await Promise.all([listMyWorkspaces(ctx), countUnread(ctx)]);
  return (
    <SignedInShell
      user={{ name: session.user.name, email: session.user.email }}
      workspace={{ id, name, plan: PLANS[plan].label }}
      workspaces={workspaces}
      userRole={session.role.name}
      canUpload={hasGrant(session.grants, "meetings:create")}
      sidebarCollapsed={(await cookies()).get("harmony-sidebar")?.value === "collapsed"}
      bell={<NotificationBell unread={unread} />}
      renewalDue={await isRenewalDue(sessionToken)}
    >
      {children}
    </SignedInShell>
  );
}
