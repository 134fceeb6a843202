"use client";

import { type ComponentProps, useEffect } from "react";
import { switchWorkspace } from "@/app/(app)/actions";
import { signOut } from "@/app/(auth)/sign-out-action";
import { AppShell } from "@/components/shell/app-shell";
import { problemText } from "@/components/ui/problem";
import { toast } from "@/components/ui/toast";
import { UploadCorner } from "@/components/uploads/upload-corner";

interface SignedInShellProps
  extends Omit<ComponentProps<typeof AppShell>, "onSignOut" | "onSwitchWorkspace"> {
  /** The session was last renewed more than a day ago. */
  readonly renewalDue: boolean;
}

/** Waits for good: the page that is being loaded takes over. */
const gone = () => new Promise<void>(() => undefined);

/**
 * Both leave by a full page load: whatever this tab has read must not be there for the next person, nor in the
 * next workspace.
 */
async function leave(): Promise<void> {
  const result = await signOut({});
  if (!result.ok) {
    toast.error(problemText(result.error));
    return;
  }
  window.location.assign("/login");
  await gone();
}

async function change(workspaceId: string): Promise<void> {
  const result = await switchWorkspace({ workspaceId });
  if (!result.ok) {
    toast.error(problemText(result.error));
    return;
  }
  window.location.assign("/");
  await gone();
}

/** The shell with its ways out, and the daily renewal of the session. */
export function SignedInShell({ renewalDue, ...shell }: SignedInShellProps) {
  useEffect(() => {
    if (!renewalDue) return;
    // next-auth moves the session's end and its cookie's; a failure is made up for by the next page.
    fetch("/api/auth/session").catch(() => undefined);
  }, [renewalDue]);
  return (
    <>
      <AppShell {...shell} onSignOut={leave} onSwitchWorkspace={change} />
      <UploadCorner />
    </>
  );
}
