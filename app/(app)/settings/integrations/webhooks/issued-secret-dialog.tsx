"use client";

import Link from "next/link";
import { useKeptSecret } from "@/components/hooks/use-kept-secret";
import { Button } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/code-block";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { SecretField } from "@/components/ui/secret-field";
import { verifySnippet } from "@/components/webhooks/verify-snippet";
import type { IssuedSecret } from "@/lib/webhooks/schema";

interface IssuedSecretDialogProps {
  readonly issued: IssuedSecret | null;
  /** The person says that they have it; from then on nobody can show it again. */
  readonly onStored: () => void;
  /** Called when it has closed: what asked for the secret is gone, so the focus needs a place. */
  readonly onClosed: () => void;
}

/** The signing secret, shown this once, with the lines that verify a delivery. Only the button closes it. */
export function IssuedSecretDialog({ issued, onStored, onClosed }: IssuedSecretDialogProps) {
  useKeptSecret(issued !== null, onStored);
  return (
    <Dialog open={issued !== null}>
      <DialogContent
        title={`The signing secret of “${issued?.name ?? ""}”`}
        description="Copy it now: it is shown this once. Your receiver needs it to check that a delivery comes from Harmony."
        size="lg"
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
              label="Signing secret"
              value={issued.secret}
              copyLabel="Copy signing secret"
            />
            <CodeBlock samples={[{ label: "Check a delivery in Node.js", code: verifySnippet }]} />
            <p className="text-ink-muted text-sm">
              <code className="font-mono">rawBody</code> is the body as it arrived, before any JSON
              parser.{" "}
              <Link
                href="/docs/webhooks"
                target="_blank"
                className="rounded-sm text-brand-ink underline decoration-brand-line underline-offset-4 hover:decoration-current"
              >
                Complete receivers in Node.js, Python and Ruby
              </Link>
            </p>
          </>
        )}
      </DialogContent>
    </Dialog>
  );
}
