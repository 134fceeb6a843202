"use client";

import { useKeptSecret } from "@/components/hooks/use-kept-secret";
import { Button } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/code-block";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { SecretField } from "@/components/ui/secret-field";
import type { IssuedApiKey } from "@/lib/api-keys/service";

interface IssuedKeyDialogProps {
  readonly issued: IssuedApiKey | null;
  readonly appUrl: string;
  /** The person says that they have it; from then on nobody can show it again. */
  readonly onStored: () => void;
  /** Called when it has closed: the dialog that asked for the key is gone, so the focus needs a place. */
  readonly onClosed: () => void;
}

/** The key, shown this once. Only the button closes it; leaving the page asks first. */
export function IssuedKeyDialog(props: IssuedKeyDialogProps) {
  const { issued, appUrl, onStored, onClosed } = props;
  const isShown = issued !== null;
  useKeptSecret(isShown, onStored);
  return (
    <Dialog open={isShown}>
      <DialogContent
        title={`Your new key “${issued?.name ?? ""}”`}
        description="Copy it now: it is shown this once, and only its fingerprint is kept."
        mustAnswer
        onCloseAutoFocus={(event) => {
          event.preventDefault();
          onClosed();
        }}
        footer={
          <Button variant="primary" onClick={onStored}>
            I have stored this key
          </Button>
        }
      >
        {issued === null ? null : <IssuedKey issued={issued} appUrl={appUrl} />}
      </DialogContent>
    </Dialog>
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
