"use client";

import { CopyableCode } from "@/components/ui/copyable-code";
import { DataList } from "@/components/ui/data-list";
import { SecretField } from "@/components/ui/secret-field";
import { ShownOnceDialog, type ShownOnceProps } from "@/components/ui/shown-once-dialog";

/** A client secret that was just made. */
export interface IssuedOAuthSecret {
  readonly name: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** The client secret, shown this once, beside the client ID. */
export function IssuedOAuthSecretDialog(props: ShownOnceProps<IssuedOAuthSecret>) {
  return (
    <ShownOnceDialog
      {...props}
      title={`The client secret of “${props.issued?.name ?? ""}”`}
      noun="secret"
    >
      {({ clientId, clientSecret }) => (
        <>
          <SecretField
            label="Client secret"
            value={clientSecret}
            hint="It belongs on your server, in a secrets manager or an environment variable; never in a repository or in an app that people install."
            copyLabel="Copy client secret"
          />
          <DataList
            items={[
              {
                term: "Client ID",
                value: <CopyableCode value={clientId} label="Copy client ID" />,
              },
            ]}
          />
        </>
      )}
    </ShownOnceDialog>
  );
}
