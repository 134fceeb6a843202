import { Badge } from "@/components/ui/badge";
import { RelativeTime } from "@/components/ui/relative-time";
import { Status } from "@/components/ui/status";
import type { CatalogueEntry, ConnectionView } from "@/lib/integrations/schema";

interface ConnectionStatusProps {
  readonly connection: Pick<ConnectionView, "status"> | null;
}

/** Connected, Needs Attention or Disconnected (handbook 4.2); nothing for what was never connected. */
export function ConnectionStatus({ connection }: ConnectionStatusProps) {
  return connection === null ? null : <Status kind={connection.status} />;
}

/** Whose a connection is: the whole workspace's, or each person's own. */
export function ScopeChip({ scope }: Pick<CatalogueEntry, "scope">) {
  return <Badge>{scope === "workspace" ? "Workspace" : "Personal"}</Badge>;
}

/** Says that a stand-in answers in the tool's place. */
export function SandboxChip({ availability }: Pick<CatalogueEntry, "availability">) {
  return availability === "sandbox" ? <Badge tone="info">Sandbox</Badge> : null;
}

/** What the last sync came to, for a fact beside its time. */
const resultWords: Readonly<Record<string, string>> = {
  succeeded: "Succeeded",
  partial: "Partly failed",
  failed: "Failed",
  skipped: "Skipped",
  cancelled: "Cancelled",
};

/** When it last synced and how that ended. */
export function LastSync({ connection }: { readonly connection: ConnectionView }) {
  const { lastSyncAt, lastSyncStatus, isSyncing } = connection;
  if (isSyncing) return <Status plain kind="running" label="Syncing now" />;
  if (lastSyncAt === null) return <span className="text-ink-muted">Not yet</span>;
  const result = lastSyncStatus === null ? undefined : resultWords[lastSyncStatus];
  return (
    <span className="block">
      <RelativeTime value={lastSyncAt} format="datetime" className="whitespace-nowrap" />
      {result === undefined ? null : <span className="block text-ink-muted text-xs">{result}</span>}
    </span>
  );
}

/** When the next scheduled sync is due. */
export function NextSync({ connection }: { readonly connection: ConnectionView }) {
  const { status, nextSyncAt, frequency } = connection;
  if (status !== "connected") return <span className="text-ink-muted">Paused</span>;
  if (nextSyncAt !== null) {
    return <RelativeTime value={nextSyncAt} format="datetime" className="whitespace-nowrap" />;
  }
  return (
    <span className="text-ink-muted">
      {frequency === "realtime" ? "In real time" : "On Sync now"}
    </span>
  );
}
