"use client";

import { Ban, CirclePlay, Ellipsis, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import type { IssuedClientSecret } from "@/app/(app)/settings/integrations/api/service-accounts/[id]/issued-client-dialog";
import {
  addServiceClientSecret,
  deleteServiceClient,
  removeServiceClientSecret,
  setServiceClientStatus,
} from "@/app/(app)/settings/integrations/api/service-accounts/actions";
import { formProblem } from "@/app/(auth)/form-problem";
import { useAction } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { CopyableCode } from "@/components/ui/copyable-code";
import { DataList } from "@/components/ui/data-list";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { IconButton } from "@/components/ui/icon-button";
import { RelativeTime } from "@/components/ui/relative-time";
import { Status } from "@/components/ui/status";
import { toast } from "@/components/ui/toast";
import { SCOPES } from "@/lib/auth/scopes";
import type { ServiceClientView } from "@/lib/service-accounts/schema";

interface ClientCardProps {
  readonly client: ServiceClientView;
  readonly mayManage: boolean;
  readonly mayDelete: boolean;
  readonly onIssued: (issued: IssuedClientSecret) => void;
  /** The card is gone, so the focus needs a place. */
  readonly onDeleted: () => void;
}

type Question = "disable" | "delete" | { readonly removes: ServiceClientView["secrets"][number] };

/** One client: its ID, what it may do, its secrets, and what is done with it. */
export function ClientCard(props: ClientCardProps) {
  const { client, mayManage, mayDelete } = props;
  const [question, setQuestion] = useState<Question | null>(null);
  const enable = useAction(setServiceClientStatus, {
    onSuccess: () => toast.success("OAuth client enabled"),
    onError: (error) => toast.error(error.message),
  });
  return (
    <Card>
      <CardHeader
        title={
          <span className="flex flex-wrap items-center gap-2">
            {client.name}
            <Status kind={client.status} />
          </span>
        }
        actions={
          mayManage || mayDelete ? (
            <DropdownMenu>
              <DropdownMenuTrigger asChild>
                <IconButton label={`Actions for ${client.name}`}>
                  <Ellipsis />
                </IconButton>
              </DropdownMenuTrigger>
              <DropdownMenuContent>
                {mayManage && client.status === "active" ? (
                  <DropdownMenuItem onSelect={() => setQuestion("disable")}>
                    <Ban aria-hidden />
                    Disable
                  </DropdownMenuItem>
                ) : null}
                {mayManage && client.status === "disabled" ? (
                  <DropdownMenuItem
                    onSelect={() => void enable.run({ id: client.id, status: "active" })}
                  >
                    <CirclePlay aria-hidden />
                    Enable
                  </DropdownMenuItem>
                ) : null}
                {mayDelete ? (
                  <DropdownMenuItem danger onSelect={() => setQuestion("delete")}>
                    <Trash2 aria-hidden />
                    Delete
                  </DropdownMenuItem>
                ) : null}
              </DropdownMenuContent>
            </DropdownMenu>
          ) : undefined
        }
      />
      <CardBody>
        <DataList
          items={[
            {
              term: "Client ID",
              value: <CopyableCode value={client.id} label={`Copy client ID of ${client.name}`} />,
            },
            {
              term: "Access",
              value: client.scopes.map((scope) => SCOPES[scope].title).join("; "),
            },
            {
              term: "Last used",
              value:
                client.lastUsedAt === null ? "Never" : <RelativeTime value={client.lastUsedAt} />,
            },
            {
              term: client.authentication === "secret" ? "Secrets" : "Authentication",
              value:
                client.authentication === "secret" ? (
                  <ClientSecrets {...props} onRemove={(removes) => setQuestion({ removes })} />
                ) : (
                  "Signs with a key of its own (private_key_jwt)"
                ),
            },
          ]}
        />
      </CardBody>
      <ClientQuestion
        client={client}
        question={question}
        onClose={() => setQuestion(null)}
        onDeleted={props.onDeleted}
      />
    </Card>
  );
}

const secretsMax = 2;

interface ClientSecretsProps extends ClientCardProps {
  readonly onRemove: (secret: ServiceClientView["secrets"][number]) => void;
}

/** The live secrets by their last four; a second one lets the program change over without a gap. */
function ClientSecrets({ client, mayManage, mayDelete, onIssued, onRemove }: ClientSecretsProps) {
  const add = useAction(addServiceClientSecret, {
    onSuccess: ({ clientSecret }) =>
      onIssued({ clientId: client.id, name: client.name, clientSecret }),
    onError: (error) => toast.error(error.message),
  });
  return (
    <div className="flex flex-col items-start gap-2">
      <ul aria-label={`Secrets of ${client.name}`} className="flex w-full flex-col gap-1">
        {client.secrets.map((secret) => (
          <li key={secret.id} className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <code className="font-mono text-sm">hsk_…{secret.last4}</code>
            <span className="text-ink-muted text-sm">
              Created: <RelativeTime value={secret.createdAt} format="date" />. Last used:{" "}
              {secret.lastUsedAt === null ? "never" : <RelativeTime value={secret.lastUsedAt} />}
            </span>
            {mayDelete && client.secrets.length > 1 ? (
              <Button
                size="sm"
                variant="ghost"
                aria-label={`Remove the secret ending in ${secret.last4}`}
                onClick={() => onRemove(secret)}
              >
                Remove
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {mayManage && client.secrets.length < secretsMax ? (
        <Button size="sm" loading={add.pending} onClick={() => void add.run({ id: client.id })}>
          <Plus />
          New secret
        </Button>
      ) : null}
    </div>
  );
}

interface ClientQuestionProps {
  readonly client: ServiceClientView;
  readonly question: Question | null;
  readonly onClose: () => void;
  readonly onDeleted: () => void;
}

/** Asks before anything of a client stops. */
function ClientQuestion({ client, question, onClose, onDeleted }: ClientQuestionProps) {
  const disable = useAction(setServiceClientStatus, { onSuccess: onClose });
  const remove = useAction(removeServiceClientSecret, { onSuccess: onClose });
  const end = useAction(deleteServiceClient, {
    onSuccess: () => {
      toast.success("OAuth client deleted");
      onClose();
      onDeleted();
    },
  });
  const secret = typeof question === "object" && question !== null ? question.removes : null;
  const close = (action: typeof disable | typeof remove | typeof end) => (open: boolean) => {
    if (open) return;
    action.reset();
    onClose();
  };
  return (
    <>
      <ConfirmDialog
        open={question === "disable"}
        onOpenChange={close(disable)}
        title={`Disable “${client.name}”?`}
        confirmLabel="Disable"
        pending={disable.pending}
        error={formProblem(disable.error)}
        onConfirm={() => void disable.run({ id: client.id, status: "disabled" })}
      >
        <p>
          <strong className="font-medium text-ink">Stops at once:</strong> it gets no new tokens,
          and those that it has are refused (401) until you enable it again.
        </p>
      </ConfirmDialog>
      <ConfirmDialog
        open={question === "delete"}
        onOpenChange={close(end)}
        title={`Delete “${client.name}”?`}
        confirmLabel="Delete"
        pending={end.pending}
        error={formProblem(end.error)}
        onConfirm={() => void end.run({ id: client.id })}
      >
        <p>
          <strong className="font-medium text-ink">Ends for good:</strong> its secrets or keys and
          every token that it has. The next request with one is refused (401).
        </p>
        <p>
          <strong className="font-medium text-ink">Stays:</strong> the service account and its other
          credentials.
        </p>
      </ConfirmDialog>
      <ConfirmDialog
        open={secret !== null}
        onOpenChange={close(remove)}
        title={`Remove the secret ending in ${secret?.last4 ?? ""}?`}
        confirmLabel="Remove"
        pending={remove.pending}
        error={formProblem(remove.error)}
        onConfirm={() => {
          if (secret !== null) void remove.run({ id: client.id, secret_id: secret.id });
        }}
      >
        <p>
          A program that still uses it gets no new token. Tokens that it has work until they expire,
          within the hour.
        </p>
      </ConfirmDialog>
    </>
  );
}
