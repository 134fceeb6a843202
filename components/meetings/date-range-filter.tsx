"use client";

import { CalendarDays } from "lucide-react";
import { useRouter, useSearchParams } from "next/navigation";
import { useState, useTransition } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Popover, PopoverContent, PopoverTrigger } from "@/components/ui/popover";
import { withQuery } from "@/components/ui/query-string";
import { formatWhen } from "@/components/ui/when";

const presets = [
  { label: "Last 7 days", days: 7 },
  { label: "Last 30 days", days: 30 },
  { label: "Last 90 days", days: 90 },
] as const;

const dayMs = 86_400_000;
const isoDay = (at: number) => new Date(at).toISOString().slice(0, 10);

function shown(day: string): string {
  const date = new Date(`${day.slice(0, 10)}T00:00:00Z`);
  return Number.isNaN(date.getTime())
    ? day
    : formatWhen(date, { timeZone: "UTC", now: null }, "date");
}

/** The range in words: "Any date", "Since 3 Feb 2026", "Until …", "3 Feb 2026 – 9 Feb 2026". */
function rangeWords(from: string, to: string): string {
  if (from === "" && to === "") return "Any date";
  if (to === "") return `Since ${shown(from)}`;
  return from === "" ? `Until ${shown(to)}` : `${shown(from)} – ${shown(to)}`;
}

interface DateRangeFilterProps {
  /** Whose date it is: "Date of the meeting". */
  readonly label?: string;
}

/** A range of days (UTC) that lives in the address as `date_from` and `date_to`. */
export function DateRangeFilter({ label = "Date of the meeting" }: DateRangeFilterProps) {
  const router = useRouter();
  const current = useSearchParams().toString();
  const [pending, startTransition] = useTransition();
  const [open, setOpen] = useState(false);
  const params = new URLSearchParams(current);
  const from = params.get("date_from") ?? "";
  const to = params.get("date_to") ?? "";

  const set = (dateFrom: string, dateTo: string) => {
    const query = withQuery(current, {
      date_from: dateFrom,
      date_to: dateTo,
      page: null,
      cursor: null,
    });
    startTransition(() => router.replace(query === "" ? "?" : query, { scroll: false }));
  };
  const choose = (dateFrom: string) => {
    set(dateFrom, "");
    setOpen(false);
  };
  return (
    <Popover open={open} onOpenChange={setOpen}>
      <PopoverTrigger asChild>
        <Button
          aria-busy={pending}
          className="border-line-control font-normal text-base shadow-none max-sm:flex-1"
        >
          <CalendarDays className="text-ink-faint" />
          <span className="sr-only">Date: </span>
          {rangeWords(from, to)}
        </Button>
      </PopoverTrigger>
      <PopoverContent aria-label={label} align="start" className="w-80">
        <div className="flex flex-col gap-4">
          <div className="flex flex-wrap gap-1.5">
            {presets.map(({ label, days }) => (
              <Button
                key={days}
                size="sm"
                onClick={() => choose(isoDay(Date.now() - days * dayMs))}
              >
                {label}
              </Button>
            ))}
          </div>
          <Field label="From">
            <Input
              type="date"
              defaultValue={from.slice(0, 10)}
              max={to.slice(0, 10)}
              onChange={(event) => set(event.target.value, to)}
            />
          </Field>
          <Field label="To" hint="Days are counted in UTC, both included.">
            <Input
              type="date"
              defaultValue={to.slice(0, 10)}
              min={from.slice(0, 10)}
              onChange={(event) => set(from, event.target.value)}
            />
          </Field>
          {from === "" && to === "" ? null : (
            <Button size="sm" variant="ghost" className="self-start" onClick={() => choose("")}>
              Any date
            </Button>
          )}
        </div>
      </PopoverContent>
    </Popover>
  );
}
