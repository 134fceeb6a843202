"use client";

import { CircleCheck, CircleX } from "lucide-react";
import { useState } from "react";
import { testUrl } from "@/app/(app)/settings/integrations/webhooks/actions";
import { fieldErrors } from "@/app/(auth)/form-problem";
import { useAction } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { formatMilliseconds } from "@/components/ui/format";
import { Input } from "@/components/ui/input";
import { problemText } from "@/components/ui/problem";
import type { UrlTestResult } from "@/lib/webhooks/schema";

interface UrlFieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly error: string | undefined;
}

/** The receiver's address, with a test that is not needed for saving. */
export function UrlField({ value, onChange, error }: UrlFieldProps) {
  const { run, reset, pending, error: refusal, result } = useUrlTest();
  const change = (text: string) => {
    reset();
    onChange(text);
  };
  const wrong = error ?? fieldErrors(refusal).url;
  return (
    <div className="flex flex-col gap-1.5">
      <Field
        label="URL"
        hint="Receives a POST with JSON for each event. An https address that anybody can reach."
        error={wrong}
        required
      >
        <div className="flex gap-2">
          <Input
            type="url"
            inputMode="url"
            mono
            value={value}
            autoComplete="off"
            spellCheck={false}
            placeholder="https://example.com/webhooks/harmony"
            onChange={(event) => change(event.target.value)}
          />
          <Button loading={pending} onClick={() => run(value)}>
            Test
          </Button>
        </div>
      </Field>
      <div role="status" className="text-sm">
        {pending ? <span className="text-ink-muted">Sending a test to this address…</span> : null}
        {result === null ? null : <TestResult result={result} />}
        {refusal === null || wrong !== undefined ? null : (
          <span className="text-danger-ink">{problemText(refusal)}</span>
        )}
      </div>
    </div>
  );
}

/** The last test of the address as it stands; typing forgets it. */
function useUrlTest() {
  const [result, setResult] = useState<UrlTestResult | null>(null);
  const action = useAction(testUrl, { onSuccess: setResult });
  const forget = () => {
    setResult(null);
    action.reset();
  };
  return {
    ...action,
    result,
    reset: forget,
    run: (url: string) => {
      forget();
      void action.run({ url });
    },
  };
}

function TestResult({ result }: { readonly result: UrlTestResult }) {
  const { ok, status, durationMs, problem } = result;
  const Icon = ok ? CircleCheck : CircleX;
  const took = formatMilliseconds(durationMs);
  return (
    <span className={ok ? "flex gap-1.5 text-success-ink" : "flex gap-1.5 text-danger-ink"}>
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0" />
      <span className="min-w-0 break-words">
        {status === null ? `No answer after ${took}.` : `Answered ${status} in ${took}`}
        {status === null || problem === null ? null : "."}
        {problem === null ? null : ` ${problem}`}
      </span>
    </span>
  );
}
