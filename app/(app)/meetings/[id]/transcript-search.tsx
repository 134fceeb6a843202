"use client";

import { ChevronDown, ChevronUp, Search, X } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from "react";
import { isTyping, useSingleKeys } from "@/components/hooks/use-single-keys";
import { cn } from "@/components/ui/cn";
import { controlFrame } from "@/components/ui/control-styles";
import { formatNumber } from "@/components/ui/format";
import { IconButton } from "@/components/ui/icon-button";

interface TranscriptSearchProps {
  readonly query: string;
  readonly count: number;
  /** Which match is shown, from 1 on; 0 without any. */
  readonly position: number;
  /** The count belongs to what was typed before; the new one is on its way. */
  readonly pending: boolean;
  /** Where that match is, in words. */
  readonly place: string;
  readonly onQuery: (query: string) => void;
  /** 1 for the next match, -1 for the one before. */
  readonly onStep: (step: 1 | -1) => void;
  /** Stays in sight with the search. */
  readonly aside: ReactNode;
}

/** Search within the transcript; stays in sight while it scrolls. Enter goes on, Shift + Enter back. */
export function TranscriptSearch(props: TranscriptSearchProps) {
  const { query, count, position, pending, place, onQuery, onStep } = props;
  const input = useRef<HTMLInputElement>(null);
  const singleKeys = useSingleKeys();
  const searching = query.trim() !== "";

  const latest = useRef(onQuery);
  latest.current = onQuery;
  useEffect(() => {
    // Typed while the page was still loading: no event told of it.
    const typed = input.current?.value ?? "";
    if (typed !== "") latest.current(typed);
  }, []);

  useEffect(() => {
    if (!singleKeys) return;
    const focus = (event: globalThis.KeyboardEvent) => {
      if (event.key !== "/" || event.defaultPrevented || isTyping(event)) return;
      event.preventDefault();
      input.current?.focus();
      input.current?.select();
    };
    document.addEventListener("keydown", focus);
    return () => document.removeEventListener("keydown", focus);
  }, [singleKeys]);

  const press = (event: KeyboardEvent) => {
    if (event.key === "Escape") onQuery("");
    if (event.key !== "Enter") return;
    event.preventDefault();
    onStep(event.shiftKey ? -1 : 1);
  };
  const shown = `${formatNumber(position)} of ${formatNumber(count)}`;
  const found = count === 0 ? "No match" : shown;
  const said = searching && !pending ? found : "";
  return (
    <search className="sticky top-12 z-10 -mx-1 flex items-center gap-1 border-b bg-surface px-1 py-2 print:hidden">
      <span className="relative min-w-0 flex-1">
        <Search aria-hidden className="absolute top-2 left-2.5 size-4 text-ink-faint" />
        <input
          ref={input}
          type="search"
          data-search-input=""
          aria-label="Search in the transcript"
          placeholder="Search in the transcript"
          value={query}
          maxLength={200}
          onChange={(event) => onQuery(event.target.value)}
          onKeyDown={press}
          className={cn(controlFrame, "h-8 pr-3 pl-8")}
        />
      </span>
      {searching ? (
        <>
          <span aria-hidden className="shrink-0 px-1 text-ink-muted text-sm tabular-nums">
            {said}
          </span>
          <IconButton label="Previous match" disabled={count === 0} onClick={() => onStep(-1)}>
            <ChevronUp />
          </IconButton>
          <IconButton label="Next match" disabled={count === 0} onClick={() => onStep(1)}>
            <ChevronDown />
          </IconButton>
          <IconButton
            label="Clear search"
            onClick={() => {
              onQuery("");
              input.current?.focus();
            }}
          >
            <X />
          </IconButton>
        </>
      ) : null}
      {props.aside}
      <span role="status" className="sr-only">
        {said === shown ? `Match ${shown}: ${place}` : said}
      </span>
    </search>
  );
}
