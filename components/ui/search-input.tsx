"use client";

import { Search, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useQueryParam } from "@/components/hooks/use-query-param";
import { isTyping, useSingleKeys } from "@/components/hooks/use-single-keys";
import { cn } from "@/components/ui/cn";
import { controlFrame } from "@/components/ui/control-styles";
import { IconButton } from "@/components/ui/icon-button";
import { Kbd } from "@/components/ui/kbd";
import { Spinner } from "@/components/ui/spinner";

interface SearchInputProps {
  /** Names the field: "Search meetings". */
  readonly label: string;
  /** The query parameter it is bound to. */
  readonly param?: string;
  readonly placeholder?: string;
  readonly className?: string;
}

const pauseMs = 250;

/** A search that lives in the address: types ahead, then `?q=…` and page 1. `/` moves the focus here. */
export function SearchInput({ label, param = "q", placeholder, className }: SearchInputProps) {
  const [value, setValue, pending] = useQueryParam(param);
  const [text, setText] = useState(value);
  const [known, setKnown] = useState(value);
  const input = useRef<HTMLInputElement>(null);
  const singleKeys = useSingleKeys();

  // The address changed by other means (back button, "Clear filters"): follow it.
  if (value !== known) {
    setKnown(value);
    if (value !== text.trim()) setText(value);
  }

  useEffect(() => {
    const wanted = text.trim();
    if (wanted === value) return;
    const timer = setTimeout(() => setValue(wanted), pauseMs);
    return () => clearTimeout(timer);
  }, [text, value, setValue]);

  useEffect(() => {
    if (!singleKeys) return;
    const focus = (event: KeyboardEvent) => {
      if (event.key !== "/" || event.defaultPrevented || isTyping(event)) return;
      event.preventDefault();
      input.current?.focus();
      input.current?.select();
    };
    document.addEventListener("keydown", focus);
    return () => document.removeEventListener("keydown", focus);
  }, [singleKeys]);

  return (
    <search className={cn("relative block w-full min-w-0 sm:w-64", className)}>
      <span className="pointer-events-none absolute inset-y-0 left-2.5 flex items-center text-ink-faint">
        {pending ? <Spinner label="Searching" /> : <Search aria-hidden className="size-4" />}
      </span>
      <input
        ref={input}
        type="search"
        data-search-input=""
        aria-label={label}
        placeholder={placeholder ?? label}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") setValue(text.trim());
          if (event.key === "Escape" && text !== "") setText("");
        }}
        className={cn(controlFrame, "h-8 pr-9 pl-8")}
      />
      <span className="absolute inset-y-0 right-1 flex items-center text-ink-faint">
        {text === "" ? (
          <span aria-hidden className="pointer-events-none px-1 pointer-coarse:hidden">
            {singleKeys ? <Kbd keys={["/"]} /> : null}
          </span>
        ) : (
          <IconButton
            label="Clear search"
            size="sm"
            className="size-6"
            onClick={() => {
              setText("");
              input.current?.focus();
            }}
          >
            <X />
          </IconButton>
        )}
      </span>
    </search>
  );
}
