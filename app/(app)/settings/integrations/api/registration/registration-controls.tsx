"use client";

import { Plus } from "lucide-react";
import dynamic from "next/dynamic";
import { useRef, useState } from "react";
import { setAppRegistration } from "@/app/(app)/settings/integrations/api/registration/actions";
import { RegistrationTokenTable } from "@/app/(app)/settings/integrations/api/registration/registration-token-table";
import { useAction } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import { useEverOpen } from "@/components/ui/modal";
import { Switch } from "@/components/ui/switch";
import { toast } from "@/components/ui/toast";
import type {
  IssuedRegistrationToken,
  RegistrationTokenView,
} from "@/lib/oauth-server/registration-schema";

// Each comes with its first opening.
const IssueTokenDialog = dynamic(() =>
  import("@/app/(app)/settings/integrations/api/registration/issue-token-dialog").then(
    (module) => module.IssueTokenDialog,
  ),
);
const IssuedTokenDialog = dynamic(() =>
  import("@/app/(app)/settings/integrations/api/registration/issued-token-dialog").then(
    (module) => module.IssuedTokenDialog,
  ),
);

interface RegistrationControlsProps {
  readonly isAllowed: boolean;
  readonly tokens: readonly RegistrationTokenView[];
  readonly endpoint: string;
  readonly mayCreate: boolean;
  /** Whether the plan has OAuth apps at all. */
  readonly mayRevoke: boolean;
}

/** The switch, the tokens and what is done with them. A new token lives in this component only. */
export function RegistrationControls(props: RegistrationControlsProps) {
  const { isAllowed, tokens, endpoint, mayCreate, mayRevoke } = props;
  const [issuing, setIssuing] = useState(false);
  const [issued, setIssued] = useState<IssuedRegistrationToken | null>(null);
  const [wanted, setWanted] = useState(isAllowed);
  const button = useRef<HTMLButtonElement>(null);
  const dialogs = { issue: useEverOpen(issuing), issued: useEverOpen(issued !== null) };
  const action = useAction(setAppRegistration, {
    onError: (error) => toast.error(error.message),
  });
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 pb-4">
        <Switch
          label="Programs with a registration token may make apps"
          checked={action.pending ? wanted : isAllowed}
          disabled={!mayCreate}
          onCheckedChange={(checked) => {
            setWanted(checked);
            void action.run({ is_allowed: checked });
          }}
        />
        {mayCreate && isAllowed ? (
          <Button ref={button} onClick={() => setIssuing(true)}>
            <Plus />
            New registration token
          </Button>
        ) : null}
      </div>
      {tokens.length > 0 ? (
        <RegistrationTokenTable tokens={tokens} isAllowed={isAllowed} mayRevoke={mayRevoke} />
      ) : null}
      {dialogs.issue ? (
        <IssueTokenDialog open={issuing} onOpenChange={setIssuing} onIssued={setIssued} />
      ) : null}
      {dialogs.issued ? (
        <IssuedTokenDialog
          issued={issued}
          endpoint={endpoint}
          onStored={() => setIssued(null)}
          onClosed={() => button.current?.focus()}
        />
      ) : null}
    </>
  );
}
