"use client";

import { useState } from "react";
import { killAllApps } from "@/app/(app)/settings/integrations/api/authorised-apps/actions";
import { formProblem } from "@/app/(auth)/form-problem";
import { useAction } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import { Card, CardFooter, CardHeader } from "@/components/ui/card";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { formatCount, formatNumber } from "@/components/ui/format";

interface RevokeAllProps {
  /** How often people allowed an app in the workspace, and how many apps that are. */
  readonly total: number;
  readonly apps: number;
}

/** The kill switch of the workspace. */
export function RevokeAll({ total, apps }: RevokeAllProps) {
  const [asking, setAsking] = useState(false);
  const action = useAction(killAllApps, { onSuccess: () => setAsking(false) });
  const change = (open: boolean) => {
    action.reset();
    setAsking(open);
  };
  return (
    <Card>
      <CardHeader
        title="Revoke all apps"
        description="Ends everything that anybody here allowed any app, and lets nobody connect one until you choose otherwise above. API keys and service accounts are not touched."
      />
      <CardFooter>
        <span className="tabular-nums">
          {total === 0
            ? "No app is connected."
            : `${formatCount(apps, "app")}, allowed ${formatCount(total, "time")}`}
        </span>
        <Button variant="danger" disabled={total === 0} onClick={() => setAsking(true)}>
          Revoke all apps
        </Button>
      </CardFooter>
      <ConfirmDialog
        open={asking}
        onOpenChange={change}
        title="Revoke all apps of this workspace?"
        confirmLabel="Revoke all apps"
        typed="revoke all"
        pending={action.pending}
        error={formProblem(action.error)}
        onConfirm={() => void action.run({})}
      >
        <p>
          <strong className="font-medium text-ink">Stops at once:</strong>{" "}
          {formatCount(apps, "app")}, allowed {formatCount(total, "time")}. The next request of each
          is refused.
        </p>
        <p>
          <strong className="font-medium text-ink">Until you change it:</strong> nobody can connect
          an app (“No apps”).
        </p>
        <p>
          What ends does not come back: all {formatNumber(total)} have to be allowed anew, each by
          the person.
        </p>
      </ConfirmDialog>
    </Card>
  );
}
