"use client";

import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { readKills } from "@/app/(app)/settings/integrations/api/authorised-apps/actions";
import { useWhileVisible } from "@/components/hooks/use-while-visible";
import { formatNumber } from "@/components/ui/format";
import { Notice } from "@/components/ui/notice";
import { ProgressBar } from "@/components/ui/progress";
import type { KillProgress as Kill } from "@/lib/oauth-server/kills";

const askEveryMs = 2000;

/** How far the kill switches are that still work; what they say survives a reload, since the rows say it. */
export function KillProgress({ kills: given }: { readonly kills: readonly Kill[] }) {
  const router = useRouter();
  const [kills, setKills] = useState(given);
  // What the page brings is newer than what was asked before it.
  useEffect(() => setKills(given), [given]);
  useWhileVisible(async () => {
    if (kills.every(({ isFinished }) => isFinished)) return;
    const result = await readKills({});
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
  const { appName, ended, total, isFinished } = kill;
  const what = appName === null ? "all apps" : `“${appName}”`;
  if (isFinished) {
    return (
      <Notice tone="success" title={`All access of ${what} is ended`}>
        {formatNumber(total)} of {formatNumber(total)} ended.
      </Notice>
    );
  }
  return (
    <Notice tone="info" title={`Access of ${what} is refused already`}>
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
