"use client";

import { useRouter } from "next/navigation";
import { type ReactNode, useEffect, useRef } from "react";
import { useToolTasks } from "@/app/(app)/settings/integrations/[provider]/connect-sheet-host";
import { ConnectSteps } from "@/app/(app)/settings/integrations/[provider]/connect-steps";
import type { ConnectableTool } from "@/app/(app)/settings/integrations/[provider]/connectable-tool";
import { TestLines, useTest } from "@/app/(app)/settings/integrations/[provider]/connection-test";
import { LiveRun } from "@/app/(app)/settings/integrations/[provider]/live-run";
import { tabHref } from "@/app/(app)/settings/integrations/[provider]/tool-tabs";
import { useConnect } from "@/app/(app)/settings/integrations/[provider]/use-connect";
import { formProblem } from "@/app/(auth)/form-problem";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { FormError } from "@/components/ui/form-error";
import { withQuery } from "@/components/ui/query-string";
import { toast } from "@/components/ui/toast";
import { type Tone, tones } from "@/components/ui/tones";
import type { ConnectAttempt } from "@/lib/integrations/schema";

interface ReturnPanelProps {
  readonly tool: ConnectableTool;
  readonly attempt: ConnectAttempt;
  readonly onClose: () => void;
}

/** The result of the sign-in takes the focus, and its address becomes the page's own again. */
function useArrival(name: string, isConnected: boolean) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus();
    // Next learns of changed addresses from its own first effects on, which come after these.
    queueMicrotask(() => {
      const query = withQuery(window.location.search, { outcome: null, attempt: null });
      window.history.replaceState(null, "", `${window.location.pathname}${query}`);
    });
    if (isConnected) toast.success(`${name} connected`);
  }, [name, isConnected]);
  return heading;
}

/** How the sign-in at the tool ended (handbook D-08), and what to do next. */
export function ReturnPanel({ tool, attempt, onClose }: ReturnPanelProps) {
  const { name } = tool;
  const { outcome } = attempt;
  const heading = useArrival(name, outcome === "connected");
  const looks = looksOf(tool, attempt);
  return (
    <section
      aria-labelledby="connect-result"
      className={cn(
        "mb-5 flex flex-col gap-4 rounded-lg border bg-surface px-4 py-4 shadow-lift",
        tones[looks.tone].line,
      )}
    >
      {outcome === "connected" ? <ConnectSteps current="Set up" /> : null}
      <div>
        <h2 id="connect-result" ref={heading} tabIndex={-1} className="font-semibold text-lg">
          {looks.title}
        </h2>
        <div className="pt-1 text-base text-ink-muted">{looks.text}</div>
      </div>
      {outcome === "connected" ? (
        <SetUp tool={tool} onClose={onClose} />
      ) : (
        <NextStep tool={tool} attempt={attempt} onClose={onClose} />
      )}
    </section>
  );
}

interface Looks {
  readonly tone: Tone;
  readonly title: string;
  readonly text: ReactNode;
}

function looksOf({ name, idleReason }: ConnectableTool, attempt: ConnectAttempt): Looks {
  switch (attempt.outcome) {
    case "connected":
      return {
        tone: "success",
        title: `${name} connected`,
        text:
          idleReason === null
            ? "The defaults below are ready to use. Change what you like, then save."
            : `One thing is left: ${idleReason.charAt(0).toLowerCase()}${idleReason.slice(1)}, then save.`,
      };
    case "declined":
      return {
        tone: "neutral",
        title: "Connection cancelled",
        text: `${name} was not authorised. Nothing has changed.`,
      };
    case "expired":
      return {
        tone: "warning",
        title: "This sign-in link expired",
        text: "It works once, for ten minutes, in the browser that began it. Try again.",
      };
    case "missing_access":
      return {
        tone: "warning",
        title: `${name} is connected, but some access is missing`,
        text: <Missing missing={attempt.missing} />,
      };
    case "other_account":
      return {
        tone: "warning",
        title: "You signed in with another account",
        text: <Accounts attempt={attempt} />,
      };
    case "failed":
      return {
        tone: "danger",
        title: `${name} could not be connected`,
        text: attempt.message ?? `${name} did not say why. Try again.`,
      };
  }
}

function Missing({ missing }: Pick<ConnectAttempt, "missing">) {
  return (
    <>
      <p>Without it nothing can be synced. Reconnect and leave every box ticked.</p>
      {missing.length === 0 ? null : (
        <ul className="list-disc pt-1 pl-5">
          {missing.map((words) => (
            <li key={words}>{words}</li>
          ))}
        </ul>
      )}
    </>
  );
}

function Accounts({ attempt }: { readonly attempt: ConnectAttempt }) {
  const { oldAccount, newAccount } = attempt;
  return (
    <>
      <p>Nothing has changed yet. Which account should Harmony use?</p>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 pt-2">
        <dt>Until now</dt>
        <dd className="break-words font-medium text-ink">{oldAccount ?? "Unknown"}</dd>
        <dt>Signed in</dt>
        <dd className="break-words font-medium text-ink">{newAccount ?? "Unknown"}</dd>
      </dl>
    </>
  );
}

/** The third step: the test runs by itself, and the first sync is watched from here. */
function SetUp({ tool, onClose }: Omit<ReturnPanelProps, "attempt">) {
  const router = useRouter();
  const connectionId = tool.connection?.id ?? "";
  const test = useTest(connectionId, connectionId !== "");
  const done = () => {
    onClose();
    router.push(tabHref(tool.slug, "log"));
  };
  return (
    <>
      <TestLines toolName={tool.name} test={test} />
      {connectionId === "" ? null : <LiveRun connectionId={connectionId} isExpected />}
      <div>
        <Button variant="primary" onClick={done}>
          Done
        </Button>
      </div>
    </>
  );
}

function NextStep({ tool, attempt, onClose }: ReturnPanelProps) {
  const { connect: openSheet } = useToolTasks();
  const { connect, isLeaving, error } = useConnect(tool);
  const isOther = attempt.outcome === "other_account";
  return (
    <>
      <FormError error={formProblem(error)} />
      <div className="flex flex-wrap gap-2">
        {isOther ? (
          <Button
            variant="primary"
            loading={isLeaving}
            onClick={() => connect({ replaceAccount: true })}
          >
            Use {attempt.newAccount ?? "the other account"}
          </Button>
        ) : (
          <Button variant="primary" onClick={openSheet}>
            {attempt.outcome === "missing_access" ? "Reconnect" : "Try again"}
          </Button>
        )}
        <Button onClick={onClose}>
          {isOther ? `Keep ${attempt.oldAccount ?? "the account until now"}` : "Close"}
        </Button>
      </div>
    </>
  );
}
