"use client";

import { useRef, useState } from "react";
import { followRequest } from "@/app/oauth/consent/[uid]/actions";
import { useWhileVisible } from "@/components/hooks/use-while-visible";
import type { ErrorBody } from "@/lib/http/error-body";
import type { ConsentWorkspace } from "@/lib/oauth-server/consent";

const askEveryMs = 4000;
/** Half an hour in sight; whoever still waits then comes back by the notification. */
const asksMax = 450;

interface ApprovalOptions {
  readonly uid: string;
  readonly workspaceId: string;
  /** True while an admin is thinking about it. */
  readonly isWaiting: boolean;
  readonly onVerdict: (verdict: ConsentWorkspace["verdict"]) => void;
  /** The request itself has ended meanwhile. */
  readonly onEnded: (problem: ErrorBody) => void;
}

/** Asks for the admin's answer while the page is in sight. @returns true once it has stopped asking by itself. */
export function useApproval(options: ApprovalOptions): boolean {
  const { uid, workspaceId, isWaiting, onVerdict, onEnded } = options;
  const asked = useRef(0);
  const [hasStopped, setHasStopped] = useState(false);
  useWhileVisible(async () => {
    if (!isWaiting || hasStopped) return;
    asked.current += 1;
    if (asked.current > asksMax) return setHasStopped(true);
    const result = await followRequest({ uid, workspace_id: workspaceId });
    if (result.ok) onVerdict(result.data.verdict);
    else if (result.error.code === "not_found" || result.error.code === "unauthorized")
      onEnded(result.error);
  }, askEveryMs);
  return hasStopped;
}
