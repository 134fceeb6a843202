"use client";

import { Slot } from "radix-ui";
import type { ComponentProps, MouseEvent } from "react";
import { type ButtonVariants, buttonVariants } from "@/components/ui/button-variants";
import { cn } from "@/components/ui/cn";
import { Spinner } from "@/components/ui/spinner";

interface ButtonProps extends ComponentProps<"button"> {
  readonly variant?: NonNullable<ButtonVariants["variant"]>;
  readonly size?: NonNullable<ButtonVariants["size"]>;
  /** Shows a spinner over the label and ignores presses; the button keeps its width and focus. */
  readonly loading?: boolean;
  /** Gives the look to the only child (a link, usually) instead of rendering a button. */
  readonly asChild?: boolean;
}

/** The button of the product. `type` is "button" unless said otherwise. */
export function Button({
  variant = "secondary",
  size = "md",
  loading = false,
  asChild = false,
  className,
  children,
  onClick,
  type = "button",
  ...props
}: ButtonProps) {
  const classes = cn(buttonVariants({ variant, size }), className);
  if (asChild) {
    return (
      <Slot.Root {...props} className={classes} {...(onClick ? { onClick } : {})}>
        {children}
      </Slot.Root>
    );
  }
  // `disabled` would drop the focus of the person who just pressed it.
  const guard = (event: MouseEvent<HTMLButtonElement>) => {
    if (loading) event.preventDefault();
    else onClick?.(event);
  };
  return (
    <button
      {...props}
      type={type}
      className={classes}
      onClick={guard}
      {...(loading ? { "aria-busy": true, "aria-disabled": true } : {})}
    >
      {loading ? (
        <>
          <span className="inline-flex items-center gap-1.5 opacity-0">{children}</span>
          <span className="absolute inset-0 grid place-items-center">
            <Spinner />
          </span>
        </>
      ) : (
        children
      )}
    </button>
  );
}
