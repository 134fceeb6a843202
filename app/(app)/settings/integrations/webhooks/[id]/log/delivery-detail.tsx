"use client";

import Link from "next/link";
import { useState } from "react";
import {
  answerOf,
  attemptsWords,
  curlOfAttempt,
  pretty,
  reasonOf,
} from "@/app/(app)/settings/integrations/webhooks/[id]/log/delivery-words";
import { openDelivery } from "@/app/(app)/settings/integrations/webhooks/[id]/log/use-delivery-param";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { CodeBlock } from "@/components/ui/code-block";
import type { CodeSamples } from "@/components/ui/code-text";
import { CopyButton } from "@/components/ui/copy-button";
import { DataList } from "@/components/ui/data-list";
import { formatMilliseconds } from "@/components/ui/format";
import { Notice } from "@/components/ui/notice";
import { RelativeTime } from "@/components/ui/relative-time";
import { Status } from "@/components/ui/status";
import { answerWords } from "@/components/webhooks/words";
import type { AttemptView, DeliveryView } from "@/lib/webhooks/schema";

/** What was sent and what came back. The newest attempt is shown until another one is chosen. */
export function DeliveryDetail({ delivery }: { readonly delivery: DeliveryView }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const { attemptLog } = delivery;
  const attempt = attemptLog.find(({ id }) => id === chosen) ?? attemptLog.at(-1) ?? null;
  return (
    <div className="flex flex-col gap-6">
      <Facts delivery={delivery} />
      <Outcome delivery={delivery} />
      <section aria-labelledby="attempts-title" className="flex flex-col gap-2">
        <h3 id="attempts-title" className="font-semibold text-base">
          Attempts
        </h3>
        {attempt === null ? (
          <p className="text-ink-muted text-sm">
            {delivery.status === "cancelled" ? "It was never sent." : "It has not been sent yet."}
          </p>
        ) : (
          <Attempts attempts={attemptLog} current={attempt} onChoose={setChosen} />
        )}
      </section>
      <div className="grid min-w-0 gap-6 lg:grid-cols-2">
        <Request delivery={delivery} attempt={attempt} />
        <Response attempt={attempt} />
      </div>
    </div>
  );
}

function IdValue({ id, what }: { readonly id: string; readonly what: string }) {
  return (
    <span className="flex min-w-0 items-center gap-1">
      <code className="min-w-0 truncate font-mono text-sm">{id}</code>
      <CopyButton value={id} label={`Copy the id of the ${what}`} />
    </span>
  );
}

function Facts({ delivery }: { readonly delivery: DeliveryView }) {
  const { eventId, meetingId, redeliveryOf, nextAttemptAt, completedAt } = delivery;
  const when = (value: string) => <RelativeTime value={value} format="datetime" />;
  return (
    <DataList
      layout="grid"
      className="grid-cols-[repeat(auto-fill,minmax(14rem,1fr))]"
      items={[
        { term: "Delivery", value: <IdValue id={delivery.id} what="delivery" /> },
        { term: "Created", value: when(delivery.createdAt) },
        { term: "Attempts", value: attemptsWords(delivery) },
        ...(nextAttemptAt === null ? [] : [{ term: "Next attempt", value: when(nextAttemptAt) }]),
        ...(completedAt === null ? [] : [{ term: "Finished", value: when(completedAt) }]),
        ...(eventId === null
          ? []
          : [{ term: "Event", value: <IdValue id={eventId} what="event" /> }]),
        ...(meetingId === null
          ? []
          : [
              {
                term: "Meeting",
                value: (
                  <Link
                    href={`/meetings/${meetingId}`}
                    className="rounded-sm text-brand-ink underline decoration-brand-line underline-offset-4 hover:decoration-current"
                  >
                    Open the meeting
                  </Link>
                ),
              },
            ]),
        ...(redeliveryOf === null
          ? []
          : [
              {
                term: "Redelivery of",
                value: (
                  <Button variant="link" onClick={() => openDelivery(redeliveryOf)}>
                    <code className="font-mono">{redeliveryOf}</code>
                  </Button>
                ),
              },
            ]),
        ...(delivery.isTest ? [{ term: "Kind", value: <Badge>Test</Badge> }] : []),
      ]}
    />
  );
}

/** Why it ended without success, in words; nothing for what is well or under way. */
function Outcome({ delivery }: { readonly delivery: DeliveryView }) {
  const reason = reasonOf(delivery);
  if (delivery.status === "cancelled") {
    return (
      <Notice tone="info" title="This was not sent">
        {reason ?? "It was cancelled."}
      </Notice>
    );
  }
  if (delivery.status !== "failed") return null;
  const answer = answerOf(delivery);
  return (
    <Notice tone="danger" title={reason ?? "The receiver did not accept it."}>
      {answer === null
        ? "Put the receiver right, then press Redeliver."
        : `The last answer: ${answer}. Put the receiver right, then press Redeliver.`}
    </Notice>
  );
}

// --- Attempts -------------------------------------------------------------------------------------------------

interface AttemptsProps {
  readonly attempts: readonly AttemptView[];
  readonly current: AttemptView;
  readonly onChoose: (id: string) => void;
}

function isSuccess({ responseStatus }: AttemptView): boolean {
  return responseStatus !== null && responseStatus >= 200 && responseStatus < 300;
}

const answered = ({ responseStatus, error }: AttemptView): string =>
  answerWords(responseStatus, error) ?? "No answer";

function Attempts({ attempts, current, onChoose }: AttemptsProps) {
  return (
    <ul className="overflow-hidden rounded-lg border">
      {attempts.map((attempt) => (
        <li key={attempt.id} className="border-b last:border-0">
          <button
            type="button"
            aria-pressed={attempt.id === current.id}
            onClick={() => onChoose(attempt.id)}
            className={cn(
              "flex min-h-10 w-full flex-wrap items-center gap-x-4 gap-y-0.5 px-3 py-1.5 text-left text-sm tabular-nums hover:bg-hover focus-visible:-outline-offset-2",
              attempt.id === current.id && "bg-brand-tint",
            )}
          >
            <span className="w-20 font-medium">Attempt {attempt.number}</span>
            <Status
              plain
              kind={isSuccess(attempt) ? "succeeded" : "failed"}
              label={answered(attempt)}
            />
            <span className="ml-auto text-ink-muted">{formatMilliseconds(attempt.durationMs)}</span>
            <RelativeTime
              value={attempt.startedAt}
              format="datetime"
              className="text-ink-muted sm:w-36 sm:text-right"
            />
          </button>
        </li>
      ))}
    </ul>
  );
}

function headerLines(headers: Readonly<Record<string, string>>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");
}

/** Pretty and raw where they differ, else one text under its name. */
function bodySamples(name: string, text: string): CodeSamples {
  const nice = pretty(text);
  if (nice === text) return [{ label: name, code: text }];
  return [
    { label: "Pretty", code: nice },
    { label: "Raw", code: text },
  ];
}

interface RequestProps {
  readonly delivery: DeliveryView;
  readonly attempt: AttemptView | null;
}

function Request({ delivery, attempt }: RequestProps) {
  return (
    <section aria-labelledby="request-title" className="flex min-w-0 flex-col gap-3">
      <div className="flex min-h-7 items-center justify-between gap-3">
        <h3 id="request-title" className="font-semibold text-base">
          Request
        </h3>
        {attempt === null || delivery.requestBody === null ? null : (
          <CopyButton
            value={curlOfAttempt(attempt, delivery.requestBody)}
            label="Copy this attempt as a curl command"
            text="Copy as curl"
          />
        )}
      </div>
      {attempt === null ? null : (
        <>
          <p className="break-all font-mono text-sm">POST {attempt.url}</p>
          <CodeBlock
            samples={[{ label: "Request headers", code: headerLines(attempt.requestHeaders) }]}
          />
        </>
      )}
      {delivery.requestBody === null ? (
        <p className="text-ink-muted text-sm">
          Only people who manage webhooks see the bodies: they name meetings.
        </p>
      ) : (
        <CodeBlock
          label="Request body"
          samples={bodySamples("Request body", delivery.requestBody)}
        />
      )}
    </section>
  );
}

const keptBytes = 2048;

function isCut(body: string): boolean {
  return new TextEncoder().encode(body).length >= keptBytes;
}

function timingWords({ durationMs, timings }: AttemptView): string {
  const parts = [
    timings.connect === undefined
      ? "Connection reused"
      : `Connected after ${formatMilliseconds(timings.connect)}`,
    timings.firstByte === undefined
      ? null
      : `first byte after ${formatMilliseconds(timings.firstByte)}`,
    `ended after ${formatMilliseconds(durationMs)}`,
  ];
  return `${parts.filter((part) => part !== null).join(", ")}.`;
}

function Response({ attempt }: { readonly attempt: AttemptView | null }) {
  return (
    <section aria-labelledby="response-title" className="flex min-w-0 flex-col gap-3">
      <div className="flex min-h-7 items-center gap-3">
        <h3 id="response-title" className="font-semibold text-base">
          Response
        </h3>
        {attempt === null ? null : (
          <span className="text-ink-muted text-sm">to attempt {attempt.number}</span>
        )}
      </div>
      {attempt === null ? (
        <p className="text-ink-muted text-sm">None.</p>
      ) : (
        <Answer attempt={attempt} />
      )}
    </section>
  );
}

function Answer({ attempt }: { readonly attempt: AttemptView }) {
  const { responseStatus, responseHeaders, responseBody, errorMessage } = attempt;
  return (
    <>
      <p className="text-sm">
        {responseStatus === null ? answered(attempt) : `HTTP ${responseStatus}`}
        <span className="block text-ink-muted">{timingWords(attempt)}</span>
      </p>
      {errorMessage === null ? null : <Notice tone="danger">{errorMessage}</Notice>}
      {responseHeaders === null ? null : (
        <CodeBlock samples={[{ label: "Response headers", code: headerLines(responseHeaders) }]} />
      )}
      {responseBody === null ? null : responseBody === "" ? (
        <p className="text-ink-muted text-sm">The answer had no body.</p>
      ) : (
        <>
          <CodeBlock label="Response body" samples={bodySamples("Response body", responseBody)} />
          {isCut(responseBody) ? (
            <p className="text-ink-muted text-sm">The first 2 KB are kept.</p>
          ) : null}
        </>
      )}
    </>
  );
}
