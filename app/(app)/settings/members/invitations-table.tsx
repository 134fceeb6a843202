"use client";

import { useState } from "react";
import { resendInvitation, revokeInvitation } from "@/app/(app)/settings/members/actions";
import { InvitationLink } from "@/app/(app)/settings/members/invitation-link";
import { formProblem } from "@/app/(auth)/form-problem";
import { useAction } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { problemText } from "@/components/ui/problem";
import { RelativeTime } from "@/components/ui/relative-time";
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
import { toast } from "@/components/ui/toast";
import type { InvitationRow } from "@/lib/members/invitations";

interface InvitationsTableProps {
  readonly rows: readonly InvitationRow[];
  readonly canUpdate: boolean;
}

/** Invitations that nobody has accepted yet. */
export function InvitationsTable({ rows, canUpdate }: InvitationsTableProps) {
  const [revoking, setRevoking] = useState<InvitationRow | null>(null);
  const [link, setLink] = useState<{ email: string; link: string } | null>(null);
  const resend = useAction(resendInvitation, {
    onSuccess: (invited) => {
      if (invited.link === null) toast.success(`Invitation sent to ${invited.email} again`);
      else setLink({ email: invited.email, link: invited.link });
    },
    onError: (error) => toast.error(problemText(error)),
  });
  const revoke = useAction(revokeInvitation, {
    onSuccess: () => {
      toast.success("Invitation revoked");
      setRevoking(null);
    },
  });
  return (
    <>
      <Table label="Pending invitations">
        <TableHeader>
          <TableRow>
            <TableHead>E-mail address</TableHead>
            <TableHead>Role</TableHead>
            <TableHead>Teams</TableHead>
            <TableHead>Invited by</TableHead>
            <TableHead>Valid until</TableHead>
            {canUpdate ? <ActionsHead /> : null}
          </TableRow>
        </TableHeader>
        <TableBody>
          {rows.map((row) => (
            <TableRow key={row.id}>
              <TableCell className="font-medium">
                <span className="break-all">{row.email}</span>
              </TableCell>
              <TableCell label="Role">{row.role}</TableCell>
              <TableCell label="Teams">{row.teams.join(", ") || "–"}</TableCell>
              <TableCell label="Invited by">{row.inviter ?? "–"}</TableCell>
              <TableCell label="Valid until">
                {row.isExpired ? (
                  <Status kind="expired" plain />
                ) : (
                  <RelativeTime value={row.expiresAt.toISOString()} format="date" />
                )}
              </TableCell>
              {canUpdate ? (
                <TableCell>
                  <span className="ml-auto flex justify-end gap-1">
                    <Button
                      size="sm"
                      variant="ghost"
                      aria-label={`Resend the invitation of ${row.email}`}
                      onClick={() => void resend.run({ invitationId: row.id })}
                    >
                      Resend
                    </Button>
                    <Button
                      size="sm"
                      variant="ghost"
                      aria-label={`Revoke the invitation of ${row.email}`}
                      onClick={() => setRevoking(row)}
                    >
                      Revoke
                    </Button>
                  </span>
                </TableCell>
              ) : null}
            </TableRow>
          ))}
        </TableBody>
      </Table>
      <InvitationLink invited={link} onClose={() => setLink(null)} />
      <ConfirmDialog
        open={revoking !== null}
        onOpenChange={(open) => (open ? undefined : setRevoking(null))}
        title={`Revoke the invitation of ${revoking?.email ?? ""}?`}
        confirmLabel="Revoke invitation"
        pending={revoke.pending}
        error={formProblem(revoke.error)}
        onConfirm={() => {
          if (revoking !== null) void revoke.run({ invitationId: revoking.id });
        }}
      >
        <p>The link in the mail stops working at once. You can invite the same address again.</p>
      </ConfirmDialog>
    </>
  );
}
