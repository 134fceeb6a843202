"use client";

import { CopyButton } from "@/components/ui/copy-button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";

interface SecretFieldProps {
  readonly label: string;
  readonly value: string;
  readonly hint?: string;
  readonly copyLabel?: string;
}

/** A secret that is shown this once: read-only, selected as a whole on focus, with Copy. */
export function SecretField({ label, value, hint, copyLabel }: SecretFieldProps) {
  return (
    <Field label={label} {...(hint === undefined ? {} : { hint })}>
      <div className="flex gap-2">
        <Input
          mono
          readOnly
          value={value}
          autoComplete="off"
          spellCheck={false}
          // Backward, so that a long secret shows its beginning.
          onFocus={(event) => event.currentTarget.setSelectionRange(0, value.length, "backward")}
          className="bg-sunken"
        />
        <CopyButton
          value={value}
          label={copyLabel ?? `Copy ${label.toLowerCase()}`}
          text="Copy"
          size="md"
        />
      </div>
    </Field>
  );
}
