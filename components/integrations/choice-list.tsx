"use client";

import { RefreshCw } from "lucide-react";
import { useState } from "react";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { FormError } from "@/components/ui/form-error";
import { formatCount, formatNumber } from "@/components/ui/format";
import { Input } from "@/components/ui/input";
import type { Problem } from "@/components/ui/problem";
import { RadioGroup, RadioItem } from "@/components/ui/radio-group";
import { RelativeTime } from "@/components/ui/relative-time";
import { Spinner } from "@/components/ui/spinner";
import type { Choice } from "@/lib/integrations/contract";

interface ChoiceListProps {
  readonly label: string;
  /** Several can be chosen. */
  readonly many: boolean;
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
  /** Null while the tool is asked for the first time. */
  readonly choices: readonly Choice[] | null;
  readonly fetchedAt: string | null;
  readonly isLoading: boolean;
  readonly problem: Problem | null;
  readonly onRefresh: () => void;
  /** Where the tool offers too many to list them: an id that was pasted into the search can be chosen. */
  readonly takesPastedId: boolean;
  readonly disabled?: boolean;
}

/** From here on a list is searched rather than read. */
const searchFrom = 9;
const shownMax = 50;

/** What is shown of a list: what fits the words, and always what is chosen, so that it can be taken back. */
function fitting(choices: readonly Choice[], words: string, chosen: readonly string[]) {
  const wanted = words.trim().toLocaleLowerCase("en");
  const named = choices.filter(({ id, label }) =>
    [id, label].some((text) => text.toLocaleLowerCase("en").includes(wanted)),
  );
  const known = new Set(choices.map(({ id }) => id));
  const gone = chosen
    .filter((id) => !known.has(id))
    .map((id): Choice => ({ id, label: id, isGone: true }));
  const first = named.slice(0, shownMax);
  const rest = choices.filter((choice) => chosen.includes(choice.id) && !first.includes(choice));
  return { shown: [...gone, ...rest, ...first], hidden: named.length - first.length };
}

/** What was typed, where it can be an id that the list does not have. */
function pastedId(words: string, shown: readonly Choice[]): string | null {
  const text = words.trim();
  return /^\S{4,}$/.test(text) && !shown.some(({ id }) => id === text) ? text : null;
}

/** A list that a tool gives, to choose one or several of: searched when long, read anew on Refresh. */
export function ChoiceList(props: ChoiceListProps) {
  const { label, choices, isLoading, disabled = false, takesPastedId } = props;
  const [words, setWords] = useState("");
  const isLong = (choices?.length ?? 0) >= searchFrom || takesPastedId;
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <div className="flex gap-2">
        {isLong ? (
          <Input
            type="search"
            aria-label={`Search: ${label}`}
            placeholder={takesPastedId ? "Search by name, or paste an id" : "Search by name"}
            value={words}
            disabled={disabled}
            autoComplete="off"
            onChange={(event) => setWords(event.target.value)}
            onKeyDown={(event) => {
              // Enter would send the form around.
              if (event.key === "Enter") event.preventDefault();
            }}
          />
        ) : null}
        <Button loading={isLoading} disabled={disabled} onClick={props.onRefresh}>
          <RefreshCw />
          Refresh<span className="sr-only"> the list: {label}</span>
        </Button>
      </div>
      <FormError error={props.problem} />
      {choices === null ? (
        props.problem === null ? (
          <p role="status" className="flex items-center gap-2 text-ink-muted text-sm">
            <Spinner />
            Reading the list…
          </p>
        ) : null
      ) : (
        <Options {...props} choices={choices} words={words} />
      )}
    </div>
  );
}

interface OptionsProps extends ChoiceListProps {
  readonly choices: readonly Choice[];
  readonly words: string;
}

function Options(props: OptionsProps) {
  const { many, chosen, choices, words, fetchedAt, takesPastedId } = props;
  const { shown, hidden } = fitting(choices, words, chosen);
  const pasted = takesPastedId ? pastedId(words, shown) : null;
  const isEmpty = shown.length === 0 && pasted === null;
  return (
    <>
      <div className="max-h-56 overflow-y-auto rounded-lg border bg-surface p-3">
        {isEmpty ? (
          <p className="text-ink-muted text-sm">
            {words === "" ? "There is none to choose from." : "Nothing has this name."}
          </p>
        ) : many ? (
          <Several {...props} shown={shown} />
        ) : (
          <One {...props} shown={shown} pasted={pasted} />
        )}
      </div>
      <p role="status" className="text-ink-muted text-xs">
        {hidden > 0 ? `${formatNumber(hidden)} more: search by name. ` : null}
        {chosenWords(many, chosen, choices)}
        {fetchedAt === null ? null : (
          <>
            List as of <RelativeTime value={fetchedAt} format="datetime" />
          </>
        )}
      </p>
    </>
  );
}

/** What is chosen, in sight also where the list has scrolled away from it. */
function chosenWords(
  many: boolean,
  chosen: readonly string[],
  choices: readonly Choice[],
): string | null {
  const [first] = chosen;
  if (first === undefined) return null;
  if (many) return `${formatCount(chosen.length, "chosen", "chosen")}. `;
  return `Chosen: ${choices.find(({ id }) => id === first)?.label ?? first}. `;
}

interface ShownProps extends ChoiceListProps {
  readonly shown: readonly Choice[];
}

function Several({ shown, chosen, onChange, disabled = false }: ShownProps) {
  return (
    <div className="flex flex-col gap-2.5">
      {shown.map((choice) => (
        <Checkbox
          key={choice.id}
          label={<ChoiceLabel choice={choice} />}
          checked={chosen.includes(choice.id)}
          disabled={disabled}
          onCheckedChange={(on) =>
            onChange(on ? [...chosen, choice.id] : chosen.filter((id) => id !== choice.id))
          }
        />
      ))}
    </div>
  );
}

interface OneProps extends ShownProps {
  readonly pasted: string | null;
}

function One({ label, shown, pasted, chosen, onChange, disabled = false }: OneProps) {
  return (
    <RadioGroup aria-label={label} value={chosen[0] ?? ""} onValueChange={(id) => onChange([id])}>
      {shown.map((choice) => (
        <RadioItem
          key={choice.id}
          value={choice.id}
          label={<ChoiceLabel choice={choice} />}
          disabled={disabled}
        />
      ))}
      {pasted === null ? null : (
        <RadioItem
          value={pasted}
          label={
            <>
              Use the id <code className="font-mono text-sm">{pasted}</code>
            </>
          }
          disabled={disabled}
        />
      )}
    </RadioGroup>
  );
}

function ChoiceLabel({ choice }: { readonly choice: Choice }) {
  const { label, hint, isGone = false } = choice;
  return (
    <span className="break-words">
      {label}
      {hint === undefined ? null : <span className="text-ink-muted text-sm"> {hint}</span>}
      {isGone ? (
        <>
          {" "}
          <Badge tone="warning">Not offered any more</Badge>
        </>
      ) : null}
    </span>
  );
}
