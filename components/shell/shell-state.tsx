"use client";

import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from "react";
import { isTyping, useSingleKeys } from "@/components/hooks/use-single-keys";
import { shortcutStep } from "@/components/shell/shortcuts";

// Opened by few and seldom: their code comes with the first opening.
const CommandPalette = dynamic(() =>
  import("@/components/shell/command-palette").then((module) => module.CommandPalette),
);
const ShortcutsDialog = dynamic(() =>
  import("@/components/shell/shortcuts-dialog").then((module) => module.ShortcutsDialog),
);

type Layer = "palette" | "help" | "drawer";

interface ShellState {
  readonly layer: Layer | null;
  readonly open: (layer: Layer) => void;
  readonly close: () => void;
  readonly collapsed: boolean;
  readonly toggleCollapsed: () => void;
}

const ShellContext = createContext<ShellState | null>(null);

/** What the parts of the shell share. Throws outside AppShell. */
export function useShell(): ShellState {
  const state = useContext(ShellContext);
  if (state === null) throw new Error("useShell is only for parts of AppShell");
  return state;
}

interface ShellRootProps {
  readonly startCollapsed: boolean;
  readonly canUpload: boolean;
  readonly onSignOut: () => Promise<void>;
  readonly children: ReactNode;
}

const sequenceMs = 1200;
const yearSeconds = 31_536_000;

function rememberCollapsed(collapsed: boolean) {
  // The server reads it, so that the first paint has the right width.
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not everywhere yet
  document.cookie = `harmony-sidebar=${collapsed ? "collapsed" : "open"}; path=/; max-age=${yearSeconds}; samesite=lax`;
}

/** State and keyboard of the shell around its markup. */
export function ShellRoot({ startCollapsed, canUpload, onSignOut, children }: ShellRootProps) {
  const [layer, setLayer] = useState<Layer | null>(null);
  const [collapsed, setCollapsed] = useState(startCollapsed);
  const opened = useRef(new Set<Layer>());
  if (layer !== null) opened.current.add(layer);

  useShortcuts(setLayer);

  const state: ShellState = {
    layer,
    open: setLayer,
    close: () => setLayer(null),
    collapsed,
    toggleCollapsed: () => {
      rememberCollapsed(!collapsed);
      setCollapsed(!collapsed);
    },
  };
  return (
    <ShellContext.Provider value={state}>
      <div
        data-collapsed={collapsed}
        className="group/shell flex min-h-dvh bg-surface [--sticky-top:3rem]"
      >
        {children}
      </div>
      {opened.current.has("palette") ? (
        <CommandPalette
          open={layer === "palette"}
          onOpenChange={(open) => setLayer(open ? "palette" : null)}
          onHelp={() => setLayer("help")}
          canUpload={canUpload}
          onSignOut={onSignOut}
        />
      ) : null}
      {opened.current.has("help") ? (
        <ShortcutsDialog
          open={layer === "help"}
          onOpenChange={(open) => setLayer(open ? "help" : null)}
        />
      ) : null}
    </ShellContext.Provider>
  );
}

function isPaletteKey(event: KeyboardEvent): boolean {
  return event.key.toLowerCase() === "k" && (event.metaKey || event.ctrlKey) && !event.shiftKey;
}

/** A page with its own search field takes `/` itself. */
function pageHasSearch(): boolean {
  return document.querySelector("[data-search-input]") !== null;
}

function useShortcuts(setLayer: (layer: Layer | null) => void) {
  const router = useRouter();
  const singleKeys = useSingleKeys();
  const lastG = useRef(Number.NEGATIVE_INFINITY);

  useEffect(() => {
    const single = (event: KeyboardEvent) => {
      const afterG = event.timeStamp - lastG.current < sequenceMs;
      const step = shortcutStep(event.key, { afterG, pageSearches: pageHasSearch() });
      lastG.current = step === "wait" ? event.timeStamp : Number.NEGATIVE_INFINITY;
      if (typeof step === "string") return;
      event.preventDefault();
      if ("href" in step) router.push(step.href);
      else setLayer(step.layer);
    };
    return onPress((event) => {
      if (isPaletteKey(event)) {
        event.preventDefault();
        setLayer("palette");
      } else if (singleKeys && !isTyping(event)) single(event);
    });
  }, [router, setLayer, singleKeys]);
}

/** Listens to first presses that nothing nearer has handled; returns the way to stop. */
function onPress(handle: (event: KeyboardEvent) => void) {
  const press = (event: KeyboardEvent) => {
    if (!event.defaultPrevented && !event.repeat) handle(event);
  };
  document.addEventListener("keydown", press);
  return () => document.removeEventListener("keydown", press);
}
