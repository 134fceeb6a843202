"use client";

import { Ellipsis, Pencil, Trash2, Users } from "lucide-react";
import { useState } from "react";
import { deleteTeam, renameTeam } from "@/app/(app)/settings/teams/actions";
import { TeamNameDialog } from "@/app/(app)/settings/teams/team-name-dialog";
import { TeamPeople, type TeamPeopleProps } from "@/app/(app)/settings/teams/team-people";
import { formProblem } from "@/app/(auth)/form-problem";
import { useAction } from "@/components/hooks/use-action";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Dialog } from "@/components/ui/dialog";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { formatNumber } from "@/components/ui/format";
import { IconButton } from "@/components/ui/icon-button";
import {
  ActionsHead,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import { toast } from "@/components/ui/toast";
import type { TeamRow } from "@/lib/members/teams";

interface TeamsTableProps {
  readonly teams: readonly TeamRow[];
  readonly people: TeamPeopleProps["people"];
  readonly canUpdate: boolean;
}

type Asking = { readonly what: "people" | "rename" | "delete"; readonly teamId: string } | null;

/** The teams, with the dialogs to change them. */
export function TeamsTable({ teams, people, canUpdate }: TeamsTableProps) {
  const [asking, setAsking] = useState<Asking>(null);
  const close = () => setAsking(null);
  const asked = (what: NonNullable<Asking>["what"]) =>
    asking?.what === what ? (teams.find(({ id }) => id === asking.teamId) ?? null) : null;
  return (
    <>
      <Table label="Teams">
        <TableHeader>
          <TableRow>
            <TableHead>Team</TableHead>
            <TableHead>People</TableHead>
            <TableHead numeric>Meetings</TableHead>
            {canUpdate ? <ActionsHead /> : null}
          </TableRow>
        </TableHeader>
        <TableBody>
          {teams.map((team) => (
            <TableRow key={team.id}>
              <TableCell className="font-medium">{team.name}</TableCell>
              <TableCell label="People">
                <Names team={team} />
              </TableCell>
              <TableCell label="Meetings" numeric>
                {formatNumber(team.meetingCount)}
              </TableCell>
              {canUpdate ? (
                <TableCell className="text-right">
                  <span className="ml-auto">
                    <TeamMenu team={team} onAsk={setAsking} />
                  </span>
                </TableCell>
              ) : null}
            </TableRow>
          ))}
        </TableBody>
      </Table>
      <TeamPeople team={asked("people")} people={people} onClose={close} />
      <RenameDialog team={asked("rename")} onClose={close} />
      <DeleteDialog team={asked("delete")} onClose={close} />
    </>
  );
}

const namesShown = 3;

function Names({ team }: { readonly team: TeamRow }) {
  if (team.memberCount === 0) return <span className="text-ink-muted">Nobody yet</span>;
  const names = team.members.slice(0, namesShown).map(({ name }) => name);
  const more = team.memberCount - names.length;
  return (
    <span className="text-ink-muted max-sm:text-right">
      {names.join(", ")}
      {more > 0 ? ` and ${formatNumber(more)} more` : ""}
    </span>
  );
}

interface TeamMenuProps {
  readonly team: TeamRow;
  readonly onAsk: (asking: Asking) => void;
}

function TeamMenu({ team, onAsk }: TeamMenuProps) {
  const ask = (what: NonNullable<Asking>["what"]) => () => onAsk({ what, teamId: team.id });
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <IconButton label={`Actions for ${team.name}`}>
          <Ellipsis />
        </IconButton>
      </DropdownMenuTrigger>
      <DropdownMenuContent>
        <DropdownMenuItem onSelect={ask("people")}>
          <Users aria-hidden />
          People
        </DropdownMenuItem>
        <DropdownMenuItem onSelect={ask("rename")}>
          <Pencil aria-hidden />
          Rename
        </DropdownMenuItem>
        <DropdownMenuItem danger onSelect={ask("delete")}>
          <Trash2 aria-hidden />
          Delete
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}

interface TeamDialogProps {
  readonly team: TeamRow | null;
  readonly onClose: () => void;
}

function RenameDialog({ team, onClose }: TeamDialogProps) {
  const action = useAction(renameTeam, {
    onSuccess: () => {
      toast.success("Team renamed");
      onClose();
    },
  });
  const change = (open: boolean) => {
    if (open) return;
    action.reset();
    onClose();
  };
  return (
    <Dialog open={team !== null} onOpenChange={change}>
      {team === null ? null : (
        <TeamNameDialog
          key={team.id}
          title={`Rename ${team.name}`}
          submitLabel="Rename"
          name={team.name}
          pending={action.pending}
          error={action.error}
          onSubmit={(name) => void action.run({ teamId: team.id, name })}
        />
      )}
    </Dialog>
  );
}

function DeleteDialog({ team, onClose }: TeamDialogProps) {
  const action = useAction(deleteTeam, {
    onSuccess: () => {
      toast.success("Team deleted");
      onClose();
    },
  });
  const change = (open: boolean) => {
    if (open) return;
    action.reset();
    onClose();
  };
  return (
    <ConfirmDialog
      open={team !== null}
      onOpenChange={change}
      title={`Delete the team ${team?.name ?? ""}?`}
      confirmLabel="Delete team"
      pending={action.pending}
      error={formProblem(action.error)}
      onConfirm={() => {
        if (team !== null) void action.run({ teamId: team.id });
      }}
    >
      <p>
        Its people stay in the workspace. A team that holds meetings, or that is the only one of an
        insight project, cannot be deleted.
      </p>
    </ConfirmDialog>
  );
}
