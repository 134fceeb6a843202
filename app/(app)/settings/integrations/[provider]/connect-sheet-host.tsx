"use client";

import dynamic from "next/dynamic";
import { useSearchParams } from "next/navigation";
import { createContext, type ReactNode, useContext, useState } from "react";
import type { ConnectableTool } from "@/app/(app)/settings/integrations/[provider]/connectable-tool";
import { syncNow } from "@/app/(app)/settings/integrations/actions";
import { useAction } from "@/components/hooks/use-action";
import { useEverOpen } from "@/components/ui/modal";
import { problemText } from "@/components/ui/problem";
import { withQuery } from "@/components/ui/query-string";
import { toast } from "@/components/ui/toast";

// Each comes with its first opening.
const ConnectSheet = dynamic(() =>
  import("@/app/(app)/settings/integrations/[provider]/connect-sheet").then(
    (module) => module.ConnectSheet,
  ),
);
const TestDialog = dynamic(() =>
  import("@/app/(app)/settings/integrations/[provider]/test-dialog").then(
    (module) => module.TestDialog,
  ),
);
const DisconnectDialog = dynamic(() =>
  import("@/app/(app)/settings/integrations/[provider]/disconnect-dialog").then(
    (module) => module.DisconnectDialog,
  ),
);

/** What is done with a connected tool. */
export type ToolTask = "sync" | "test" | "disconnect";

interface ToolTasks {
  readonly tool: ConnectableTool;
  /** Opens the three steps of connecting; the address says so with `?connect=1`. */
  readonly connect: () => void;
  readonly start: (task: ToolTask) => void;
  readonly isStarting: boolean;
}

const TasksContext = createContext<ToolTasks | null>(null);

/** The tasks of the tool's page around. Throws outside of one. */
export function useToolTasks(): ToolTasks {
  const tasks = useContext(TasksContext);
  if (tasks === null) throw new Error("Put this inside a ConnectSheetHost");
  return tasks;
}

interface ConnectSheetHostProps {
  readonly tool: ConnectableTool;
  readonly logo: string | null;
  readonly children: ReactNode;
}

/** The sheet that the address asks for; the history alone changes, so the page behind stays as it is. */
function useConnectParam() {
  const query = useSearchParams().toString();
  return {
    open: new URLSearchParams(query).get("connect") === "1",
    show: () => window.history.pushState(null, "", withQuery(query, { connect: "1" })),
    hide: () => window.history.replaceState(null, "", withQuery(query, { connect: null }) || "?"),
  };
}

/** Everything that is done with one tool on its page. */
export function ConnectSheetHost({ tool, logo, children }: ConnectSheetHostProps) {
  const param = useConnectParam();
  const [dialog, setDialog] = useState<"test" | "disconnect" | null>(null);
  const [open, setOpen] = useState(false);
  const { connection } = tool;
  const mayConnect = tool.mayManage && tool.availability !== "not_configured";
  const isConnecting = param.open && mayConnect;
  const everConnecting = useEverOpen(isConnecting);
  const sync = useAction(syncNow, {
    onSuccess: () => toast.success(`Sync of ${tool.name} started`),
    onError: (error) =>
      toast.error("The sync was not started", { description: problemText(error) }),
  });
  const tasks: ToolTasks = {
    tool,
    connect: param.show,
    isStarting: sync.pending,
    start: (task) => {
      if (connection === null) return;
      if (task === "sync") {
        void sync.run({ connectionId: connection.id });
        return;
      }
      setDialog(task);
      setOpen(true);
    },
  };
  const close = () => setOpen(false);
  return (
    <TasksContext.Provider value={tasks}>
      {children}
      {everConnecting ? (
        <ConnectSheet tool={tool} logo={logo} open={isConnecting} onClose={param.hide} />
      ) : null}
      {connection !== null && dialog === "test" ? (
        <TestDialog tool={tool} connectionId={connection.id} open={open} onClose={close} />
      ) : null}
      {connection !== null && dialog === "disconnect" ? (
        <DisconnectDialog tool={tool} connectionId={connection.id} open={open} onClose={close} />
      ) : null}
    </TasksContext.Provider>
  );
}
