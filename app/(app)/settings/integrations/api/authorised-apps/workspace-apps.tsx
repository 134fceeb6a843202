"use client";

import { useState } from "react";
import { decideApp } from "@/app/(app)/settings/integrations/api/authorised-apps/actions";
import { Publisher } from "@/app/(app)/settings/integrations/api/authorised-apps/authorised-app-list";
import { formProblem } from "@/app/(auth)/form-problem";
import { type ActionError, useAction } from "@/components/hooks/use-action";
import { AppMark } from "@/components/oauth/app-mark";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { FormError } from "@/components/ui/form-error";
import { formatCount } from "@/components/ui/format";
import { RelativeTime } from "@/components/ui/relative-time";
import { Status } from "@/components/ui/status";
import { toast } from "@/components/ui/toast";
import { SCOPES } from "@/lib/auth/scopes";
import type { WorkspaceApp } from "@/lib/oauth-server/approvals";

interface WorkspaceAppsProps {
  readonly apps: readonly WorkspaceApp[];
}

/** Apps that somebody asked for, decided about or connected, and what an admin can do about each. */
export function WorkspaceApps({ apps }: WorkspaceAppsProps) {
  const [blocking, setBlocking] = useState<WorkspaceApp | null>(null);
  const approve = useAction(decideApp, { onSuccess: () => toast.success("App approved") });
  const block = useAction(decideApp, {
    onSuccess: () => {
      toast.success("App blocked");
      setBlocking(null);
    },
  });
  const [approving, setApproving] = useState<string | null>(null);
  const onApprove = (app: WorkspaceApp) => {
    setApproving(app.id);
    void approve.run({ id: app.id, seen: app.approval, decision: "approved" });
  };
  const close = () => {
    block.reset();
    setBlocking(null);
  };
  return (
    <>
      <ul className="flex flex-col gap-3">
        {apps.map((app) => (
          <li key={app.id} className="rounded-lg border bg-surface p-4 shadow-lift">
            <OneApp
              app={app}
              isApproving={approve.pending && approving === app.id}
              error={approving === app.id ? approve.error : null}
              onApprove={() => onApprove(app)}
              onBlock={() => setBlocking(app)}
            />
          </li>
        ))}
      </ul>
      <ConfirmDialog
        open={blocking !== null}
        onOpenChange={(open) => (open ? undefined : close())}
        title={`${blockLabel(blocking)} “${blocking?.name ?? ""}”?`}
        confirmLabel={blocking?.approval === "pending" ? "Block" : "Revoke all"}
        pending={block.pending}
        error={formProblem(block.error)}
        onConfirm={() => {
          if (blocking !== null)
            void block.run({ id: blocking.id, seen: blocking.approval, decision: "blocked" });
        }}
      >
        {blocking === null || blocking.people === 0 ? null : (
          <p>
            <strong className="font-medium text-ink">Stops at once:</strong>{" "}
            {formatCount(blocking.people, "person", "people")} here{" "}
            {blocking.people === 1 ? "lets" : "let"} it read in their name; its next request is
            refused for all of them.
          </p>
        )}
        <p>The app stays blocked: nobody in this workspace can connect it.</p>
        <p>
          You can allow it again later. People then connect it anew: what ends now does not come
          back.
        </p>
      </ConfirmDialog>
    </>
  );
}

function blockLabel(app: WorkspaceApp | null): string {
  return app?.approval === "pending" ? "Block" : "Revoke all access of";
}

interface OneAppProps {
  readonly app: WorkspaceApp;
  readonly isApproving: boolean;
  readonly error: ActionError | null;
  readonly onApprove: () => void;
  readonly onBlock: () => void;
}

function OneApp({ app, isApproving, error, onApprove, onBlock }: OneAppProps) {
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-3">
        <div className="flex min-w-0 flex-1 basis-56 items-start gap-3">
          <AppMark name={app.name} logoUrl={app.logoUrl} />
          <div className="min-w-0">
            <h3 className="break-words font-semibold text-base">{app.name}</h3>
            <Publisher {...app} />
            {app.description === "" ? null : (
              <p className="mt-1 break-words text-ink-muted text-sm">{app.description}</p>
            )}
          </div>
        </div>
        <div className="flex flex-wrap gap-2">
          {app.approval === "pending" ? (
            <Button
              size="sm"
              variant="primary"
              loading={isApproving}
              onClick={onApprove}
              aria-label={`Approve ${app.name}`}
            >
              Approve
            </Button>
          ) : null}
          {app.approval === null && !app.isOwn ? (
            <Button
              size="sm"
              loading={isApproving}
              onClick={onApprove}
              aria-label={`Approve ${app.name} for everybody`}
            >
              Approve for everybody
            </Button>
          ) : null}
          {app.approval === "blocked" ? (
            <Button
              size="sm"
              loading={isApproving}
              onClick={onApprove}
              aria-label={`Allow ${app.name} again`}
            >
              Allow again
            </Button>
          ) : (
            <Button
              size="sm"
              onClick={onBlock}
              aria-label={
                app.approval === "pending" ? `Block ${app.name}` : `Revoke all of ${app.name}`
              }
            >
              {app.approval === "pending" ? "Block" : "Revoke all of this app"}
            </Button>
          )}
        </div>
      </div>
      <AppState app={app} />
      <FormError error={formProblem(error)} />
    </div>
  );
}

function AppState({ app }: { readonly app: WorkspaceApp }) {
  if (app.request !== null) {
    return (
      <div className="text-sm">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-ink-muted">
          <Status kind="pending" label="Waiting for an admin" />
          <span className="break-words">
            Asked by {app.request.by}
            {app.request.others === 0 ? null : ` and ${formatCount(app.request.others, "other")}`} ·{" "}
            <RelativeTime value={app.request.at} />
          </span>
        </p>
        {app.request.scopes.length === 0 ? null : (
          <>
            <p className="pt-2">It asks for:</p>
            <ul className="list-disc pl-5">
              {app.request.scopes.map((scope) => (
                <li key={scope}>{SCOPES[scope].title}</li>
              ))}
            </ul>
          </>
        )}
      </div>
    );
  }
  const status =
    app.approval === "blocked" ? (
      <Status kind="disabled" label="Blocked" />
    ) : app.approval === "approved" ? (
      <Status kind="success" label="Approved" />
    ) : null;
  return (
    <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-ink-muted text-sm">
      {status}
      {app.decidedBy === null || app.decidedAt === null ? null : (
        <span className="break-words">
          by {app.decidedBy} · <RelativeTime value={app.decidedAt} />
        </span>
      )}
      {app.approval === "blocked" ? null : (
        <span className="tabular-nums">
          {app.people === 0 ? "Nobody uses it" : `${formatCount(app.people, "person", "people")}`}
        </span>
      )}
    </p>
  );
}
