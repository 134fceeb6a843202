"use client";

import { Check, Copy } from "lucide-react";
import type { ComponentProps } from "react";
import { Button } from "@/components/ui/button";
import { IconButton } from "@/components/ui/icon-button";
import { type CopyState, useCopy } from "@/components/ui/use-copy";

interface CopyButtonProps {
  readonly value: string;
  /** The whole action: "Copy API key". */
  readonly label: string;
  /** Shows a word beside the icon; the label still names the button. */
  readonly text?: string;
  readonly size?: "sm" | "md";
  readonly variant?: ComponentProps<typeof Button>["variant"];
}

const spoken: Readonly<Record<CopyState, string>> = {
  idle: "",
  copied: "Copied",
  failed: "Could not copy. Select the text and copy it yourself.",
};

/** Puts text on the clipboard and says "Copied", also to screen readers. */
export function CopyButton({ value, label, text, size = "sm", variant }: CopyButtonProps) {
  const { state, copy } = useCopy();
  const icon = state === "copied" ? <Check /> : <Copy />;
  return (
    <>
      {text === undefined ? (
        <IconButton
          label={state === "copied" ? "Copied" : label}
          size={size}
          variant={variant ?? "ghost"}
          onClick={(event) => void copy(value, event.currentTarget)}
        >
          {icon}
        </IconButton>
      ) : (
        <Button
          aria-label={label}
          size={size}
          variant={variant ?? "secondary"}
          onClick={(event) => void copy(value, event.currentTarget)}
        >
          {icon}
          {state === "copied" ? "Copied" : text}
        </Button>
      )}
      <span role="status" className="sr-only">
        {spoken[state]}
      </span>
    </>
  );
}
