import { integrationsHref, settingsHref } from "@/components/shell/nav";

interface GoTo {
  readonly key: string;
  readonly href: string;
  readonly label: string;
}

/** Second keys after `g`. */
export const goTo: readonly GoTo[] = [
  { key: "h", href: "/", label: "Go to Home" },
  { key: "m", href: "/meetings", label: "Go to Meetings" },
  { key: "c", href: "/contacts", label: "Go to Contacts" },
  { key: "i", href: integrationsHref, label: "Go to Integrations" },
  { key: "s", href: settingsHref, label: "Go to Settings" },
];

/** Go somewhere, open something, wait for the second key, or nothing. */
export type ShortcutStep =
  | { readonly href: string }
  | { readonly layer: "help" | "palette" }
  | "wait"
  | "none";

interface Situation {
  /** Whether `g` was pressed just before. */
  readonly afterG: boolean;
  /** Whether the page has a search field, which takes `/` itself. */
  readonly pageSearches: boolean;
}

/** What a key without modifier does. */
export function shortcutStep(key: string, { afterG, pageSearches }: Situation): ShortcutStep {
  const target = goTo.find((entry) => entry.key === key.toLowerCase());
  if (afterG && target !== undefined) return { href: target.href };
  if (key === "g") return "wait";
  if (key === "?") return { layer: "help" };
  if (key === "/" && !pageSearches) return { layer: "palette" };
  return "none";
}
