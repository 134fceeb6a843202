"use client";

import type { ComponentProps } from "react";
import {
  type ToolTask,
  useToolTasks,
} from "@/app/(app)/settings/integrations/[provider]/connect-sheet-host";
import { Button } from "@/components/ui/button";

interface TaskButtonProps
  extends Pick<ComponentProps<typeof Button>, "variant" | "size" | "children"> {
  readonly task: ToolTask;
}

/** A button for what can be done with the connected tool; nothing for somebody who may not do it. */
export function TaskButton({ task, ...look }: TaskButtonProps) {
  const { tool, start, isStarting } = useToolTasks();
  const isAllowed = task === "disconnect" ? tool.mayManage : tool.mayExecute;
  if (!isAllowed || tool.connection === null) return null;
  return (
    <Button
      {...look}
      {...(task === "sync" ? { loading: isStarting } : { "aria-haspopup": "dialog" as const })}
      onClick={() => start(task)}
    />
  );
}
