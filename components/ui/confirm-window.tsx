"use client";

import { AlertDialog as Radix } from "radix-ui";
import { type FormEvent, type ReactNode, useState } from "react";
import { Button } from "@/components/ui/button";
import { DialogFooter } from "@/components/ui/dialog-footer";
import { Field } from "@/components/ui/field";
import { FormError } from "@/components/ui/form-error";
import { Input } from "@/components/ui/input";
import type { Problem } from "@/components/ui/problem";
import { useDialogFocus } from "@/components/ui/use-dialog-focus";

export interface ConfirmDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  /** A question that names the thing: "Revoke “Warehouse export”?" */
  readonly title: string;
  /** What stops, what stays, what can be undone. */
  readonly children: ReactNode;
  /** The verb of the action, never "OK". */
  readonly confirmLabel: string;
  readonly cancelLabel?: string;
  readonly tone?: "danger" | "primary";
  /** For the irreversible only: text that must be typed before the button works. */
  readonly typed?: string;
  readonly pending?: boolean;
  readonly error?: Problem | null;
  /** Called on confirm; close the dialog from here once it worked. */
  readonly onConfirm: () => void;
}

/** What ConfirmDialog shows; loaded with the first opening. */
export function ConfirmWindow(props: ConfirmDialogProps) {
  const { open, onOpenChange, title, children, typed, pending = false, error = null } = props;
  const { onOpenAutoFocus, onCloseAutoFocus } = useDialogFocus();
  const [text, setText] = useState("");
  const blocked = typed !== undefined && text.trim() !== typed;
  const change = (next: boolean) => {
    if (pending) return;
    setText("");
    onOpenChange(next);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!blocked) props.onConfirm();
  };
  return (
    <Radix.Root open={open} onOpenChange={change}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 grid items-end overflow-y-auto bg-scrim p-2 data-[state=closed]:animate-fade-out data-[state=open]:animate-fade-in sm:place-items-center sm:p-6">
          <Radix.Content
            onOpenAutoFocus={onOpenAutoFocus}
            onCloseAutoFocus={onCloseAutoFocus}
            className="w-full min-w-0 max-w-md rounded-lg border bg-raised shadow-float outline-none data-[state=closed]:animate-pop-out data-[state=open]:animate-pop-in max-sm:max-w-none"
          >
            <form onSubmit={submit}>
              <div className="flex flex-col gap-3 px-5 pt-4 pb-5">
                <Radix.Title className="break-words font-semibold text-lg">{title}</Radix.Title>
                <Radix.Description asChild>
                  <div className="flex flex-col gap-2 text-base text-ink-muted">{children}</div>
                </Radix.Description>
                {typed === undefined ? null : (
                  <Field label={`Type “${typed}” to confirm`}>
                    <Input
                      value={text}
                      onChange={(event) => setText(event.target.value)}
                      autoComplete="off"
                      spellCheck={false}
                    />
                  </Field>
                )}
                <FormError error={error} />
              </div>
              <DialogFooter>
                <Radix.Cancel asChild>
                  <Button data-autofocus={typed === undefined ? "" : undefined}>
                    {props.cancelLabel ?? "Cancel"}
                  </Button>
                </Radix.Cancel>
                <Button
                  type="submit"
                  variant={props.tone === "primary" ? "primary" : "danger"}
                  loading={pending}
                  disabled={blocked}
                >
                  {props.confirmLabel}
                </Button>
              </DialogFooter>
            </form>
          </Radix.Content>
        </Radix.Overlay>
      </Radix.Portal>
    </Radix.Root>
  );
}
