"use client";

import { Send } from "lucide-react";
import { useState } from "react";
import { sendTestMessage } from "@/app/(app)/settings/integrations/actions";
import { formProblem } from "@/app/(auth)/form-problem";
import { useAction } from "@/components/hooks/use-action";
import { SentResult } from "@/components/integrations/sent-result";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { FormError } from "@/components/ui/form-error";
import type { SentView } from "@/lib/sync/schema";

/** Posts the test text to the default channel and says what became of it. */
export function TestMessage({ connectionId }: { readonly connectionId: string }) {
  const [sent, setSent] = useState<SentView | null>(null);
  const action = useAction(sendTestMessage, { onSuccess: setSent });
  const result = sent === null || action.pending ? null : <SentResult sent={sent} />;
  return (
    <Card>
      <CardHeader
        title="Test message"
        description="Posts a fixed text to the default channel, to see that it arrives."
        actions={
          <Button loading={action.pending} onClick={() => void action.run({ connectionId })}>
            <Send />
            Send test message
          </Button>
        }
      />
      <div role="status">{result === null ? null : <CardBody>{result}</CardBody>}</div>
      {action.error === null ? null : (
        <CardBody>
          <FormError error={formProblem(action.error)} />
        </CardBody>
      )}
    </Card>
  );
}
