"use client";

import { useKeptSecret } from "@/components/hooks/use-kept-secret";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { DataList } from "@/components/ui/data-list";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { SecretField } from "@/components/ui/secret-field";

/** A client secret that was just made. */
export interface IssuedOAuthSecret {
  readonly name: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

interface IssuedOAuthSecretDialogProps {
  readonly issued: IssuedOAuthSecret | null;
  /** The person says that they have it; from then on nobody can show it again. */
  readonly onStored: () => void;
  /** Called when it has closed: what asked for the secret is gone, so the focus needs a place. */
  readonly onClosed: () => void;
}

/** The client secret, shown this once, beside the client ID. Only the button closes it. */
export function IssuedOAuthSecretDialog(props: IssuedOAuthSecretDialogProps) {
  const { issued, onStored, onClosed } = props;
  useKeptSecret(issued !== null, onStored);
  return (
    <Dialog open={issued !== null}>
      <DialogContent
        title={`The client secret of “${issued?.name ?? ""}”`}
        description="Copy it now: it is shown this once, and only its fingerprint is kept."
        mustAnswer
        onCloseAutoFocus={(event) => {
          event.preventDefault();
          onClosed();
        }}
        footer={
          <Button variant="primary" onClick={onStored}>
            I have stored this secret
          </Button>
        }
      >
        {issued === null ? null : (
          <>
            <SecretField
              label="Client secret"
              value={issued.clientSecret}
              hint="It belongs on your server, in a secrets manager or an environment variable; never in a repository or in an app that people install."
              copyLabel="Copy client secret"
            />
            <DataList
              items={[
                {
                  term: "Client ID",
                  value: (
                    <span className="flex min-w-0 items-center gap-1">
                      <code className="min-w-0 break-all font-mono text-sm">{issued.clientId}</code>
                      <CopyButton value={issued.clientId} label="Copy client ID" />
                    </span>
                  ),
                },
              ]}
            />
          </>
        )}
      </DialogContent>
    </Dialog>
  );
}
