"use client";

import { useKeptSecret } from "@/components/hooks/use-kept-secret";
import { Button } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/code-block";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { SecretField } from "@/components/ui/secret-field";
import type { IssuedRegistrationToken } from "@/lib/oauth-server/registration-schema";

interface IssuedTokenDialogProps {
  readonly issued: IssuedRegistrationToken | null;
  readonly endpoint: string;
  /** The person says that they have it; from then on nobody can show it again. */
  readonly onStored: () => void;
  /** Called when it has closed: the dialog that asked for the token is gone, so the focus needs a place. */
  readonly onClosed: () => void;
}

/** The token, shown this once, with a request that registers an app. Only the button closes it. */
export function IssuedTokenDialog(props: IssuedTokenDialogProps) {
  const { issued, endpoint, onStored, onClosed } = props;
  useKeptSecret(issued !== null, onStored);
  return (
    <Dialog open={issued !== null}>
      <DialogContent
        title={`The registration token “${issued?.name ?? ""}”`}
        description="Copy it now: it is shown this once, and only its fingerprint is kept."
        mustAnswer
        onCloseAutoFocus={(event) => {
          event.preventDefault();
          onClosed();
        }}
        footer={
          <Button variant="primary" onClick={onStored}>
            I have stored this token
          </Button>
        }
      >
        {issued === null ? null : (
          <>
            <SecretField
              label="Registration token"
              value={issued.token}
              copyLabel="Copy registration token"
            />
            <CodeBlock
              samples={[
                {
                  label: "Register an app",
                  code: `curl -X POST "${endpoint}" \\\n  -H "Authorization: Bearer ${issued.token}" \\\n  -H "Content-Type: application/json" \\\n  -d '{"client_name": "My app", "redirect_uris": ["https://app.example/callback"]}'`,
                },
              ]}
            />
          </>
        )}
      </DialogContent>
    </Dialog>
  );
}
