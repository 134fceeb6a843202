"use client";

import { useState } from "react";
import { CreatedCell } from "@/app/(app)/settings/integrations/api/created-cell";
import { revokeRegistrationToken } from "@/app/(app)/settings/integrations/api/registration/actions";
import { formProblem } from "@/app/(auth)/form-problem";
import { useAction } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { NoValue } from "@/components/ui/data-list";
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
import type { RegistrationTokenView } from "@/lib/oauth-server/registration-schema";

interface RegistrationTokenTableProps {
  readonly tokens: readonly RegistrationTokenView[];
  readonly isAllowed: boolean;
  readonly mayRevoke: boolean;
}

/** The registration tokens, and a question before one is ended. */
export function RegistrationTokenTable(props: RegistrationTokenTableProps) {
  const { tokens, isAllowed, mayRevoke } = props;
  const [revoking, setRevoking] = useState<RegistrationTokenView | null>(null);
  const action = useAction(revokeRegistrationToken, {
    onSuccess: () => {
      toast.success("Registration token revoked");
      setRevoking(null);
    },
  });
  const change = (open: boolean) => {
    if (open) return;
    action.reset();
    setRevoking(null);
  };
  return (
    <>
      <Table crowded label="Registration tokens">
        <TableHeader>
          <TableRow>
            <TableHead>Name and token</TableHead>
            <TableHead>Created</TableHead>
            <TableHead>Last used</TableHead>
            <TableHead>Expires</TableHead>
            <TableHead>Status</TableHead>
            {mayRevoke ? <ActionsHead /> : null}
          </TableRow>
        </TableHeader>
        <TableBody>
          {tokens.map((token) => (
            <TableRow key={token.id}>
              <TableCell className="sm:w-full sm:min-w-40 sm:max-w-0">
                <span className="block min-w-0">
                  <span className="block truncate font-medium max-sm:whitespace-normal">
                    {token.name}
                  </span>
                  <code className="block truncate font-mono text-ink-muted text-xs">
                    hrg_…{token.last4}
                  </code>
                </span>
              </TableCell>
              <CreatedCell at={token.createdAt} by={token.createdBy} />
              <TableCell label="Last used" className="whitespace-nowrap text-ink-muted">
                {token.lastUsedAt === null ? "Never" : <RelativeTime value={token.lastUsedAt} />}
              </TableCell>
              <TableCell label="Expires" className="whitespace-nowrap text-ink-muted">
                <RelativeTime value={token.expiresAt} format="date" />
              </TableCell>
              <TableCell label="Status">
                {token.status === "active" && !isAllowed ? (
                  <Status kind="paused" label="Switched off" />
                ) : (
                  <Status kind={token.status} />
                )}
              </TableCell>
              {mayRevoke ? (
                <TableCell label="Actions" className="text-right">
                  {token.status === "active" ? (
                    <Button
                      size="sm"
                      aria-label={`Revoke ${token.name}`}
                      onClick={() => setRevoking(token)}
                    >
                      Revoke
                    </Button>
                  ) : (
                    <NoValue />
                  )}
                </TableCell>
              ) : null}
            </TableRow>
          ))}
        </TableBody>
      </Table>
      <ConfirmDialog
        open={revoking !== null}
        onOpenChange={change}
        title={`Revoke “${revoking?.name ?? ""}”?`}
        confirmLabel="Revoke"
        pending={action.pending}
        error={formProblem(action.error)}
        onConfirm={() => {
          if (revoking !== null) void action.run({ id: revoking.id });
        }}
      >
        <p>
          <strong className="font-medium text-ink">Stops at once:</strong> no app can be registered
          with it any more.
        </p>
        <p>
          <strong className="font-medium text-ink">Stays:</strong> apps that were registered with
          it, and the access that people gave them.
        </p>
      </ConfirmDialog>
    </>
  );
}
