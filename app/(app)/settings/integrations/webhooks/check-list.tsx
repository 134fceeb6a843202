"use client";

import { useId, useState } from "react";
import { Checkbox } from "@/components/ui/checkbox";
import { formatCount, formatNumber } from "@/components/ui/format";
import { Input } from "@/components/ui/input";

interface CheckItem {
  readonly id: string;
  readonly name: string;
}

interface CheckListProps {
  readonly label: string;
  /** What one is called: "team". */
  readonly one: string;
  /** Where an "s" does not make it: "people". */
  readonly many?: string;
  /** What none chosen means. */
  readonly none?: string;
  readonly items: readonly CheckItem[];
  readonly chosen: readonly string[];
  readonly onChange: (chosen: string[]) => void;
  readonly error?: string | undefined;
}

/** From here on a list is searched rather than read. */
const searchFrom = 9;
const shownMax = 50;

/** Tick boxes of which none means all; of a long list the first 50 that fit and those that are chosen. */
export function CheckList(props: CheckListProps) {
  const { label, one, many, none = "All", items, chosen, onChange, error } = props;
  const [words, setWords] = useState("");
  const ownId = useId();
  const wanted = words.trim().toLocaleLowerCase("en");
  const fitting = items.filter(({ name }) => name.toLocaleLowerCase("en").includes(wanted));
  const isLong = items.length >= searchFrom;
  // What is chosen stays in sight, so that it can be taken back.
  const shown = fitting.filter(({ id }, index) => index < shownMax || chosen.includes(id));
  const hidden = fitting.length - shown.length;
  return (
    <fieldset
      className="flex min-w-0 flex-col gap-2"
      {...(error === undefined ? {} : { "aria-describedby": `${ownId}-error` })}
    >
      <legend className="mb-1.5 font-medium text-sm">
        {label}{" "}
        <span className="font-normal text-ink-muted">
          {chosen.length === 0 ? none : `${formatCount(chosen.length, one, many)} chosen`}
        </span>
      </legend>
      {items.length === 0 ? (
        <p className="text-ink-muted text-sm">There are none to choose from.</p>
      ) : null}
      {isLong ? (
        <Input
          type="search"
          aria-label={`Search ${label.toLocaleLowerCase("en")}`}
          placeholder="Search"
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
      ) : null}
      <div className="flex max-h-48 flex-col gap-2 overflow-y-auto p-0.5">
        {shown.map((item) => (
          <Checkbox
            key={item.id}
            label={<span className="break-words">{item.name}</span>}
            checked={chosen.includes(item.id)}
            onCheckedChange={(on) =>
              onChange(on ? [...chosen, item.id] : chosen.filter((other) => other !== item.id))
            }
          />
        ))}
        {items.length > 0 && fitting.length === 0 ? (
          <p className="text-ink-muted text-sm">Nothing has this name.</p>
        ) : null}
        {hidden > 0 ? (
          <p className="text-ink-muted text-sm">{formatNumber(hidden)} more: search by name.</p>
        ) : null}
      </div>
      {error === undefined ? null : (
        <p id={`${ownId}-error`} role="alert" className="text-danger-ink text-sm">
          {error}
        </p>
      )}
    </fieldset>
  );
}
