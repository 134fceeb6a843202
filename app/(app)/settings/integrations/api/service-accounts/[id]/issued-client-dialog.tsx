"use client";

import { useKeptSecret } from "@/components/hooks/use-kept-secret";
import { Button } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/code-block";
import { CopyButton } from "@/components/ui/copy-button";
import { DataList } from "@/components/ui/data-list";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { SecretField } from "@/components/ui/secret-field";

/** A secret that was just made, and whose it is. */
export interface IssuedClientSecret {
  readonly clientId: string;
  readonly name: string;
  readonly clientSecret: string;
}

interface IssuedClientDialogProps {
  readonly issued: IssuedClientSecret | null;
  readonly appUrl: string;
  /** The person says that they have it; from then on nobody can show it again. */
  readonly onStored: () => void;
  /** Called when it has closed: the dialog that asked for the secret is gone, so the focus needs a place. */
  readonly onClosed: () => void;
}

/** The client's secret, shown this once, with the request that turns it into a token. Only the button closes it. */
export function IssuedClientDialog(props: IssuedClientDialogProps) {
  const { issued, appUrl, onStored, onClosed } = props;
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
            <SecretField
              label="Client secret"
              value={issued.clientSecret}
              copyLabel="Copy client secret"
            />
            <CodeBlock
              samples={[
                {
                  label: "Get an access token",
                  code: `curl -X POST "${appUrl}/oauth/token" \\\n  -u "${issued.clientId}:${issued.clientSecret}" \\\n  -d "grant_type=client_credentials"`,
                },
              ]}
            />
          </>
        )}
      </DialogContent>
    </Dialog>
  );
}
