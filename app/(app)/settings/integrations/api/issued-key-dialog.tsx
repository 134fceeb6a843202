"use client";

import { CodeBlock } from "@/components/ui/code-block";
import { SecretField } from "@/components/ui/secret-field";
import { ShownOnceDialog, type ShownOnceProps } from "@/components/ui/shown-once-dialog";
import type { IssuedApiKey } from "@/lib/api-keys/service";

interface IssuedKeyDialogProps extends ShownOnceProps<IssuedApiKey> {
  readonly appUrl: string;
}

/** The key, shown this once, with requests to try it. */
export function IssuedKeyDialog({ appUrl, ...props }: IssuedKeyDialogProps) {
  return (
    <ShownOnceDialog {...props} title={`Your new key “${props.issued?.name ?? ""}”`} noun="key">
      {(issued) => <IssuedKey issued={issued} appUrl={appUrl} />}
    </ShownOnceDialog>
  );
}

function IssuedKey({ issued, appUrl }: { readonly issued: IssuedApiKey; readonly appUrl: string }) {
  const bearer = `-H "Authorization: Bearer ${issued.token}"`;
  const list = { label: "List meetings", code: `curl "${appUrl}/v1/meetings" \\\n  ${bearer}` };
  const upload = {
    label: "Upload",
    code: `curl -X POST "${appUrl}/v1/meetings/upload" \\\n  ${bearer} \\\n  -F "file=@meeting.vtt"`,
  };
  return (
    <>
      <SecretField label="API key" value={issued.token} copyLabel="Copy API key" />
      <CodeBlock
        label="Try it"
        samples={issued.access === "read_write" ? [list, upload] : [list]}
      />
    </>
  );
}
