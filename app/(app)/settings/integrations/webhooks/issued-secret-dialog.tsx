"use client";

import Link from "next/link";
import { CodeBlock } from "@/components/ui/code-block";
import { SecretField } from "@/components/ui/secret-field";
import { ShownOnceDialog, type ShownOnceProps } from "@/components/ui/shown-once-dialog";
import { verifySnippet } from "@/components/webhooks/verify-snippet";
import type { IssuedSecret } from "@/lib/webhooks/schema";

/** The signing secret, shown this once, with the lines that verify a delivery. */
export function IssuedSecretDialog(props: ShownOnceProps<IssuedSecret>) {
  return (
    <ShownOnceDialog
      {...props}
      title={`The signing secret of “${props.issued?.name ?? ""}”`}
      description="Copy it now: it is shown this once. Your receiver needs it to check that a delivery comes from Harmony."
      size="lg"
      noun="secret"
    >
      {({ secret }) => (
        <>
          <SecretField label="Signing secret" value={secret} copyLabel="Copy signing secret" />
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
    </ShownOnceDialog>
  );
}
