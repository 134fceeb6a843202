"use client";

import { Plus } from "lucide-react";
import dynamic from "next/dynamic";
import { useRef, useState } from "react";
import {
  addOAuthSecret,
  removeOAuthSecret,
} from "@/app/(app)/settings/integrations/api/oauth-apps/actions";
import type { IssuedOAuthSecret } from "@/app/(app)/settings/integrations/api/oauth-apps/issued-oauth-secret-dialog";
import { formProblem } from "@/app/(auth)/form-problem";
import { useAction } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { FormError } from "@/components/ui/form-error";
import { useEverOpen } from "@/components/ui/modal";
import { RelativeTime } from "@/components/ui/relative-time";
import { toast } from "@/components/ui/toast";
import { focusAgain } from "@/components/ui/use-dialog-focus";
import type { OAuthAppView, OAuthSecretView } from "@/lib/oauth-server/schema";

const IssuedOAuthSecretDialog = dynamic(() =>
  import("@/app/(app)/settings/integrations/api/oauth-apps/issued-oauth-secret-dialog").then(
    (module) => module.IssuedOAuthSecretDialog,
  ),
);

interface OAuthSecretsProps {
  readonly app: OAuthAppView;
  readonly mayAdd: boolean;
  readonly mayRemove: boolean;
}

const secretsMax = 2;

/** The live secrets of an app. A second one lets a server change over without a gap. */
export function OAuthSecrets({ app, mayAdd, mayRemove }: OAuthSecretsProps) {
  const [issued, setIssued] = useState<IssuedOAuthSecret | null>(null);
  const [removing, setRemoving] = useState<OAuthSecretView | null>(null);
  const addButton = useRef<HTMLButtonElement>(null);
  const add = useAction(addOAuthSecret, {
    onSuccess: ({ clientSecret }) => setIssued({ name: app.name, clientId: app.id, clientSecret }),
  });
  const showsIssued = useEverOpen(issued !== null);
  const { secrets } = app;
  const canAdd = mayAdd && secrets.length < secretsMax;
  return (
    <Card>
      <CardHeader
        title="Client secrets"
        description="At most two at a time: add a new one, change your server over, then remove the old one."
        actions={
          canAdd ? (
            <Button
              ref={addButton}
              size="sm"
              loading={add.pending}
              onClick={() => void add.run({ id: app.id })}
            >
              <Plus />
              Add a secret
            </Button>
          ) : undefined
        }
      />
      <CardBody>
        <FormError error={formProblem(add.error)} />
        <ul className="divide-y">
          {secrets.map((secret) => (
            <li
              key={secret.id}
              className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-2.5"
            >
              <span className="min-w-0">
                <code className="block font-mono text-sm">hsk_…{secret.last4}</code>
                <span className="block text-ink-muted text-sm">
                  Created <RelativeTime value={secret.createdAt} />,{" "}
                  {secret.lastUsedAt === null ? (
                    "never used"
                  ) : (
                    <>
                      last used <RelativeTime value={secret.lastUsedAt} />
                    </>
                  )}
                </span>
              </span>
              {mayRemove && secrets.length > 1 ? (
                <Button
                  size="sm"
                  aria-label={`Remove the secret that ends in ${secret.last4}`}
                  onClick={() => setRemoving(secret)}
                >
                  Remove
                </Button>
              ) : null}
            </li>
          ))}
        </ul>
        {mayRemove && secrets.length === 1 ? (
          <p className="pt-1 text-ink-muted text-sm">
            The only secret cannot be removed. Add another one first, or disable the app.
          </p>
        ) : null}
      </CardBody>
      <RemoveSecretDialog app={app} secret={removing} onClose={() => setRemoving(null)} />
      {showsIssued ? (
        <IssuedOAuthSecretDialog
          issued={issued}
          onStored={() => setIssued(null)}
          onClosed={() => focusAgain(addButton.current)}
        />
      ) : null}
    </Card>
  );
}

interface RemoveSecretDialogProps {
  readonly app: OAuthAppView;
  readonly secret: OAuthSecretView | null;
  readonly onClose: () => void;
}

function RemoveSecretDialog({ app, secret, onClose }: RemoveSecretDialogProps) {
  const action = useAction(removeOAuthSecret, {
    onSuccess: () => {
      toast.success("Secret removed");
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
      open={secret !== null}
      onOpenChange={change}
      title={`Remove the secret that ends in ${secret?.last4 ?? ""}?`}
      confirmLabel="Remove"
      pending={action.pending}
      error={formProblem(action.error)}
      onConfirm={() => {
        if (secret !== null) void action.run({ id: app.id, secret_id: secret.id });
      }}
    >
      <p>
        <strong className="font-medium text-ink">Stops at once:</strong> servers that still use this
        secret get no more tokens.
      </p>
      <p>
        <strong className="font-medium text-ink">Stays:</strong> the other secret, and what people
        allowed.
      </p>
      {secret?.lastUsedAt ? (
        <p>
          It was last used <RelativeTime value={secret.lastUsedAt} />.
        </p>
      ) : null}
    </ConfirmDialog>
  );
}
