"use client";

import { ChevronDown } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { cn } from "@/components/ui/cn";

interface AboutDisclosureProps {
  readonly label: string;
  readonly children: ReactNode;
}

/** Folded on narrow screens, where it stands above the content; always open beside it. */
export function AboutDisclosure({ label, children }: AboutDisclosureProps) {
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <>
      <button
        type="button"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
        className="flex h-9 w-full items-center justify-between gap-2 rounded-lg border px-3 font-medium text-ink-muted text-sm hover:bg-hover lg:hidden"
      >
        {label}
        <ChevronDown
          aria-hidden
          className={cn("size-4 transition-transform", open && "rotate-180")}
        />
      </button>
      <div id={id} className={cn("max-lg:pt-4", !open && "max-lg:hidden")}>
        {children}
      </div>
    </>
  );
}
