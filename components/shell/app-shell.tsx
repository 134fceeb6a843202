import type { ReactNode } from "react";
import { ProfileMenu } from "@/components/shell/profile-menu";
import { QuickMenu } from "@/components/shell/quick-menu";
import { ShellRoot } from "@/components/shell/shell-state";
import type { ShellUser, ShellWorkspace } from "@/components/shell/shell-types";
import { NavDrawer, Sidebar } from "@/components/shell/sidebar";
import { TopBar } from "@/components/shell/top-bar";

interface AppShellProps {
  readonly user: ShellUser;
  readonly workspace: ShellWorkspace;
  /** Every workspace the person belongs to, the current one included. */
  readonly workspaces: readonly ShellWorkspace[];
  /** The person's role in this workspace, as shown: "Team Manager". */
  readonly userRole: string;
  readonly canUpload: boolean;
  /** Whether the cookie `harmony-sidebar` says "collapsed". */
  readonly sidebarCollapsed?: boolean;
  /** Server actions; both navigate when they are done. */
  readonly onSignOut: () => Promise<void>;
  readonly onSwitchWorkspace: (workspaceId: string) => Promise<void>;
  /** Replaces the breadcrumbs that the top bar makes from the address. */
  readonly title?: ReactNode;
  /** The notifications button. */
  readonly bell?: ReactNode;
  readonly children: ReactNode;
}

/** Everything around a signed-in page. It shows what it is given and fetches nothing. */
export function AppShell(props: AppShellProps) {
  const { user, workspace, workspaces, userRole, canUpload, onSignOut, onSwitchWorkspace } = props;
  const switching = { workspace, workspaces, onSwitchWorkspace };
  return (
    <ShellRoot
      startCollapsed={props.sidebarCollapsed ?? false}
      canUpload={canUpload}
      onSignOut={onSignOut}
    >
      <a
        href="#content"
        className="sr-only rounded-lg bg-brand px-3 py-2 font-medium text-on-brand focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50"
      >
        Skip to content
      </a>
      <Sidebar {...switching} />
      <NavDrawer {...switching} />
      <div className="flex min-w-0 flex-1 flex-col">
        <TopBar title={props.title}>
          <QuickMenu canUpload={canUpload} />
          {props.bell}
          <ProfileMenu user={user} userRole={userRole} onSignOut={onSignOut} />
        </TopBar>
        <main
          id="content"
          tabIndex={-1}
          className="mx-auto w-full min-w-0 max-w-[1248px] flex-1 px-4 pt-6 pb-16 sm:px-6"
        >
          {props.children}
        </main>
      </div>
    </ShellRoot>
  );
}
