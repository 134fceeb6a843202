"use client";

import { AppWindow, Keyboard, LogOut, Plug, Settings } from "lucide-react";
import Link from "next/link";
import { useTheme } from "next-themes";
import { useTransition } from "react";
import { authorisedAppsHref, integrationsHref, settingsHref } from "@/components/shell/nav";
import { useShell } from "@/components/shell/shell-state";
import type { ShellUser } from "@/components/shell/shell-types";
import { themes } from "@/components/shell/themes";
import { Avatar } from "@/components/ui/avatar";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuRadioGroup,
  DropdownMenuRadioItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";

interface ProfileMenuProps {
  readonly user: ShellUser;
  /** The role's name as shown: "Admin". */
  readonly userRole: string;
  readonly onSignOut: () => Promise<void>;
}

/** Who is signed in, and what is theirs: settings, theme, the way out. */
export function ProfileMenu({ user, userRole, onSignOut }: ProfileMenuProps) {
  const { open } = useShell();
  const { theme, setTheme } = useTheme();
  const [pending, startTransition] = useTransition();
  return (
    <DropdownMenu>
      <DropdownMenuTrigger aria-label={`Profile menu of ${user.name}`} className="rounded-full">
        <Avatar name={user.name} />
      </DropdownMenuTrigger>
      <DropdownMenuContent className="w-64">
        <div className="flex items-center gap-3 px-2 py-2">
          <Avatar name={user.name} size="lg" />
          <div className="min-w-0 text-sm">
            <p className="truncate font-medium">{user.name}</p>
            <p className="truncate text-ink-muted">{user.email}</p>
            <p className="text-ink-faint text-xs">{userRole}</p>
          </div>
        </div>
        <DropdownMenuSeparator />
        <DropdownMenuItem asChild>
          <Link href={settingsHref}>
            <Settings aria-hidden />
            Settings
          </Link>
        </DropdownMenuItem>
        <DropdownMenuItem asChild>
          <Link href={integrationsHref}>
            <Plug aria-hidden />
            Integrations
          </Link>
        </DropdownMenuItem>
        <DropdownMenuItem asChild>
          <Link href={authorisedAppsHref}>
            <AppWindow aria-hidden />
            Authorised apps
          </Link>
        </DropdownMenuItem>
        <DropdownMenuItem onSelect={() => open("help")}>
          <Keyboard aria-hidden />
          Keyboard shortcuts
        </DropdownMenuItem>
        <DropdownMenuSeparator />
        <DropdownMenuLabel>Theme</DropdownMenuLabel>
        <DropdownMenuRadioGroup value={theme ?? "system"} onValueChange={setTheme}>
          {themes.map(({ value, label, icon: Icon }) => (
            <DropdownMenuRadioItem
              key={value}
              value={value}
              onSelect={(event) => event.preventDefault()}
            >
              <Icon aria-hidden className="text-ink-faint" />
              {label}
            </DropdownMenuRadioItem>
          ))}
        </DropdownMenuRadioGroup>
        <DropdownMenuSeparator />
        <DropdownMenuItem disabled={pending} onSelect={() => startTransition(onSignOut)}>
          <LogOut aria-hidden />
          Sign out
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
