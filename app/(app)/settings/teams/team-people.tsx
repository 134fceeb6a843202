"use client";

import { X } from "lucide-react";
import { useState } from "react";
import { addToTeam, removeFromTeam } from "@/app/(app)/settings/teams/actions";
import { formProblem } from "@/app/(auth)/form-problem";
import { useAction } from "@/components/hooks/use-action";
import { Avatar } from "@/components/ui/avatar";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { FormError } from "@/components/ui/form-error";
import { IconButton } from "@/components/ui/icon-button";
import { NativeSelect } from "@/components/ui/native-select";
import type { TeamRow } from "@/lib/members/teams";

export interface TeamPeopleProps {
  readonly team: TeamRow | null;
  readonly people: readonly { readonly userId: string; readonly name: string }[];
  readonly onClose: () => void;
}

/** Who is in a team; people are added and taken out one at a time, each at once. */
export function TeamPeople({ team, people, onClose }: TeamPeopleProps) {
  return (
    <Dialog open={team !== null} onOpenChange={(open) => (open ? undefined : onClose())}>
      {team === null ? null : <People key={team.id} team={team} people={people} />}
    </Dialog>
  );
}

interface PeopleProps {
  readonly team: TeamRow;
  readonly people: TeamPeopleProps["people"];
}

function People({ team, people }: PeopleProps) {
  const [chosen, setChosen] = useState("");
  const add = useAction(addToTeam, { onSuccess: () => setChosen("") });
  const remove = useAction(removeFromTeam);
  const inside = new Set(team.members.map(({ userId }) => userId));
  const others = people.filter(({ userId }) => !inside.has(userId));
  const hidden = team.memberCount - team.members.length;
  return (
    <DialogContent
      title={`People in ${team.name}`}
      description="Team Managers see and edit the meetings of their teams."
    >
      <div className="flex items-end gap-2">
        <Field label="Add a member" className="flex-1">
          <NativeSelect value={chosen} onChange={(event) => setChosen(event.target.value)}>
            <option value="">Choose somebody</option>
            {others.map(({ userId, name }) => (
              <option key={userId} value={userId}>
                {name}
              </option>
            ))}
          </NativeSelect>
        </Field>
        <Button
          loading={add.pending}
          disabled={chosen === ""}
          onClick={() => void add.run({ teamId: team.id, userId: chosen })}
        >
          Add
        </Button>
      </div>
      <FormError error={formProblem(add.error) ?? formProblem(remove.error)} />
      {team.members.length === 0 ? (
        <p className="text-base text-ink-muted">Nobody is in this team yet.</p>
      ) : (
        <ul aria-label={`People in ${team.name}`} className="max-h-72 divide-y overflow-y-auto">
          {team.members.map(({ userId, name }) => (
            <li key={userId} className="flex items-center gap-3 py-2">
              <Avatar name={name} />
              <span className="min-w-0 flex-1 truncate text-base">{name}</span>
              <IconButton
                label={`Take ${name} out of the team`}
                size="sm"
                tooltipSide="left"
                loading={remove.pending}
                onClick={() => void remove.run({ teamId: team.id, userId })}
              >
                <X />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      {hidden > 0 ? (
        <p className="text-ink-muted text-sm">
          {hidden} more are not listed here; change their teams in Members.
        </p>
      ) : null}
    </DialogContent>
  );
}
