"use client";

import { useState } from "react";
import { watchEndingApps } from "@/app/(app)/settings/integrations/api/oauth-apps/actions";
import { useWhileVisible } from "@/components/hooks/use-while-visible";
import { formatNumber } from "@/components/ui/format";
import { Notice } from "@/components/ui/notice";
import { ProgressBar } from "@/components/ui/progress";
import type { EndingAppView } from "@/lib/oauth-server/schema";

const everyMs = 2000;

/** How far the end of deleted apps is; the page may be left meanwhile. */
export function EndingApps({ apps: initial }: { readonly apps: readonly EndingAppView[] }) {
  const [apps, setApps] = useState(initial);
  useWhileVisible(async () => {
    if (apps.every(({ isFinished }) => isFinished)) return;
    const answer = await watchEndingApps({});
    if (answer.ok) setApps(answer.data);
  }, everyMs);
  return (
    <div role="status" className="flex flex-col gap-3 pb-4 empty:hidden">
      {apps.map((app) => (
        <EndingApp key={app.id} app={app} />
      ))}
    </div>
  );
}

function EndingApp({ app: { name, total, ended, isFinished } }: { readonly app: EndingAppView }) {
  if (isFinished) {
    return <Notice tone="success" title={`“${name}” is deleted, and all access to it has ended`} />;
  }
  return (
    <Notice title={`“${name}” is deleted`}>
      <p className="pb-2 tabular-nums">
        Its tokens are refused already. Ending what people allowed: {formatNumber(ended)} of{" "}
        {formatNumber(total)}.
      </p>
      <ProgressBar label={`Ending access to ${name}`} value={(ended / Math.max(1, total)) * 100} />
    </Notice>
  );
}
