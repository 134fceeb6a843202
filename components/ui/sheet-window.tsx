"use client";

import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import { IconButton } from "@/components/ui/icon-button";
import { useDialogFocus } from "@/components/ui/use-dialog-focus";

const widths = { sm: "max-w-72", md: "max-w-md", lg: "max-w-2xl", xl: "max-w-5xl" } as const;
const sides = {
  right:
    "right-0 border-l data-[state=closed]:animate-to-right data-[state=open]:animate-from-right",
  left: "left-0 border-r data-[state=closed]:animate-to-left data-[state=open]:animate-from-left",
} as const;

export interface SheetContentProps
  extends Omit<ComponentProps<typeof Radix.Content>, "title" | "className"> {
  readonly title: ReactNode;
  readonly description?: ReactNode;
  readonly side?: keyof typeof sides;
  readonly size?: keyof typeof widths;
  /** Beside the cross, for example previous and next. */
  readonly actions?: ReactNode;
  readonly footer?: ReactNode;
}

interface SheetWindowProps extends SheetContentProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

/** What SheetContent shows; loaded with the first opening. */
export function SheetWindow({ open, onOpenChange, ...props }: SheetWindowProps) {
  const {
    title,
    description,
    side = "right",
    size = "md",
    actions,
    footer,
    children,
    ...rest
  } = props;
  const focus = useDialogFocus();
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-scrim data-[state=closed]:animate-fade-out data-[state=open]:animate-fade-in" />
        <Radix.Content
          {...(description === undefined ? { "aria-describedby": undefined } : {})}
          {...focus}
          {...rest}
          className={cn(
            "fixed inset-y-0 z-40 flex w-full flex-col bg-raised shadow-float outline-none",
            sides[side],
            widths[size],
          )}
        >
          <div className="flex items-start gap-2 border-b py-3 pr-3 pl-5">
            <div className="min-w-0 flex-1">
              <Radix.Title className="truncate font-semibold text-lg leading-8">
                {title}
              </Radix.Title>
              {description === undefined ? null : (
                <Radix.Description className="text-ink-muted text-sm">
                  {description}
                </Radix.Description>
              )}
            </div>
            {actions}
            <Radix.Close asChild>
              <IconButton label="Close">
                <X />
              </IconButton>
            </Radix.Close>
          </div>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard must be able to scroll it */}
          <div className="min-h-0 flex-1 overflow-y-auto px-5 py-4" tabIndex={0}>
            {children}
          </div>
          {footer === undefined ? null : (
            <div className="flex flex-wrap justify-end gap-2 border-t bg-canvas px-5 py-3">
              {footer}
            </div>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
