import { RefreshCw, Unplug } from "lucide-react";
import { ConnectButton } from "@/app/(app)/settings/integrations/[provider]/connect-button";
import type { ConnectableTool } from "@/app/(app)/settings/integrations/[provider]/connectable-tool";
import { TaskButton } from "@/app/(app)/settings/integrations/[provider]/task-button";

/** What can be done with the tool as it is now; the trouble's notice has Reconnect where it helps. */
export function ToolActions({ tool }: { readonly tool: ConnectableTool }) {
  const { connection } = tool;
  if (connection === null || connection.status === "disconnected") {
    return <ConnectButton variant="primary">Connect</ConnectButton>;
  }
  return (
    <>
      {connection.status === "connected" ? (
        <TaskButton task="sync">
          <RefreshCw />
          Sync now
        </TaskButton>
      ) : null}
      <TaskButton task="test">Test connection</TaskButton>
      <TaskButton task="disconnect">
        <Unplug />
        Disconnect
      </TaskButton>
    </>
  );
}
