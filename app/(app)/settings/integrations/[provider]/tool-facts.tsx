import { LastSync, NextSync } from "@/components/integrations/connection-status";
import { DataList } from "@/components/ui/data-list";
import { RelativeTime } from "@/components/ui/relative-time";
import type { ToolView } from "@/lib/integrations/schema";

/** What is always said of a connection (handbook 4.4); nothing before the first Connect. */
export function ToolFacts({ tool }: { readonly tool: ToolView }) {
  const { connection } = tool;
  // Somebody who may see the status only.
  if (connection === null || connection.connectedAt === null) return null;
  const { connectedAt, disconnectedAt, connectedBy, connectedByFormerMember } = connection;
  const isOff = connection.status === "disconnected";
  return (
    <DataList
      layout="grid"
      className="grid-cols-[repeat(auto-fill,minmax(7.75rem,1fr))]"
      items={[
        { term: "Account", value: connection.accountLabel },
        {
          term: "Connected by",
          value: (
            <>
              {connectedBy}
              {connectedByFormerMember ? (
                <span className="block text-ink-muted text-xs">a former member</span>
              ) : null}
            </>
          ),
        },
        {
          term: "Connected",
          value:
            connectedAt === null ? null : <RelativeTime value={connectedAt} format="datetime" />,
        },
        { term: "Last sync", value: <LastSync connection={connection} /> },
        isOff
          ? {
              term: "Disconnected",
              value:
                disconnectedAt === null ? null : (
                  <RelativeTime value={disconnectedAt} format="datetime" />
                ),
            }
          : { term: "Next sync", value: <NextSync connection={connection} /> },
      ]}
    />
  );
}
