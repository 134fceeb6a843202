"use client";

import type { MemberChoices } from "@/app/(app)/settings/members/choices";
import { Checkbox } from "@/components/ui/checkbox";

interface TeamChecksProps {
  readonly teams: MemberChoices["teams"];
  readonly chosen: readonly string[];
  readonly onChange: (teamIds: string[]) => void;
}

/** One tick box a team, scrolling inside itself when there are many. */
export function TeamChecks({ teams, chosen, onChange }: TeamChecksProps) {
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className="mb-1.5 font-medium text-sm">Teams</legend>
      {teams.length === 0 ? (
        <p className="text-ink-muted text-sm">There are no teams yet.</p>
      ) : (
        <div className="flex max-h-44 flex-col gap-2 overflow-y-auto p-0.5">
          {teams.map(({ id, name }) => (
            <Checkbox
              key={id}
              label={name}
              checked={chosen.includes(id)}
              onCheckedChange={(on) =>
                onChange(
                  on === true ? [...chosen, id] : chosen.filter((candidate) => candidate !== id),
                )
              }
            />
          ))}
        </div>
      )}
    </fieldset>
  );
}
