import { formatCount } from "@/components/ui/format";
import type { ConnectionView } from "@/lib/integrations/schema";
import type { RunView } from "@/lib/sync/schema";

// What the facts of a connection and its syncs are called on their pages.

/** The address of a tool's own page. */
export function toolHref(slug: string): string {
  return `/settings/integrations/${slug}`;
}

/** The address that opens the connect sheet of a tool. */
export function connectHref(slug: string): string {
  return `${toolHref(slug)}?connect=1`;
}

/** A link of text inside a sentence. */
export const textLink =
  "rounded-sm text-brand-ink underline decoration-brand-line underline-offset-4 hover:decoration-current";

/** Whether the person has ended it, or it was never there. */
export function isOff(connection: ConnectionView | null): boolean {
  return connection === null || connection.status === "disconnected";
}

/** What a page shows of a connection, as one text that differs when something about it has changed. */
export function stateOf(connection: ConnectionView | null): string {
  if (connection === null) return "none";
  const { status, connectedAt, attentionSince } = connection;
  return [status, connectedAt, attentionSince].join(" ");
}

/** "12 created, 3 updated, 1 failed"; what did not happen is left out. */
export function countWords(
  run: Pick<RunView, "created" | "updated" | "skipped" | "failed">,
): string {
  const parts = [
    [run.created, "created"],
    [run.updated, "updated"],
    [run.skipped, "skipped"],
    [run.failed, "failed"],
  ] as const;
  const said = parts
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${formatCount(count, word, word)}`);
  return said.length === 0 ? "Nothing to do" : said.join(", ");
}

/** A run that has not ended yet. */
export function isUnfinished({ status }: Pick<RunView, "status">): boolean {
  return status === "queued" || status === "running";
}

/** A kind of thing as a log entry names it: `action_item` → "action item". */
export function objectWords(type: string): string {
  return type.replaceAll("_", " ");
}

/** "Events of calendars", "Recordings" → "events of calendars, recordings", to go on in a sentence. */
export function listWords(lines: readonly string[]): string {
  return lines.map((line) => line.charAt(0).toLowerCase() + line.slice(1)).join(", ");
}
