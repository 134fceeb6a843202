"use client";

import { Command, useCommandState } from "cmdk";
import { Keyboard, LogOut, type LucideIcon, Plug, Settings2, Upload } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTheme } from "next-themes";
import { Dialog as Radix } from "radix-ui";
import { useLayoutEffect, useTransition } from "react";
import { mainNav } from "@/components/shell/nav";
import { uploadHref } from "@/components/shell/quick-menu";
import { settingsNav } from "@/components/shell/settings-nav";
import { themes } from "@/components/shell/themes";
import { useDialogFocus } from "@/components/ui/use-dialog-focus";

interface CommandPaletteProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly onHelp: () => void;
  readonly canUpload: boolean;
  readonly onSignOut: () => Promise<void>;
}

interface Entry {
  readonly label: string;
  readonly icon: LucideIcon;
  readonly words?: readonly string[];
  readonly run: () => void;
}

/** Pages and actions by typing. Loaded with the first ⌘K. */
export function CommandPalette(props: CommandPaletteProps) {
  const { open, onOpenChange, onHelp, canUpload, onSignOut } = props;
  const router = useRouter();
  const { setTheme } = useTheme();
  const [, startTransition] = useTransition();
  const focus = useDialogFocus();
  const go = (href: string) => () => router.push(href);

  const pages: Entry[] = mainNav.map(({ href, label, icon }) => ({ label, icon, run: go(href) }));
  const settings: Entry[] = settingsNav.flatMap((group) =>
    group.items.map(({ href, label }) => ({
      label: `${group.label}: ${label}`,
      icon: href.startsWith("/settings/integrations") ? Plug : Settings2,
      words: ["settings"],
      run: go(href),
    })),
  );
  const upload: Entry = { label: "Upload a meeting", icon: Upload, run: go(uploadHref) };
  const actions: Entry[] = [
    ...(canUpload ? [upload] : []),
    { label: "Keyboard shortcuts", icon: Keyboard, words: ["help"], run: onHelp },
    ...themes.map(({ value, label, icon }) => ({
      label: `Theme: ${label}`,
      icon,
      run: () => setTheme(value),
    })),
    { label: "Sign out", icon: LogOut, words: ["log out"], run: () => startTransition(onSignOut) },
  ];
  const choose = (entry: Entry) => {
    onOpenChange(false);
    entry.run();
  };
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-scrim p-2 data-[state=closed]:animate-fade-out data-[state=open]:animate-fade-in sm:pt-[14vh]">
          <Radix.Content
            aria-describedby={undefined}
            {...focus}
            className="mx-auto w-full max-w-xl overflow-hidden rounded-lg border bg-raised shadow-float outline-none data-[state=closed]:animate-pop-out data-[state=open]:animate-pop-in"
          >
            <Radix.Title className="sr-only">Search or go to</Radix.Title>
            <Command label="Pages and actions" loop>
              <MarkedEntry />
              <Command.Input
                placeholder="Type a page or an action"
                className="h-12 w-full border-b bg-transparent px-4 text-lg outline-none"
              />
              <Command.List
                label="Pages and actions"
                className="max-h-[min(22rem,60dvh)] overflow-y-auto overscroll-contain p-1.5"
              >
                <EntryGroup heading="Pages" entries={pages} onChoose={choose} />
                <EntryGroup heading="Actions" entries={actions} onChoose={choose} />
                <EntryGroup heading="Settings" entries={settings} onChoose={choose} />
              </Command.List>
              <NothingFound />
            </Command>
          </Radix.Content>
        </Radix.Overlay>
      </Radix.Portal>
    </Radix.Root>
  );
}

/**
 * Keeps `aria-activedescendant` true: cmdk 1.1 reads the marked entry before the list is redrawn, so
 * what it writes lags by one key and can name an entry that is gone.
 */
function MarkedEntry() {
  const written = useCommandState((state) => state.selectedItemId);
  const marked = useCommandState((state) => state.value);
  const search = useCommandState((state) => state.search);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each of these changes the marked entry
  useLayoutEffect(() => {
    const id = document.querySelector("[cmdk-item][aria-selected=true]")?.id ?? "";
    for (const element of document.querySelectorAll("[cmdk-input], [cmdk-list]")) {
      element.setAttribute("aria-activedescendant", id);
    }
  }, [written, marked, search]);
  return null;
}

/** Outside the list, which may hold nothing but entries. */
function NothingFound() {
  const empty = useCommandState((state) => state.filtered.count === 0);
  return (
    <p
      role="status"
      className={empty ? "px-3 pt-2 pb-8 text-center text-base text-ink-muted" : "sr-only"}
    >
      {empty ? "Nothing has that name. Try “meetings” or “API”." : ""}
    </p>
  );
}

interface EntryGroupProps {
  readonly heading: string;
  readonly entries: readonly Entry[];
  readonly onChoose: (entry: Entry) => void;
}

function EntryGroup({ heading, entries, onChoose }: EntryGroupProps) {
  return (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-ink-muted [&_[cmdk-group-heading]]:text-xs"
    >
      {entries.map((entry) => (
        <Command.Item
          key={entry.label}
          value={entry.label}
          keywords={[...(entry.words ?? [])]}
          onSelect={() => onChoose(entry)}
          className="flex h-9 items-center gap-2.5 rounded-md px-2.5 text-base data-[selected=true]:bg-hover"
        >
          <entry.icon aria-hidden className="size-4 text-ink-faint" />
          {entry.label}
        </Command.Item>
      ))}
    </Command.Group>
  );
}
