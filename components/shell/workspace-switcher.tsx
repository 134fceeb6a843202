"use client";

import { ChevronsUpDown } from "lucide-react";
import { useTransition } from "react";
import { hiddenOnRail } from "@/components/shell/nav-list";
import type { ShellWorkspace } from "@/components/shell/shell-types";
import { Avatar } from "@/components/ui/avatar";
import { cn } from "@/components/ui/cn";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuLabel,
  DropdownMenuRadioGroup,
  DropdownMenuRadioItem,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { Spinner } from "@/components/ui/spinner";

interface WorkspaceSwitcherProps {
  readonly workspace: ShellWorkspace;
  readonly workspaces: readonly ShellWorkspace[];
  /** Switches and navigates; called with the id of another workspace. */
  readonly onSwitch: (workspaceId: string) => Promise<void>;
  readonly rail?: boolean;
}

/** The workspace in view, and the way to the others. */
export function WorkspaceSwitcher(props: WorkspaceSwitcherProps) {
  const { workspace, workspaces, onSwitch, rail = false } = props;
  const [pending, startTransition] = useTransition();
  const choose = (id: string) => {
    if (id !== workspace.id) startTransition(() => onSwitch(id));
  };
  return (
    <DropdownMenu>
      <DropdownMenuTrigger
        aria-label={`Workspace ${workspace.name}, switch`}
        aria-busy={pending}
        className="flex h-9 w-full min-w-0 items-center gap-2 rounded-md px-1.5 text-left transition-colors hover:bg-hover data-[state=open]:bg-hover"
      >
        {pending ? (
          <Spinner className="mx-0.5 size-5 text-ink-muted" label="Switching workspace" />
        ) : (
          <Avatar name={workspace.name} shape="thing" size="sm" className="size-6" />
        )}
        <span className={cn("min-w-0 flex-1 truncate font-semibold text-sm", rail && hiddenOnRail)}>
          {workspace.name}
        </span>
        <ChevronsUpDown
          aria-hidden
          className={cn("size-3.5 shrink-0 text-ink-faint", rail && hiddenOnRail)}
        />
      </DropdownMenuTrigger>
      <DropdownMenuContent align="start" className="w-64">
        <DropdownMenuLabel>Workspaces</DropdownMenuLabel>
        <DropdownMenuRadioGroup value={workspace.id} onValueChange={choose}>
          {workspaces.map((entry) => (
            <DropdownMenuRadioItem key={entry.id} value={entry.id}>
              <Avatar name={entry.name} shape="thing" size="sm" />
              <span className="flex min-w-0 flex-col">
                <span className="truncate">{entry.name}</span>
                <span className="text-ink-muted text-xs">{entry.plan} plan</span>
              </span>
            </DropdownMenuRadioItem>
          ))}
        </DropdownMenuRadioGroup>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
