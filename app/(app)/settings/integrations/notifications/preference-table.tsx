"use client";

import { Lock } from "lucide-react";
import { useState } from "react";
import { AlertGrid, type TellSaved } from "@/app/(app)/settings/integrations/alert-grid";
import { setPreference } from "@/app/(app)/settings/integrations/notifications/actions";
import { useAction } from "@/components/hooks/use-action";
import { cn } from "@/components/ui/cn";
import { problemText } from "@/components/ui/problem";
import { Switch } from "@/components/ui/switch";
import type { PreferenceCell, PreferenceGrid } from "@/lib/notifications/schema";
import { type Alert, alertWords, channelWords } from "@/lib/notify/schema";

interface PreferenceTableProps {
  readonly grid: PreferenceGrid;
  /** Where the mails go. */
  readonly email: string;
}

/** Alerts and channels as a grid of switches; each is saved at once. */
export function PreferenceTable({ grid, email }: PreferenceTableProps) {
  return (
    <div className="flex max-w-4xl flex-col gap-4">
      <AlertGrid label="Alerts and channels" grid={grid} isExplained>
        {(alert, cell, onSaved) => <PreferenceSwitch alert={alert} cell={cell} onSaved={onSaved} />}
      </AlertGrid>
      <p className="text-ink-muted text-sm">
        Trouble is always told in the app, so that nothing breaks without a trace. Mails go to{" "}
        <span className="break-words font-medium text-ink">{email}</span>. While a problem lasts it
        is told once, then once a day.
      </p>
    </div>
  );
}

interface PreferenceSwitchProps {
  readonly alert: Alert;
  readonly cell: PreferenceCell;
  readonly onSaved: TellSaved;
}

function PreferenceSwitch({ alert, cell, onSaved }: PreferenceSwitchProps) {
  const { channel, isLocked, missing } = cell;
  const [isOn, setIsOn] = useState(cell.isOn);
  const name = `${alertWords[alert].label}, ${channelWords[channel]}`;
  const action = useAction(setPreference, {
    onSuccess: () => onSaved(`Saved: ${name} is ${isOn ? "on" : "off"}`),
    onError: () => setIsOn(!isOn),
  });
  const change = (enabled: boolean) => {
    setIsOn(enabled);
    onSaved(null);
    void action.run({ alert, channel, enabled });
  };
  const why = isLocked ? "Always on" : missing;
  return (
    <span className="flex min-w-0 flex-col items-start gap-1 max-sm:items-end max-sm:py-1">
      <Switch
        aria-label={why === null ? name : `${name}. ${why}`}
        checked={isOn}
        disabled={isLocked || missing !== null}
        onCheckedChange={change}
      />
      {why === null ? null : (
        <span
          className={cn(
            "flex items-center gap-1 text-ink-muted text-xs",
            isLocked && "whitespace-nowrap",
          )}
        >
          {isLocked ? <Lock aria-hidden className="size-3" /> : null}
          {why}
        </span>
      )}
      {action.error === null ? null : (
        <span role="alert" className="text-danger-ink text-xs">
          {problemText(action.error)}
        </span>
      )}
    </span>
  );
}
