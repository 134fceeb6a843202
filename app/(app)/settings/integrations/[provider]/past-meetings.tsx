"use client";

import { useState } from "react";
import { LiveRun } from "@/app/(app)/settings/integrations/[provider]/live-run";
import {
  cancelBackfill,
  countBackfill,
  startBackfill,
} from "@/app/(app)/settings/integrations/actions";
import { formProblem } from "@/app/(auth)/form-problem";
import { useAction } from "@/components/hooks/use-action";
import { isUnfinished } from "@/components/integrations/words";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardFooter, CardHeader } from "@/components/ui/card";
import { FormError } from "@/components/ui/form-error";
import { formatCount } from "@/components/ui/format";
import { RadioGroup, RadioItem } from "@/components/ui/radio-group";
import { toast } from "@/components/ui/toast";
import type { RunView } from "@/lib/sync/schema";

interface PastMeetingsProps {
  readonly connectionId: string;
  readonly toolName: string;
  /** The newest run, which may be one that is under way. */
  readonly newest: RunView | null;
}

type Days = 30 | 90;

/** "Sync past meetings" (handbook D-19): none, 30 or 90 days, counted before and watched while it runs. */
export function PastMeetings({ connectionId, toolName, newest }: PastMeetingsProps) {
  const [days, setDays] = useState<Days | null>(null);
  const [found, setFound] = useState<number | null>(null);
  const [isStarted, setIsStarted] = useState(false);
  const counting = useAction(countBackfill, { onSuccess: setFound });
  const starting = useAction(startBackfill, { onSuccess: () => setIsStarted(true) });
  const stopping = useAction(cancelBackfill, {
    onSuccess: ({ cancelled }) => {
      setIsStarted(false);
      toast.success(`Stopped: ${formatCount(cancelled, "meeting")} not sent`);
    },
  });
  const choose = (value: string) => {
    const next = value === "30" ? 30 : value === "90" ? 90 : null;
    setDays(next);
    setFound(null);
    if (next !== null) void counting.run({ connectionId, days: next });
  };
  const runs = isStarted || (newest !== null && isUnfinished(newest) && newest.progress !== null);
  return (
    <Card>
      <CardHeader
        title="Sync past meetings"
        description="The first sync goes forward only. Here you can catch up; new meetings always go first."
      />
      <CardBody className="flex flex-col gap-4">
        <RadioGroup
          aria-label="Sync past meetings"
          value={days === null ? "none" : String(days)}
          onValueChange={choose}
        >
          <RadioItem value="none" label="None" />
          <RadioItem value="30" label="Last 30 days" />
          <RadioItem value="90" label="Last 90 days" />
        </RadioGroup>
        {runs ? <LiveRun connectionId={connectionId} run={newest} isExpected /> : null}
        <FormError error={formProblem(starting.error ?? counting.error ?? stopping.error)} />
      </CardBody>
      {days === null && !runs ? null : (
        <CardFooter>
          <span role="status">{countWordsOf(found, counting.pending, toolName)}</span>
          <span className="flex gap-2">
            {runs ? (
              <Button
                loading={stopping.pending}
                onClick={() => void stopping.run({ connectionId })}
              >
                Stop
              </Button>
            ) : null}
            {days === null ? null : (
              <Button
                variant="primary"
                loading={starting.pending}
                disabled={found === 0}
                onClick={() => void starting.run({ connectionId, days })}
              >
                Sync past meetings
              </Button>
            )}
          </span>
        </CardFooter>
      )}
    </Card>
  );
}

function countWordsOf(found: number | null, isCounting: boolean, toolName: string): string {
  if (isCounting) return "Counting…";
  if (found === null) return "";
  return found === 0
    ? "There is no meeting in this time."
    : `${formatCount(found, "meeting")} would go to ${toolName}.`;
}
