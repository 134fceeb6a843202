"use client";

import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { CopyButton } from "@/components/ui/copy-button";
import { type Problem, problemText } from "@/components/ui/problem";

interface ErrorStateProps {
  /** What could not be shown: "Meetings could not be loaded". */
  readonly title: string;
  readonly error: Problem;
  readonly onRetry?: () => void;
  readonly retrying?: boolean;
  /** Another way out, beside Retry. */
  readonly action?: ReactNode;
  readonly className?: string;
}

/** Stands where content would be: what happened, why, what to do, and the id that support asks for. */
export function ErrorState(props: ErrorStateProps) {
  const { title, error, onRetry, retrying = false, action, className } = props;
  const buttons = onRetry !== undefined || action !== undefined;
  return (
    <div
      role="alert"
      className={cn(
        "flex min-w-0 flex-col items-center rounded-lg border px-6 py-12 text-center",
        className,
      )}
    >
      <span className="mb-4 grid size-10 place-items-center rounded-lg bg-danger-tint text-danger-ink">
        <CircleAlert aria-hidden className="size-5" />
      </span>
      <p className="font-semibold text-lg">{title}</p>
      <p className="mt-1 max-w-md text-pretty break-words text-base text-ink-muted">
        {problemText(error)}
      </p>
      {buttons ? (
        <div className="mt-5 flex flex-wrap justify-center gap-2">
          {onRetry === undefined ? null : (
            <Button variant="primary" loading={retrying} onClick={onRetry}>
              Retry
            </Button>
          )}
          {action}
        </div>
      ) : null}
      {error.request_id === undefined ? null : (
        <p className="mt-5 flex max-w-full items-center gap-1 text-ink-faint text-xs">
          Request id
          <code className="min-w-0 truncate font-mono text-ink-muted">{error.request_id}</code>
          <CopyButton value={error.request_id} label="Copy request id" />
        </p>
      )}
    </div>
  );
}
