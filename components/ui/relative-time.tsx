"use client";

import { useSyncExternalStore } from "react";
import { formatUtc, formatWhen } from "@/components/ui/when";

interface RelativeTimeProps {
  /** ISO 8601, as the API gives it. */
  readonly value: string;
  /** "short" drops the time of other days; "date" never shows it; "datetime" always does. */
  readonly format?: "short" | "date" | "datetime";
  readonly className?: string;
}

const minuteMs = 60_000;
const minute = () => Math.floor(Date.now() / minuteMs);
const everyMinute = (changed: () => void) => {
  const timer = setInterval(changed, minuteMs / 2);
  return () => clearInterval(timer);
};
const serverMinute = () => null;

/**
 * A moment in the viewer's zone ("Today 14:05", "3 Feb 2026"), in UTC with the zone named until the
 * browser has taken over, so that server and browser print the same first. The full UTC time is the
 * title; text that is no date is shown as it is.
 */
export function RelativeTime({ value, format = "short", className }: RelativeTimeProps) {
  const current = useSyncExternalStore(everyMinute, minute, serverMinute);
  const date = new Date(value);
  if (Number.isNaN(date.getTime())) return <span className={className}>{value}</span>;
  const text =
    current === null
      ? `${formatWhen(date, { timeZone: "UTC", now: null }, format)} UTC`
      : formatWhen(
          date,
          {
            timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
            now: new Date(current * minuteMs),
          },
          format,
        );
  return (
    <time dateTime={date.toISOString()} title={formatUtc(date)} className={className}>
      {text}
    </time>
  );
}
