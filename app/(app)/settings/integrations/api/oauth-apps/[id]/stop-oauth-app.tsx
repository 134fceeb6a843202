"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import {
  deleteOAuthApp,
  setOAuthAppStatus,
} from "@/app/(app)/settings/integrations/api/oauth-apps/actions";
import { oauthAppsHref } from "@/app/(app)/settings/integrations/api/oauth-apps/words";
import { formProblem } from "@/app/(auth)/form-problem";
import { useAction } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { FormError } from "@/components/ui/form-error";
import { formatCount } from "@/components/ui/format";
import { toast } from "@/components/ui/toast";
import type { OAuthAppView } from "@/lib/oauth-server/schema";

interface StopOAuthAppProps {
  readonly app: OAuthAppView;
  readonly mayDisable: boolean;
  readonly mayDelete: boolean;
}

/** Ends the app for a while, or for good. */
export function StopOAuthApp({ app, mayDisable, mayDelete }: StopOAuthAppProps) {
  const [asks, setAsks] = useState<"disable" | "delete" | null>(null);
  const enable = useAction(setOAuthAppStatus, {
    onSuccess: () => toast.success("OAuth app enabled"),
  });
  const close = () => setAsks(null);
  const isDisabled = app.status === "disabled";
  return (
    <Card>
      <CardHeader
        title="Stop this app"
        description="Disable it to refuse its tokens for a while; what people allowed stays. Deleting it ends that for good."
        actions={
          <>
            {mayDisable && isDisabled ? (
              <Button
                size="sm"
                loading={enable.pending}
                onClick={() => void enable.run({ id: app.id, status: "active" })}
              >
                Enable
              </Button>
            ) : null}
            {mayDisable && !isDisabled ? (
              <Button size="sm" onClick={() => setAsks("disable")}>
                Disable
              </Button>
            ) : null}
            {mayDelete ? (
              <Button size="sm" variant="danger" onClick={() => setAsks("delete")}>
                Delete
              </Button>
            ) : null}
          </>
        }
      />
      {enable.error === null ? null : (
        <CardBody>
          <FormError error={formProblem(enable.error)} />
        </CardBody>
      )}
      <DisableDialog app={app} open={asks === "disable"} onClose={close} />
      <DeleteDialog app={app} open={asks === "delete"} onClose={close} />
    </Card>
  );
}

interface StopDialogProps {
  readonly app: OAuthAppView;
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Who is affected, as the beginning of a sentence. */
function peopleWords(people: number): string {
  if (people === 0) return "Nobody has allowed it yet.";
  return `${formatCount(people, "person allows", "people allow")} it now.`;
}

function DisableDialog({ app, open, onClose }: StopDialogProps) {
  const action = useAction(setOAuthAppStatus, {
    onSuccess: () => {
      toast.success("OAuth app disabled");
      onClose();
    },
  });
  const change = (next: boolean) => {
    if (next) return;
    action.reset();
    onClose();
  };
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={change}
      title={`Disable “${app.name}”?`}
      confirmLabel="Disable"
      pending={action.pending}
      error={formProblem(action.error)}
      onConfirm={() => void action.run({ id: app.id, status: "disabled" })}
    >
      <p>{peopleWords(app.people)}</p>
      <p>
        <strong className="font-medium text-ink">Stops at once:</strong> its tokens are refused, it
        gets no new ones, and nobody can connect it.
      </p>
      <p>
        <strong className="font-medium text-ink">Stays:</strong> what people allowed. Once the app
        is enabled again, it goes on without asking them.
      </p>
    </ConfirmDialog>
  );
}

function DeleteDialog({ app, open, onClose }: StopDialogProps) {
  const router = useRouter();
  const action = useAction(deleteOAuthApp, {
    onSuccess: () => {
      toast.success("OAuth app deleted");
      onClose();
      router.replace(oauthAppsHref);
    },
  });
  const change = (next: boolean) => {
    if (next) return;
    action.reset();
    onClose();
  };
  const { people } = app;
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={change}
      title={`Delete “${app.name}”?`}
      confirmLabel="Delete"
      {...(people === 0 ? {} : { typed: app.name })}
      pending={action.pending}
      error={formProblem(action.error)}
      onConfirm={() => void action.run({ id: app.id })}
    >
      <p>
        <strong className="font-medium text-ink">
          {people === 0
            ? "Nobody has allowed it, so nobody loses anything."
            : `${formatCount(people, "person loses", "people lose")} access through it at once.`}
        </strong>
      </p>
      <p>
        Its client ID, secrets, keys and tokens stop working with the next request. What it read
        already is not in our hands.
      </p>
      <p>A deleted app cannot be brought back. To stop it for a while, disable it instead.</p>
    </ConfirmDialog>
  );
}
