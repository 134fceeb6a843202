"use client";

import { CircleCheck, CircleX } from "lucide-react";
import { useEffect, useState } from "react";
import { testConnection } from "@/app/(app)/settings/integrations/actions";
import { formProblem } from "@/app/(auth)/form-problem";
import { type ActionError, useAction } from "@/components/hooks/use-action";
import { cn } from "@/components/ui/cn";
import { FormError } from "@/components/ui/form-error";
import { formatMilliseconds } from "@/components/ui/format";
import { Spinner } from "@/components/ui/spinner";
import type { TestResult } from "@/lib/integrations/schema";

interface ConnectionTest {
  readonly result: TestResult | null;
  readonly error: ActionError | null;
  readonly pending: boolean;
  readonly run: () => void;
}

/** Tests a connection each time that `isOn` becomes true, and on `run`. */
export function useTest(connectionId: string, isOn: boolean): ConnectionTest {
  const [result, setResult] = useState<TestResult | null>(null);
  const { run, pending, error } = useAction(testConnection, { onSuccess: setResult });
  useEffect(() => {
    if (isOn) void run({ connectionId });
  }, [isOn, connectionId, run]);
  return { result, error, pending, run: () => void run({ connectionId }) };
}

interface TestLinesProps {
  readonly toolName: string;
  readonly test: ConnectionTest;
}

/** The result line by line: the sign-in, then each option that is on. */
export function TestLines({ toolName, test }: TestLinesProps) {
  const { result, error, pending } = test;
  return (
    <div role="status" className="flex flex-col gap-3 text-base">
      {pending && result === null ? (
        <p className="flex items-center gap-2 text-ink-muted">
          <Spinner />
          Asking {toolName}…
        </p>
      ) : null}
      {result === null ? null : (
        <>
          <p className={cn("font-medium", pending && "opacity-60")}>
            {result.ok
              ? `${toolName} answered in ${formatMilliseconds(result.ms)}${
                  result.accountLabel === null ? "" : ` for ${result.accountLabel}`
                }.`
              : `${toolName} cannot be used as it is.`}
          </p>
          <ul className={cn("flex flex-col gap-2", pending && "opacity-60")}>
            {result.checks.map((check) => (
              <CheckLine key={check.label} check={check} />
            ))}
          </ul>
        </>
      )}
      <FormError error={formProblem(error)} />
    </div>
  );
}

function CheckLine({ check }: { readonly check: TestResult["checks"][number] }) {
  const Icon = check.ok ? CircleCheck : CircleX;
  return (
    <li className="flex gap-2">
      <Icon
        aria-hidden
        className={cn("mt-0.5 size-4 shrink-0", check.ok ? "text-success-ink" : "text-danger-ink")}
      />
      <span className="min-w-0">
        <span className="font-medium">{check.label}</span>
        <span className="sr-only">{check.ok ? " works." : " fails."}</span>
        <span className="block text-ink-muted text-sm">{check.message}</span>
      </span>
    </li>
  );
}
