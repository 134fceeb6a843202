"use client";

import { Ellipsis, Pencil, UserMinus } from "lucide-react";
import { useState } from "react";
import type { MemberChoices } from "@/app/(app)/settings/members/choices";
import { EditMemberDialog } from "@/app/(app)/settings/members/edit-member-dialog";
import { RemoveMemberDialog } from "@/app/(app)/settings/members/remove-member-dialog";
import { Avatar } from "@/components/ui/avatar";
import { Badge } from "@/components/ui/badge";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { IconButton } from "@/components/ui/icon-button";
import { Status } from "@/components/ui/status";
import {
  ActionsHead,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import type { MemberRow } from "@/lib/members/service";

interface MembersTableProps {
  readonly rows: readonly MemberRow[];
  readonly choices: MemberChoices;
  /** The signed-in person. */
  readonly userId: string;
  readonly canUpdate: boolean;
}

/** The members with what they are and, for those who may, the menu to change it. */
export function MembersTable({ rows, choices, userId, canUpdate }: MembersTableProps) {
  const [editing, setEditing] = useState<MemberRow | null>(null);
  const [removing, setRemoving] = useState<MemberRow | null>(null);
  return (
    <>
      <Table label="Members">
        <TableHeader>
          <TableRow>
            <TableHead>Member</TableHead>
            <TableHead>Role</TableHead>
            <TableHead>Teams</TableHead>
            <TableHead>Reports to</TableHead>
            <TableHead>Seat</TableHead>
            {canUpdate ? <ActionsHead /> : null}
          </TableRow>
        </TableHeader>
        <TableBody>
          {rows.map((member) => (
            <TableRow key={member.id}>
              <TableCell>
                <span className="flex min-w-0 items-center gap-3">
                  <Avatar name={member.name} />
                  <span className="min-w-0">
                    <span className="flex items-center gap-2">
                      <span className="truncate font-medium">{member.name}</span>
                      {member.userId === userId ? <Badge>You</Badge> : null}
                    </span>
                    <span className="block truncate text-ink-muted text-sm">{member.email}</span>
                  </span>
                </span>
              </TableCell>
              <TableCell label="Role">{member.role.name}</TableCell>
              <TableCell label="Teams">
                <TeamBadges teams={member.teams} />
              </TableCell>
              <TableCell label="Reports to">{member.manager?.name ?? <Nothing />}</TableCell>
              <TableCell label="Seat">
                {member.hasSeat ? (
                  <Status kind="success" label="Seat" plain />
                ) : (
                  <Status kind="neutral" label="No seat" plain />
                )}
              </TableCell>
              {canUpdate ? (
                <TableCell className="text-right">
                  <span className="ml-auto">
                    <MemberMenu
                      member={member}
                      isSelf={member.userId === userId}
                      onEdit={() => setEditing(member)}
                      onRemove={() => setRemoving(member)}
                    />
                  </span>
                </TableCell>
              ) : null}
            </TableRow>
          ))}
        </TableBody>
      </Table>
      <EditMemberDialog member={editing} choices={choices} onClose={() => setEditing(null)} />
      <RemoveMemberDialog
        member={removing}
        isSelf={removing?.userId === userId}
        onClose={() => setRemoving(null)}
      />
    </>
  );
}

interface MemberMenuProps {
  readonly member: MemberRow;
  readonly isSelf: boolean;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
}

function MemberMenu({ member, isSelf, onEdit, onRemove }: MemberMenuProps) {
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <IconButton label={`Actions for ${member.name}`}>
          <Ellipsis />
        </IconButton>
      </DropdownMenuTrigger>
      <DropdownMenuContent>
        <DropdownMenuItem onSelect={onEdit}>
          <Pencil aria-hidden />
          Edit
        </DropdownMenuItem>
        <DropdownMenuItem danger onSelect={onRemove}>
          <UserMinus aria-hidden />
          {isSelf ? "Leave workspace" : "Remove member"}
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}

function TeamBadges({ teams }: { readonly teams: MemberRow["teams"] }) {
  if (teams.length === 0) return <Nothing />;
  return (
    <span className="flex flex-wrap gap-1 max-sm:justify-end">
      {teams.map((team) => (
        <Badge key={team.id}>{team.name}</Badge>
      ))}
    </span>
  );
}

function Nothing() {
  return (
    <>
      <span aria-hidden className="text-ink-faint">
        –
      </span>
      <span className="sr-only">None</span>
    </>
  );
}
