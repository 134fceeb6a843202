"use client";

import type { ReactNode } from "react";
import { useKeptSecret } from "@/components/hooks/use-kept-secret";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent } from "@/components/ui/dialog";

export interface ShownOnceProps<Issued> {
  /** What was just made; null while there is nothing to show. */
  readonly issued: Issued | null;
  /** The person says that they have it; from then on nobody can show it again. */
  readonly onStored: () => void;
  /** Called when it has closed: what asked for the secret is gone, so the focus needs a place. */
  readonly onClosed: () => void;
}

interface ShownOnceDialogProps<Issued> extends ShownOnceProps<Issued> {
  readonly title: string;
  readonly description?: string;
  /** "key": what the button says that the person has stored. */
  readonly noun: string;
  readonly size?: "lg";
  readonly children: (issued: Issued) => ReactNode;
}

/** A secret, shown this once. Only the button closes it; leaving the page asks first. */
export function ShownOnceDialog<Issued>({
  issued,
  onStored,
  onClosed,
  title,
  description = "Copy it now: it is shown this once, and only its fingerprint is kept.",
  noun,
  size,
  children,
}: ShownOnceDialogProps<Issued>) {
  useKeptSecret(issued !== null, onStored);
  return (
    <Dialog open={issued !== null}>
      <DialogContent
        title={title}
        description={description}
        {...(size === undefined ? {} : { size })}
        mustAnswer
        onCloseAutoFocus={(event) => {
          event.preventDefault();
          onClosed();
        }}
        footer={
          <Button variant="primary" onClick={onStored}>
            I have stored this {noun}
          </Button>
        }
      >
        {issued === null ? null : children(issued)}
      </DialogContent>
    </Dialog>
  );
}
