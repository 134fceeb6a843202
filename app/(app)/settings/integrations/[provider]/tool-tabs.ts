import { toolHref } from "@/components/integrations/words";
import type { ToolView } from "@/lib/integrations/schema";

export type ToolTab = "overview" | "sync" | "log" | "notifications";

/** The parts of a tool's page that have something to show: before the first Connect there is only the overview. */
export function tabsOf(
  tool: ToolView,
): readonly { readonly key: ToolTab; readonly label: string }[] {
  const { connection, syncSettings, maySeeLog, mayManage } = tool;
  const isOn = connection !== null && connection.status !== "disconnected";
  return [
    { key: "overview", label: "Overview", shown: true },
    { key: "sync", label: "Sync", shown: isOn && syncSettings !== null },
    { key: "log", label: "Sync log", shown: connection !== null && maySeeLog },
    { key: "notifications", label: "Notifications", shown: isOn && mayManage },
  ].flatMap(({ key, label, shown }) => (shown ? [{ key: key as ToolTab, label }] : []));
}

/** The address of one part. */
export function tabHref(slug: string, tab: ToolTab): string {
  return tab === "overview" ? toolHref(slug) : `${toolHref(slug)}?tab=${tab}`;
}
