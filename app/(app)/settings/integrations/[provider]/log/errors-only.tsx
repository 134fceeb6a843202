"use client";

import { useQueryParam } from "@/components/hooks/use-query-param";
import { Checkbox } from "@/components/ui/checkbox";

/** Leaves only the syncs in which something failed. */
export function ErrorsOnly() {
  const [value, setValue, pending] = useQueryParam("errors");
  return (
    <span aria-busy={pending} className="flex h-8 items-center px-1">
      <Checkbox
        label="Errors only"
        checked={value === "1"}
        onCheckedChange={(on) => setValue(on ? "1" : "")}
      />
    </span>
  );
}
