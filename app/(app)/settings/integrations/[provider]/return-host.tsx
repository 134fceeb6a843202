"use client";

import dynamic from "next/dynamic";
import { useState } from "react";
import type { ConnectableTool } from "@/app/(app)/settings/integrations/[provider]/connectable-tool";
import type { ConnectAttempt } from "@/lib/integrations/schema";

// Comes only to those who come back from a tool.
const ReturnPanel = dynamic(() =>
  import("@/app/(app)/settings/integrations/[provider]/return-panel").then(
    (module) => module.ReturnPanel,
  ),
);

interface ReturnHostProps {
  readonly tool: ConnectableTool;
  readonly attempt: ConnectAttempt | null;
}

/** Keeps what came of a sign-in on the page while its address forgets it, so that a reload tells nothing twice. */
export function ReturnHost({ tool, attempt }: ReturnHostProps) {
  const [shown, setShown] = useState(attempt);
  if (shown === null) return null;
  return <ReturnPanel tool={tool} attempt={shown} onClose={() => setShown(null)} />;
}
