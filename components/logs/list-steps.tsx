"use client";

import { ChevronDown, ChevronUp } from "lucide-react";
import { type ComponentProps, useEffect } from "react";
import { useSingleKeys } from "@/components/hooks/use-single-keys";
import { cn } from "@/components/ui/cn";
import { IconButton } from "@/components/ui/icon-button";

interface ListStepsProps {
  /** What the list has: "delivery". */
  readonly what: string;
  /** The list behind the drawer. */
  readonly rows: readonly { readonly id: string }[];
  readonly id: string | null;
  /** Whether the drawer is open: then `j` and `k` go along the list. */
  readonly isOn: boolean;
  readonly onOpen: (id: string) => void;
}

interface Neighbours {
  readonly previous: string | null;
  readonly next: string | null;
}

function neighboursOf(rows: ListStepsProps["rows"], id: string | null): Neighbours {
  const at = rows.findIndex((row) => row.id === id);
  if (at === -1) return { previous: null, next: null };
  return { previous: rows[at - 1]?.id ?? null, next: rows[at + 1]?.id ?? null };
}

function useListKeys({ previous, next }: Neighbours, { isOn, onOpen }: ListStepsProps) {
  const singleKeys = useSingleKeys();
  useEffect(() => {
    if (!isOn || !singleKeys) return;
    const go = (event: KeyboardEvent) => {
      if (event.metaKey || event.ctrlKey || event.altKey || event.isComposing) return;
      const id = event.key === "j" ? next : event.key === "k" ? previous : null;
      if (id !== null) onOpen(id);
    };
    document.addEventListener("keydown", go);
    return () => document.removeEventListener("keydown", go);
  }, [previous, next, isOn, singleKeys, onOpen]);
}

/** Previous and next of the list behind a drawer, with buttons and with keys. */
export function ListSteps(props: ListStepsProps) {
  const { what, rows, id, onOpen } = props;
  const neighbours = neighboursOf(rows, id);
  useListKeys(neighbours, props);
  return (
    <span className="flex">
      <Step label={`Previous ${what}`} keys={["k"]} to={neighbours.previous} onOpen={onOpen}>
        <ChevronUp />
      </Step>
      <Step label={`Next ${what}`} keys={["j"]} to={neighbours.next} onOpen={onOpen}>
        <ChevronDown />
      </Step>
    </span>
  );
}

interface StepProps extends Pick<ComponentProps<typeof IconButton>, "label" | "keys" | "children"> {
  readonly to: string | null;
  readonly onOpen: (id: string) => void;
}

/** At the list's end it does nothing; `disabled` would drop the focus of the person who got there with it. */
function Step({ to, onOpen, ...props }: StepProps) {
  return (
    <IconButton
      {...props}
      aria-disabled={to === null}
      className={cn(to === null && "opacity-50")}
      onClick={() => to !== null && onOpen(to)}
    />
  );
}
