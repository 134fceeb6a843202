"use client";

import { CodeBlock } from "@/components/ui/code-block";
import { SecretField } from "@/components/ui/secret-field";
import { ShownOnceDialog, type ShownOnceProps } from "@/components/ui/shown-once-dialog";
import type { IssuedRegistrationToken } from "@/lib/oauth-server/registration-schema";

interface IssuedTokenDialogProps extends ShownOnceProps<IssuedRegistrationToken> {
  readonly endpoint: string;
}

/** The token, shown this once, with a request that registers an app. */
export function IssuedTokenDialog({ endpoint, ...props }: IssuedTokenDialogProps) {
  return (
    <ShownOnceDialog
      {...props}
      title={`The registration token “${props.issued?.name ?? ""}”`}
      noun="token"
    >
      {({ token }) => (
        <>
          <SecretField
            label="Registration token"
            value={token}
            copyLabel="Copy registration token"
          />
          <CodeBlock
            samples={[
              {
                label: "Register an app",
                code: `curl -X POST "${endpoint}" \\\n  -H "Authorization: Bearer ${token}" \\\n  -H "Content-Type: application/json" \\\n  -d '{"client_name": "My app", "redirect_uris": ["https://app.example/callback"]}'`,
              },
            ]}
          />
        </>
      )}
    </ShownOnceDialog>
  );
}
