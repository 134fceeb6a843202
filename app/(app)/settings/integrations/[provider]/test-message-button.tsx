"use client";

import { type ReactNode, useState } from "react";
import { sendTestMessage } from "@/app/(app)/settings/integrations/actions";
import { useAction } from "@/components/hooks/use-action";
import { SentResult } from "@/components/integrations/sent-result";
import { Button } from "@/components/ui/button";
import { problemText } from "@/components/ui/problem";
import type { SentView } from "@/lib/sync/schema";

interface TestMessageButtonProps {
  readonly connectionId: string;
  readonly children: ReactNode;
}

/** Posts the test text and says beside the button what became of it. */
export function TestMessageButton({ connectionId, children }: TestMessageButtonProps) {
  const [sent, setSent] = useState<SentView | null>(null);
  const action = useAction(sendTestMessage, { onSuccess: setSent });
  return (
    <div className="flex flex-col items-end gap-2">
      <Button loading={action.pending} onClick={() => void action.run({ connectionId })}>
        {children}
      </Button>
      <div role="status" className="max-w-72 text-right text-sm empty:hidden">
        {sent === null || action.pending ? null : <SentResult sent={sent} />}
        {action.error === null ? null : (
          <span className="text-danger-ink">{problemText(action.error)}</span>
        )}
      </div>
    </div>
  );
}
