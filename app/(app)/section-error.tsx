"use client";

import { ErrorState } from "@/components/ui/error-state";

interface SectionErrorProps {
  /** What could not be shown: "Meetings could not be loaded". */
  readonly title: string;
  readonly error: unknown;
  readonly retry: () => void;
}

/** The digest under which the server's log has the failure; its text does not reach the browser. */
function digestOf(error: unknown): string | undefined {
  const digest = typeof error === "object" && error !== null && "digest" in error && error.digest;
  return typeof digest === "string" ? digest : undefined;
}

/** A failure of one page, inside the shell, so that the way elsewhere stays. */
export function SectionError({ title, error, retry }: SectionErrorProps) {
  return (
    <ErrorState
      title={title}
      error={{
        message: "Something went wrong on our side; nothing that you saved is lost",
        fix: "Retry. If it keeps happening, write to support with the id below.",
        request_id: digestOf(error),
      }}
      onRetry={retry}
    />
  );
}
