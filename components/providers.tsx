"use client";

import { ThemeProvider } from "next-themes";
import type { ReactNode } from "react";
import { Toaster } from "@/components/ui/toaster";
import { TooltipLayer } from "@/components/ui/tooltip-layer";

interface ProvidersProps {
  /** The request's CSP nonce, for the script that sets the theme before the first paint. */
  readonly nonce?: string;
  readonly children: ReactNode;
}

/** What every page needs around it in the browser. */
export function Providers({ nonce, children }: ProvidersProps) {
  return (
    <ThemeProvider
      attribute="class"
      defaultTheme="system"
      storageKey="harmony-theme"
      disableTransitionOnChange
      scriptProps={{ suppressHydrationWarning: true }}
      {...(nonce === undefined ? {} : { nonce })}
    >
      {children}
      <TooltipLayer />
      <Toaster />
    </ThemeProvider>
  );
}
