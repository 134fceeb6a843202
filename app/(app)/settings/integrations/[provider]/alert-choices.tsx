"use client";

import { Lock } from "lucide-react";
import { useState } from "react";
import { AlertGrid, type TellSaved } from "@/app/(app)/settings/integrations/alert-grid";
import { setAlertChoice } from "@/app/(app)/settings/integrations/notifications/actions";
import { useAction } from "@/components/hooks/use-action";
import { NativeSelect } from "@/components/ui/native-select";
import { problemText } from "@/components/ui/problem";
import type { AlertChoiceCell, AlertChoiceGrid } from "@/lib/notifications/schema";
import { type Alert, alertWords, channelWords } from "@/lib/notify/schema";

interface AlertChoicesProps {
  readonly connectionId: string;
  readonly grid: AlertChoiceGrid;
}

/** Alerts and channels of one connection; each cell follows the general choice until it has its own. Saved at once. */
export function AlertChoices({ connectionId, grid }: AlertChoicesProps) {
  return (
    <AlertGrid label="Alerts of this tool and their channels" grid={grid}>
      {(alert, cell, onSaved) => (
        <Choice connectionId={connectionId} alert={alert} cell={cell} onSaved={onSaved} />
      )}
    </AlertGrid>
  );
}

interface ChoiceProps {
  readonly connectionId: string;
  readonly alert: Alert;
  readonly cell: AlertChoiceCell;
  readonly onSaved: TellSaved;
}

const wordOf = (own: boolean | null) => (own === null ? "" : own ? "on" : "off");

function Choice({ connectionId, alert, cell, onSaved }: ChoiceProps) {
  const { channel, general, isLocked, missing } = cell;
  const [own, setOwn] = useState(cell.own);
  const name = `${alertWords[alert].label}, ${channelWords[channel]}`;
  const action = useAction(setAlertChoice, {
    onSuccess: () => onSaved(`Saved: ${name}`),
    onError: () => setOwn(cell.own),
  });
  if (isLocked || missing !== null) {
    return (
      <span className="flex items-center gap-1 text-ink-muted text-xs">
        {isLocked ? <Lock aria-hidden className="size-3 shrink-0" /> : null}
        {isLocked ? "Always on" : missing}
      </span>
    );
  }
  const change = (value: string) => {
    const enabled = value === "" ? null : value === "on";
    setOwn(enabled);
    onSaved(null);
    void action.run({ connectionId, alert, channel, enabled });
  };
  return (
    <span className="flex min-w-0 flex-col gap-1">
      <NativeSelect
        aria-label={name}
        className="min-w-36"
        value={wordOf(own)}
        onChange={(event) => change(event.target.value)}
      >
        <option value="">Usual: {general ? "on" : "off"}</option>
        <option value="on">On</option>
        <option value="off">Off</option>
      </NativeSelect>
      {action.error === null ? null : (
        <span role="alert" className="text-danger-ink text-xs">
          {problemText(action.error)}
        </span>
      )}
    </span>
  );
}
