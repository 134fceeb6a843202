"use client";

import { PanelLeftClose, PanelLeftOpen } from "lucide-react";
import { footNav, mainNav } from "@/components/shell/nav";
import { NavList } from "@/components/shell/nav-list";
import { useShell } from "@/components/shell/shell-state";
import type { ShellWorkspace } from "@/components/shell/shell-types";
import { WorkspaceSwitcher } from "@/components/shell/workspace-switcher";
import { IconButton } from "@/components/ui/icon-button";
import { Sheet, SheetContent } from "@/components/ui/sheet";

interface SidebarProps {
  readonly workspace: ShellWorkspace;
  readonly workspaces: readonly ShellWorkspace[];
  readonly onSwitchWorkspace: (workspaceId: string) => Promise<void>;
}

/** 240 px, or a rail of icons; on phones it is the drawer below. */
export function Sidebar({ workspace, workspaces, onSwitchWorkspace }: SidebarProps) {
  const { collapsed, toggleCollapsed } = useShell();
  const toggle = collapsed ? "Expand sidebar" : "Collapse sidebar";
  return (
    <aside
      aria-label="Sidebar"
      className="sticky top-0 z-30 hidden h-dvh w-14 shrink-0 flex-col gap-3 border-r bg-canvas p-2 md:flex lg:group-data-[collapsed=false]/shell:w-60"
    >
      <WorkspaceSwitcher
        workspace={workspace}
        workspaces={workspaces}
        onSwitch={onSwitchWorkspace}
        rail
      />
      <div className="min-h-0 flex-1 overflow-y-auto p-0.5 -m-0.5">
        <NavList label="Main" items={mainNav} rail />
      </div>
      <div className="flex flex-col gap-0.5">
        <NavList label="Workspace settings" items={footNav} rail />
        <IconButton
          label={toggle}
          aria-expanded={!collapsed}
          tooltipSide="right"
          className="mx-0.5 max-lg:hidden"
          onClick={toggleCollapsed}
        >
          {collapsed ? <PanelLeftOpen /> : <PanelLeftClose />}
        </IconButton>
      </div>
    </aside>
  );
}

/** The sidebar on phones, opened from the top bar. */
export function NavDrawer({ workspace, workspaces, onSwitchWorkspace }: SidebarProps) {
  const { layer, close } = useShell();
  return (
    <Sheet open={layer === "drawer"} onOpenChange={(open) => (open ? undefined : close())}>
      <SheetContent title="Menu" side="left" size="sm">
        <div className="-mx-2 flex min-h-full flex-col gap-3">
          <WorkspaceSwitcher
            workspace={workspace}
            workspaces={workspaces}
            onSwitch={onSwitchWorkspace}
          />
          <div className="flex-1">
            <NavList label="Main" items={mainNav} onNavigate={close} />
          </div>
          <NavList label="Workspace settings" items={footNav} onNavigate={close} />
        </div>
      </SheetContent>
    </Sheet>
  );
}
