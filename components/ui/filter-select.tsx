"use client";

import { useQueryParam } from "@/components/hooks/use-query-param";
import { cn } from "@/components/ui/cn";
import { NativeSelect } from "@/components/ui/native-select";

interface FilterSelectProps {
  /** What is filtered: "Status". */
  readonly label: string;
  /** The query parameter it is bound to. */
  readonly param: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  /** The entry that removes the filter. */
  readonly allLabel?: string;
  readonly className?: string;
}

/** A filter that lives in the address; choosing an entry goes back to page 1. */
export function FilterSelect(props: FilterSelectProps) {
  const { label, param, options, allLabel, className } = props;
  const [value, setValue, pending] = useQueryParam(param);
  return (
    <NativeSelect
      aria-label={label}
      aria-busy={pending}
      value={value}
      onChange={(event) => setValue(event.target.value)}
      className={cn("w-auto min-w-36 max-sm:flex-1", className)}
    >
      <option value="">{allLabel ?? `${label}: all`}</option>
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </NativeSelect>
  );
}
