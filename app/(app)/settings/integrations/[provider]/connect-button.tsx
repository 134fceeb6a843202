"use client";

import type { ComponentProps } from "react";
import { useToolTasks } from "@/app/(app)/settings/integrations/[provider]/connect-sheet-host";
import { Button } from "@/components/ui/button";

/** Opens the steps of connecting; nothing for somebody who may not, or where the tool cannot be reached. */
export function ConnectButton(
  look: Pick<ComponentProps<typeof Button>, "variant" | "size" | "children">,
) {
  const { tool, connect } = useToolTasks();
  if (!tool.mayManage || tool.availability === "not_configured") return null;
  return <Button {...look} aria-haspopup="dialog" onClick={connect} />;
}
