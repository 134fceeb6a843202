"use client";

import { CopyButton } from "@/components/ui/copy-button";
import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/textarea";

interface SecretFieldProps {
  readonly label: string;
  readonly value: string;
  readonly hint?: string;
  readonly copyLabel?: string;
}

/**
 * A secret that is shown this once: read-only, whole even on a phone, selected
 * on focus, with Copy.
 */
export function SecretField({ label, value, hint, copyLabel }: SecretFieldProps) {
  return (
    <Field label={label} {...(hint === undefined ? {} : { hint })}>
      <div className="flex gap-2">
        <Textarea
          readOnly
          rows={1}
          value={value}
          autoComplete="off"
          spellCheck={false}
          onFocus={(event) => event.currentTarget.select()}
          className="min-h-8 resize-none break-all bg-sunken font-mono text-sm"
        />
        <CopyButton value={value} label={copyLabel ?? `Copy ${label}`} text="Copy" size="md" />
      </div>
    </Field>
  );
}
