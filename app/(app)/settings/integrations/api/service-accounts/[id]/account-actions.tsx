"use client";

import { Ban, CirclePlay, Pencil, Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import {
  deleteServiceAccount,
  setServiceAccountStatus,
  updateServiceAccount,
} from "@/app/(app)/settings/integrations/api/service-accounts/actions";
import type { AccountChoices } from "@/app/(app)/settings/integrations/api/service-accounts/choices";
import { serviceAccountsHref } from "@/app/(app)/settings/integrations/api/service-accounts/hrefs";
import { ServiceAccountForm } from "@/app/(app)/settings/integrations/api/service-accounts/service-account-form";
import { formProblem } from "@/app/(auth)/form-problem";
import { useAction } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Dialog, DialogTrigger } from "@/components/ui/dialog";
import { formatCount } from "@/components/ui/format";
import { toast } from "@/components/ui/toast";
import type { ServiceAccountView } from "@/lib/service-accounts/schema";

interface AccountActionsProps {
  readonly account: ServiceAccountView;
  /** Null where the plan has no service accounts: then one can only be switched off or deleted. */
  readonly choices: AccountChoices | null;
  readonly mayDelete: boolean;
}

/** Edit, Disable or Enable, and Delete. */
export function AccountActions({ account, choices, mayDelete }: AccountActionsProps) {
  return (
    <>
      {choices === null ? null : <EditAccount account={account} choices={choices} />}
      {account.status === "active" ? <DisableAccount account={account} /> : null}
      {account.status === "disabled" && choices !== null ? (
        <EnableAccount account={account} />
      ) : null}
      {mayDelete ? <DeleteAccount account={account} /> : null}
    </>
  );
}

interface OneAccountProps {
  readonly account: ServiceAccountView;
}

function EditAccount({ account, choices }: OneAccountProps & { readonly choices: AccountChoices }) {
  const [open, setOpen] = useState(false);
  const action = useAction(updateServiceAccount, {
    onSuccess: () => {
      toast.success("Service account saved");
      setOpen(false);
    },
  });
  const change = (next: boolean) => {
    action.reset();
    setOpen(next);
  };
  return (
    <Dialog open={open} onOpenChange={change}>
      <DialogTrigger asChild>
        <Button>
          <Pencil />
          Edit
        </Button>
      </DialogTrigger>
      <ServiceAccountForm
        title={`Edit “${account.name}”`}
        submitLabel="Save"
        account={account}
        choices={choices}
        pending={action.pending}
        error={action.error}
        onSubmit={(input) => void action.run({ ...input, id: account.id })}
      />
    </Dialog>
  );
}

function EnableAccount({ account }: OneAccountProps) {
  const action = useAction(setServiceAccountStatus, {
    onSuccess: () => toast.success("Service account enabled"),
    onError: (error) => toast.error(error.message),
  });
  return (
    <Button
      loading={action.pending}
      onClick={() => void action.run({ id: account.id, status: "active" })}
    >
      <CirclePlay />
      Enable
    </Button>
  );
}

const credentialWords = ({ tokens, clients }: ServiceAccountView) =>
  `${formatCount(tokens, "API token")} and ${formatCount(clients, "OAuth client")}`;

function DisableAccount({ account }: OneAccountProps) {
  const [open, setOpen] = useState(false);
  const action = useAction(setServiceAccountStatus, {
    onSuccess: () => {
      toast.success("Service account disabled");
      setOpen(false);
    },
  });
  const change = (next: boolean) => {
    action.reset();
    setOpen(next);
  };
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <Ban />
        Disable
      </Button>
      <ConfirmDialog
        open={open}
        onOpenChange={change}
        title={`Disable “${account.name}”?`}
        confirmLabel="Disable"
        pending={action.pending}
        error={formProblem(action.error)}
        onConfirm={() => void action.run({ id: account.id, status: "disabled" })}
      >
        <p>
          <strong className="font-medium text-ink">Stops at once:</strong> its{" "}
          {credentialWords(account)}. The next request with any of them is refused (401).
        </p>
        <p>
          <strong className="font-medium text-ink">Stays:</strong> everything, so that it goes on
          where it stopped when you enable it again.
        </p>
      </ConfirmDialog>
    </>
  );
}

function DeleteAccount({ account }: OneAccountProps) {
  const [open, setOpen] = useState(false);
  const router = useRouter();
  const action = useAction(deleteServiceAccount, {
    onSuccess: () => {
      toast.success("Service account deleted");
      router.push(serviceAccountsHref);
    },
  });
  const change = (next: boolean) => {
    action.reset();
    setOpen(next);
  };
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <Trash2 />
        Delete
      </Button>
      <ConfirmDialog
        open={open}
        onOpenChange={change}
        title={`Delete “${account.name}”?`}
        confirmLabel="Delete"
        pending={action.pending}
        error={formProblem(action.error)}
        onConfirm={() => void action.run({ id: account.id })}
      >
        <p>
          <strong className="font-medium text-ink">Ends for good:</strong> its{" "}
          {credentialWords(account)}. The next request with any of them is refused (401).
        </p>
        <p>
          <strong className="font-medium text-ink">Stays:</strong> what it uploaded, and its entries
          in the activity log.
        </p>
        <p>It cannot be brought back. To stop it only for a while, disable it instead.</p>
      </ConfirmDialog>
    </>
  );
}
