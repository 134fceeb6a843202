"use client";

import { RefreshCw } from "lucide-react";
import { useId, useState } from "react";
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

/** A list that a tool gives, to choose one or several of: searched when long, read anew on Refresh. */
export function ChoiceList(props: ChoiceListProps) {
  const { label, many, chosen, onChange, choices, isLoading, disabled = false } = props;
  const [words, setWords] = useState("");
  const listId = useId();
  const { shown, hidden } = fitting(choices ?? [], words, choices === null ? [] : chosen);
  const pasted = words.trim();
  const canPaste =
    props.takesPastedId && /^\S{4,}$/.test(pasted) && !shown.some(({ id }) => id === pasted);
  const isLong = (choices?.length ?? 0) >= searchFrom || props.takesPastedId;
  const choose = (id: string) => onChange([id]);
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <div className="flex gap-2">
        {isLong ? (
          <Input
            type="search"
            aria-label={`Search: ${label}`}
            placeholder={props.takesPastedId ? "Search by name, or paste an id" : "Search by name"}
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
      <div className="max-h-56 overflow-y-auto rounded-lg border bg-surface p-3 empty:hidden">
        {choices === null && props.problem === null ? (
          <p className="flex items-center gap-2 text-ink-muted text-sm">
            <Spinner />
            Reading the list…
          </p>
        ) : null}
        {many ? (
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
        ) : shown.length > 0 || canPaste ? (
          <RadioGroup aria-label={label} value={chosen[0] ?? ""} onValueChange={choose}>
            {shown.map((choice) => (
              <RadioItem
                key={choice.id}
                value={choice.id}
                label={<ChoiceLabel choice={choice} />}
                disabled={disabled}
              />
            ))}
            {canPaste ? (
              <RadioItem
                value={pasted}
                label={
                  <>
                    Use the id <code className="font-mono text-sm">{pasted}</code>
                  </>
                }
                disabled={disabled}
              />
            ) : null}
          </RadioGroup>
        ) : null}
        {choices !== null && shown.length === 0 && !canPaste ? (
          <p className="text-ink-muted text-sm">
            {words === "" ? "There is none to choose from." : "Nothing has this name."}
          </p>
        ) : null}
      </div>
      <p id={listId} role="status" className="text-ink-muted text-xs">
        {hidden > 0 ? `${formatNumber(hidden)} more: search by name. ` : null}
        {many && chosen.length > 0 ? `${formatCount(chosen.length, "chosen", "chosen")}. ` : null}
        {props.fetchedAt === null ? null : (
          <>
            List of <RelativeTime value={props.fetchedAt} format="datetime" />
          </>
        )}
      </p>
    </div>
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
