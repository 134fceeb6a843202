import type { ToolView } from "@/lib/integrations/schema";

/** What the browser needs to connect, test and disconnect a tool; settings and log stay on the server. */
export function connectable(tool: ToolView) {
  const { slug, name, scope, availability, permissions, connectFields } = tool;
  const { connection, mayManage, mayExecute, idleReason } = tool;
  return {
    ...{ slug, name, scope, availability, permissions, connectFields, mayManage, mayExecute },
    idleReason,
    connection: connection === null ? null : { id: connection.id, status: connection.status },
  };
}
export type ConnectableTool = ReturnType<typeof connectable>;
