"use client";

import { CodeBlock } from "@/components/ui/code-block";
import { CopyableCode } from "@/components/ui/copyable-code";
import { DataList } from "@/components/ui/data-list";
import { SecretField } from "@/components/ui/secret-field";
import { ShownOnceDialog, type ShownOnceProps } from "@/components/ui/shown-once-dialog";

/** A secret that was just made, and whose it is. */
export interface IssuedClientSecret {
  readonly clientId: string;
  readonly name: string;
  readonly clientSecret: string;
}

interface IssuedClientDialogProps extends ShownOnceProps<IssuedClientSecret> {
  readonly appUrl: string;
}

/** The client's secret, shown this once, with the request that turns it into a token. */
export function IssuedClientDialog({ appUrl, ...props }: IssuedClientDialogProps) {
  return (
    <ShownOnceDialog
      {...props}
      title={`The client secret of “${props.issued?.name ?? ""}”`}
      noun="secret"
    >
      {({ clientId, clientSecret }) => (
        <>
          <DataList
            items={[
              {
                term: "Client ID",
                value: <CopyableCode value={clientId} label="Copy client ID" />,
              },
            ]}
          />
          <SecretField label="Client secret" value={clientSecret} copyLabel="Copy client secret" />
          <CodeBlock
            samples={[
              {
                label: "Get an access token",
                code: `curl -X POST "${appUrl}/oauth/token" \\\n  -u "${clientId}:${clientSecret}" \\\n  -d "grant_type=client_credentials"`,
              },
            ]}
          />
        </>
      )}
    </ShownOnceDialog>
  );
}
