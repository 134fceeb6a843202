"use client";

import { useState } from "react";
import { revokeAuthorisedApp } from "@/app/(app)/settings/integrations/api/authorised-apps/actions";
import { formProblem } from "@/app/(auth)/form-problem";
import { useAction } from "@/components/hooks/use-action";
import { AppMark } from "@/components/oauth/app-mark";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { DataList } from "@/components/ui/data-list";
import { formatCount, formatNumber } from "@/components/ui/format";
import { RelativeTime } from "@/components/ui/relative-time";
import { Status } from "@/components/ui/status";
import { toast } from "@/components/ui/toast";
import { SCOPES } from "@/lib/auth/scopes";
import type { AuthorisedApp } from "@/lib/oauth-server/authorised-apps";

interface AuthorisedAppListProps {
  readonly rows: readonly AuthorisedApp[];
  /** `person`: whose each is, for admins; `workspace`: of which workspace each is, for the person. */
  readonly about: "person" | "workspace";
}

/** What people allowed apps, each with what it may do, what it did, and the way to end it. */
export function AuthorisedAppList({ rows, about }: AuthorisedAppListProps) {
  const [revoking, setRevoking] = useState<AuthorisedApp | null>(null);
  const action = useAction(revokeAuthorisedApp, {
    onSuccess: () => {
      toast.success("Access withdrawn");
      setRevoking(null);
    },
  });
  const close = () => {
    action.reset();
    setRevoking(null);
  };
  const whose = about === "person" ? `the name of ${revoking?.person.name ?? ""}` : "your name";
  return (
    <>
      <ul className="flex flex-col gap-3">
        {rows.map((row) => (
          <li key={row.id} className="rounded-lg border bg-surface p-4 shadow-lift">
            <AuthorisedItem row={row} about={about} onRevoke={() => setRevoking(row)} />
          </li>
        ))}
      </ul>
      <ConfirmDialog
        open={revoking !== null}
        onOpenChange={(open) => (open ? undefined : close())}
        title={`Withdraw the access of “${revoking?.app.name ?? ""}”?`}
        confirmLabel="Revoke"
        pending={action.pending}
        error={formProblem(action.error)}
        onConfirm={() => {
          if (revoking !== null) void action.run({ id: revoking.id });
        }}
      >
        <p>
          <strong className="font-medium text-ink">Stops at once:</strong> the app can read and
          upload nothing more in {whose}. Its next request is refused.
        </p>
        <p>
          <strong className="font-medium text-ink">Stays:</strong> what it has read before, and
          meetings that it uploaded.
        </p>
        <p>The app can be connected again from its own page, with a new consent.</p>
      </ConfirmDialog>
    </>
  );
}

interface AuthorisedItemProps {
  readonly row: AuthorisedApp;
  readonly about: AuthorisedAppListProps["about"];
  readonly onRevoke: () => void;
}

function AuthorisedItem({ row, about, onRevoke }: AuthorisedItemProps) {
  const { app } = row;
  const subject =
    about === "person"
      ? { term: "Allowed by", value: row.person.name }
      : { term: "Workspace", value: row.workspace };
  return (
    <>
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-3 pb-3">
        <div className="flex min-w-0 flex-1 basis-56 items-start gap-3">
          <AppMark name={app.name} logoUrl={app.logoUrl} />
          <div className="min-w-0">
            <h3 className="break-words font-semibold text-base">{app.name}</h3>
            <Publisher {...app} />
          </div>
        </div>
        <Button
          size="sm"
          onClick={onRevoke}
          aria-label={
            about === "person"
              ? `Revoke ${app.name} of ${row.person.name}`
              : `Revoke ${app.name} in ${row.workspace}`
          }
        >
          Revoke
        </Button>
      </div>
      <DataList
        items={[
          subject,
          {
            term: "It may",
            value: (
              <ul>
                {row.scopes.map((scope) => (
                  <li key={scope}>{SCOPES[scope].title}</li>
                ))}
              </ul>
            ),
          },
          {
            term: "Meetings of",
            value:
              row.teams === null
                ? about === "person"
                  ? "All teams that they can see"
                  : "All teams that you can see"
                : row.teams.join(", ") || "Teams that were deleted: none",
          },
          { term: "Allowed", value: <RelativeTime value={row.allowedAt} format="date" /> },
          {
            term: "Last used",
            value: row.lastUsedAt === null ? "Never" : <RelativeTime value={row.lastUsedAt} />,
          },
          { term: "Last 30 days", value: <Calls calls={row.calls} /> },
        ]}
      />
    </>
  );
}

interface PublisherProps {
  readonly publisher: string;
  readonly isOwn: boolean;
  readonly isDisabled: boolean;
}

/** Who publishes an app, and whether that is somebody whom this workspace knows. */
export function Publisher({ publisher, isOwn, isDisabled }: PublisherProps) {
  return (
    <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-ink-muted text-sm">
      <span className="min-w-0 break-words">
        {isOwn ? "Published by this workspace" : `Published by ${publisher}`}
      </span>
      {isOwn ? null : <Badge tone="warning">Unverified publisher</Badge>}
      {isDisabled ? <Status kind="disabled" label="Disabled by its publisher" /> : null}
    </p>
  );
}

function Calls({ calls }: Pick<AuthorisedApp, "calls">) {
  const total = calls.reduce((sum, { requests }) => sum + requests, 0);
  if (total === 0) return "Nothing";
  return (
    <details>
      <summary className="w-fit cursor-pointer rounded-sm tabular-nums">
        {formatCount(total, "request")}
      </summary>
      <ul className="pt-1.5 text-sm">
        {calls.map(({ what, requests }) => (
          <li key={what} className="flex max-w-xs justify-between gap-4 py-0.5">
            <span>{what}</span>
            <span className="text-ink-muted tabular-nums">{formatNumber(requests)}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
