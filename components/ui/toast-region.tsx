"use client";

import { CircleCheck, CircleX, Info, TriangleAlert } from "lucide-react";
import { useTheme } from "next-themes";
import { type CSSProperties, useEffect } from "react";
import { Toaster as Sonner, toast as sonner } from "sonner";
import { type Toast, takeToasts } from "@/components/ui/toast";

const look: CSSProperties & Record<`--${string}`, string> = {
  "--normal-bg": "var(--raised)",
  "--normal-text": "var(--ink)",
  "--normal-border": "var(--line)",
  "--border-radius": "8px",
  fontFamily: "inherit",
};

function show({ kind, message, options }: Toast) {
  sonner[kind](message, options);
}

/** The toaster itself; loaded with the first toast. */
export function ToastRegion() {
  const { resolvedTheme } = useTheme();
  // The region below subscribes in its own effect, which runs before this one.
  useEffect(() => takeToasts(show), []);
  return (
    <Sonner
      theme={resolvedTheme === "dark" ? "dark" : "light"}
      position="bottom-center"
      closeButton
      duration={6000}
      style={look}
      icons={{
        success: <CircleCheck className="size-4 text-success-solid" />,
        error: <CircleX className="size-4 text-danger-solid" />,
        warning: <TriangleAlert className="size-4 text-warning-solid" />,
        info: <Info className="size-4 text-info-solid" />,
      }}
      toastOptions={{
        classNames: {
          toast: "text-base! shadow-float! gap-2.5!",
          title: "font-medium!",
          description: "text-ink-muted! text-sm!",
          actionButton: "h-7! rounded-md! bg-brand! text-on-brand! font-medium!",
          closeButton: "bg-raised! text-ink-muted! border-line!",
        },
      }}
    />
  );
}
