"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useId, useState } from "react";
import { findPeople } from "@/app/(app)/meetings/[id]/actions";
import { answerOfAction } from "@/components/hooks/answer-of-action";
import { queryClient } from "@/components/hooks/query-client";
import { Avatar } from "@/components/ui/avatar";
import { cn } from "@/components/ui/cn";
import { controlFrame } from "@/components/ui/control-styles";
import { useFieldControl } from "@/components/ui/field-context";
import { problemText } from "@/components/ui/problem";
import type { PersonChoice } from "@/lib/meetings/people-choices";

interface PersonPickerProps {
  readonly kinds: readonly PersonChoice["kind"][];
  readonly placeholder: string;
  readonly autoFocus?: boolean;
  readonly onPick: (person: PersonChoice) => void;
  /** Takes the words as they were typed; without it somebody has to be chosen. */
  readonly onTyped?: (words: string) => void;
}

const pauseMs = 200;
const kindWords = { member: "Member", contact: "Contact" } as const;

/** Looks people up by name or address. Inside a Field it is that field's control; the arrows choose, Enter takes. */
export function PersonPicker(props: PersonPickerProps) {
  const { kinds, placeholder, autoFocus = false, onPick, onTyped } = props;
  const [words, setWords] = useState("");
  const [at, setAt] = useState(-1);
  const listId = useId();
  const [q, setQ] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setQ(words.trim()), pauseMs);
    return () => clearTimeout(timer);
  }, [words]);
  const people = useQuery(
    {
      queryKey: ["people", kinds, q],
      queryFn: () => answerOfAction(findPeople({ q, kinds: [...kinds] })),
      placeholderData: keepPreviousData,
    },
    queryClient(),
  );
  const found = people.data ?? [];

  const press = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      setAt(Math.max(-1, Math.min(found.length - 1, at + step)));
    }
    if (event.key !== "Enter") return;
    event.preventDefault();
    const person = found[at];
    if (person !== undefined) onPick(person);
    else if (words.trim() !== "") onTyped?.(words);
  };
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <input
        {...useFieldControl()}
        role="combobox"
        aria-expanded={found.length > 0}
        aria-controls={listId}
        aria-autocomplete="list"
        {...(found[at] === undefined ? {} : { "aria-activedescendant": `${listId}-${at}` })}
        autoComplete="off"
        // biome-ignore lint/a11y/noAutofocus: it opens in answer to a press, and this is what it is for
        autoFocus={autoFocus}
        placeholder={placeholder}
        maxLength={100}
        value={words}
        onChange={(event) => {
          setWords(event.target.value);
          setAt(-1);
        }}
        onKeyDown={press}
        className={cn(controlFrame, "h-8 px-2.5")}
      />
      <div
        id={listId}
        role="listbox"
        aria-label="People"
        tabIndex={-1}
        className="max-h-52 overflow-y-auto rounded-lg border p-1 empty:hidden"
      >
        {found.map((person, index) => (
          <div
            key={person.id}
            id={`${listId}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => onPick(person)}
            onKeyDown={press}
            className="flex cursor-default items-center gap-2 rounded-md px-2 py-1.5 text-base hover:bg-hover aria-selected:bg-hover aria-selected:outline-2 aria-selected:outline-ring aria-selected:-outline-offset-2"
          >
            <Avatar name={person.name} size="sm" />
            <span className="min-w-0 flex-1 truncate">{person.name}</span>
            <span className="min-w-0 max-w-1/2 truncate text-ink-muted text-sm">
              {kindWords[person.kind]}
              {person.company === null ? "" : `, ${person.company}`}
            </span>
          </div>
        ))}
      </div>
      <p role="status" className="text-ink-muted text-sm empty:hidden">
        {people.isError ? problemText(people.error) : null}
        {people.isSuccess && !people.isPlaceholderData && found.length === 0
          ? "Nobody has these words in their name or address."
          : null}
      </p>
    </div>
  );
}
