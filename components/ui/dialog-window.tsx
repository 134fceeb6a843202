"use client";

import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import { DialogFooter } from "@/components/ui/dialog-footer";
import { IconButton } from "@/components/ui/icon-button";
import { useDialogFocus } from "@/components/ui/use-dialog-focus";

const widths = { sm: "max-w-sm", md: "max-w-lg", lg: "max-w-3xl" } as const;

export interface DialogContentProps
  extends Omit<ComponentProps<typeof Radix.Content>, "title" | "className"> {
  readonly title: ReactNode;
  readonly description?: ReactNode;
  readonly size?: keyof typeof widths;
  /** Buttons, right-aligned; the one that matters last. */
  readonly footer?: ReactNode;
  /** Without the cross and without closing on Escape or outside (a secret shown once). */
  readonly mustAnswer?: boolean;
}

function refuse(event: Event) {
  event.preventDefault();
}

interface DialogWindowProps extends DialogContentProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

/** What DialogContent shows; loaded with the first opening. */
export function DialogWindow({ open, onOpenChange, ...props }: DialogWindowProps) {
  const { title, description, size = "md", footer, mustAnswer = false, children, ...rest } = props;
  const focus = useDialogFocus();
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 grid items-end overflow-y-auto bg-scrim p-2 data-[state=closed]:animate-fade-out data-[state=open]:animate-fade-in sm:place-items-center sm:p-6">
          <Radix.Content
            {...(description === undefined ? { "aria-describedby": undefined } : {})}
            {...(mustAnswer ? { onEscapeKeyDown: refuse, onInteractOutside: refuse } : {})}
            {...focus}
            {...rest}
            className={cn(
              "relative flex w-full min-w-0 flex-col rounded-lg border bg-raised shadow-float outline-none data-[state=closed]:animate-pop-out data-[state=open]:animate-pop-in max-sm:max-w-none",
              widths[size],
            )}
          >
            <div className="flex items-start gap-4 px-5 pt-4">
              <div className="min-w-0 flex-1 pb-4">
                <Radix.Title className="font-semibold text-lg">{title}</Radix.Title>
                {description === undefined ? null : (
                  <Radix.Description className="mt-1 text-base text-ink-muted">
                    {description}
                  </Radix.Description>
                )}
              </div>
              {mustAnswer ? null : (
                <Radix.Close asChild>
                  <IconButton label="Close" size="sm" className="-mr-2">
                    <X />
                  </IconButton>
                </Radix.Close>
              )}
            </div>
            {children === undefined ? null : (
              <div className="flex min-w-0 flex-col gap-4 px-5 pb-5">{children}</div>
            )}
            {footer === undefined ? null : <DialogFooter>{footer}</DialogFooter>}
          </Radix.Content>
        </Radix.Overlay>
      </Radix.Portal>
    </Radix.Root>
  );
}
