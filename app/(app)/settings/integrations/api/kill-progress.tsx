"use client";

import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { useWhileVisible } from "@/components/hooks/use-while-visible";
import { formatNumber } from "@/components/ui/format";
import { Notice } from "@/components/ui/notice";
import { ProgressBar } from "@/components/ui/progress";
import type { ActionResult } from "@/lib/http/action";
import type { KillProgress as Kill } from "@/lib/oauth-server/kills";

const askEveryMs = 2000;

interface KillProgressProps {
  readonly kills: readonly Kill[];
  readonly read: (input: Record<string, never>) => Promise<ActionResult<readonly Kill[]>>;
}

/** How far the kill switches are that still work; what they say survives a reload, since the rows say it. */
export function KillProgress({ kills: given, read }: KillProgressProps) {
  const router = useRouter();
  const [kills, setKills] = useState(given);
  // What the page brings is newer than what was asked before it.
  useEffect(() => setKills(given), [given]);
  useWhileVisible(async () => {
    if (kills.every(({ isFinished }) => isFinished)) return;
    const result = await read({});
    if (!result.ok) return;
    setKills(result.data);
    if (result.data.every(({ isFinished }) => isFinished)) router.refresh();
  }, askEveryMs);
  return (
    <div role="status" className="flex flex-col gap-3 empty:hidden [&:not(:empty)]:pb-6">
      {kills.map((kill) => (
        <OneKill key={kill.id} kill={kill} />
      ))}
    </div>
  );
}

function OneKill({ kill }: { readonly kill: Kill }) {
  const { reach, appName, ended, total, isFinished } = kill;
  const what = appName === null ? "all apps" : `“${appName}”`;
  const isDeleted = reach === "app";
  if (isFinished) {
    const title = isDeleted
      ? `${what} is deleted, and all access to it has ended`
      : `All access of ${what} is ended`;
    return (
      <Notice tone="success" title={title}>
        {formatNumber(total)} of {formatNumber(total)} ended.
      </Notice>
    );
  }
  return (
    <Notice
      tone="info"
      title={
        isDeleted
          ? `${what} is deleted, and refused already`
          : `Access of ${what} is refused already`
      }
    >
      <p className="tabular-nums">
        {formatNumber(ended)} of {formatNumber(total)} ended. You can leave this page.
      </p>
      <ProgressBar
        className="mt-2"
        label={`Ending the access of ${what}`}
        value={(ended / Math.max(total, 1)) * 100}
      />
    </Notice>
  );
}
