"use client";

import { buttonVariants } from "@/components/ui/button-variants";
import { FullPage } from "@/components/ui/full-page";

interface FailurePageProps {
  readonly error: unknown;
  readonly retry: () => void;
}

/** Server errors reach the browser without their text; the digest finds them in the server's log. */
function digestOf(error: unknown): string | null {
  if (typeof error !== "object" || error === null || !("digest" in error)) return null;
  return typeof error.digest === "string" ? error.digest : null;
}

/**
 * The page for a failure that nothing nearer could show. Every page loads this code in advance, so it
 * is plain buttons and links.
 */
export function FailurePage({ error, retry }: FailurePageProps) {
  const digest = digestOf(error);
  return (
    <FullPage
      overline="500"
      title="Something went wrong on our side"
      actions={
        <>
          <button
            type="button"
            onClick={retry}
            className={buttonVariants({ variant: "primary", size: "lg" })}
          >
            Try again
          </button>
          {/* A full page load: the state in this tab may be what is broken. */}
          <a href="/" className={buttonVariants({ size: "lg" })}>
            Go to Home
          </a>
        </>
      }
      footnote={
        digest === null ? undefined : (
          <>
            Error id <code className="select-all font-mono text-ink">{digest}</code>
          </>
        )
      }
    >
      The page could not be shown. Nothing that you saved is lost. Try again; if it keeps happening,
      write to support
      {digest === null ? " and say what you were doing." : " and give the error id below."}
    </FullPage>
  );
}
