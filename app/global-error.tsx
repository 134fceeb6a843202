"use client";

import "@fontsource-variable/inter";
import "@/app/globals.css";
import { useEffect } from "react";
import { FailurePage } from "@/components/ui/failure-page";

interface GlobalErrorProps {
  readonly error: unknown;
  readonly retry: () => void;
}

/** Replaces the root layout when that fails, so it brings its own document and follows the system's theme. */
export default function GlobalError({ error, retry }: GlobalErrorProps) {
  useEffect(() => {
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    document.documentElement.classList.toggle("dark", dark);
  }, []);
  return (
    <html lang="en" suppressHydrationWarning>
      <body>
        <title>Something went wrong · Harmony</title>
        <FailurePage error={error} retry={retry} />
      </body>
    </html>
  );
}
