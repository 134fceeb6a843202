"use client";

import { unstable_rethrow } from "next/navigation";
import { useCallback, useRef, useState, useTransition } from "react";
import type { Problem } from "@/components/ui/problem";
import { toast } from "@/components/ui/toast";

/** Why a server action refused; `code` is one of the API's error codes. */
export interface ActionError extends Problem {
  readonly code: string;
  readonly details?: Record<string, unknown> | undefined;
}

/** What every server action answers. */
export type ActionResult<T> =
  | { readonly ok: true; readonly data: T }
  | { readonly ok: false; readonly error: ActionError };

interface UseActionOptions<T> {
  readonly onSuccess?: (data: T) => void;
  /** Called for refusals; unexpected failures raise a toast besides. */
  readonly onError?: (error: ActionError) => void;
}

const unreachable: ActionError = {
  code: "unreachable",
  message: "Harmony could not be reached.",
  fix: "Check your connection, then try again.",
};

/** Failures that no form can explain beside a field. */
const unexpected: ReadonlySet<string> = new Set(["server_error", "unreachable"]);

/**
 * Runs a server action: `run` starts it, `pending` lasts until its page updates are on screen,
 * `error` is the last refusal (cleared by the next run or `reset`). `run` resolves with the result;
 * when the action redirects, the page goes away and it never resolves.
 */
export function useAction<I, T>(
  action: (input: I) => Promise<ActionResult<T>>,
  options: UseActionOptions<T> = {},
) {
  const [pending, startTransition] = useTransition();
  const [error, setError] = useState<ActionError | null>(null);
  const latest = useRef(options);
  latest.current = options;

  const run = useCallback(
    (input: I) =>
      new Promise<ActionResult<T>>((resolve) => {
        startTransition(async () => {
          const result = await call(action, input);
          setError(result.ok ? null : result.error);
          if (result.ok) latest.current.onSuccess?.(result.data);
          else {
            if (unexpected.has(result.error.code)) announce(result.error);
            latest.current.onError?.(result.error);
          }
          resolve(result);
        });
      }),
    [action],
  );
  const reset = useCallback(() => setError(null), []);
  return { run, pending, error, reset };
}

async function call<I, T>(
  action: (input: I) => Promise<ActionResult<T>>,
  input: I,
): Promise<ActionResult<T>> {
  try {
    return await action(input);
  } catch (cause) {
    // Redirects and "not found" travel as errors that Next itself must see.
    unstable_rethrow(cause);
    return { ok: false, error: unreachable };
  }
}

function announce(error: ActionError) {
  const description = [error.fix, error.request_id].filter((part) => part !== undefined).join(" ");
  toast.error(error.message, description === "" ? {} : { description });
}
