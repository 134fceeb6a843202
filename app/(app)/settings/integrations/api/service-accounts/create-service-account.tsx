"use client";

import { Plus } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { createServiceAccount } from "@/app/(app)/settings/integrations/api/service-accounts/actions";
import type { AccountChoices } from "@/app/(app)/settings/integrations/api/service-accounts/choices";
import { serviceAccountHref } from "@/app/(app)/settings/integrations/api/service-accounts/hrefs";
import { ServiceAccountForm } from "@/app/(app)/settings/integrations/api/service-accounts/service-account-form";
import { useAction } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import { Dialog, DialogTrigger } from "@/components/ui/dialog";

/** The button with its dialog; leads on to the new account, which needs a token or a client next. */
export function CreateServiceAccount({ choices }: { readonly choices: AccountChoices }) {
  const [open, setOpen] = useState(false);
  const router = useRouter();
  const action = useAction(createServiceAccount, {
    onSuccess: ({ id }) => {
      setOpen(false);
      router.push(serviceAccountHref(id));
    },
  });
  const change = (next: boolean) => {
    action.reset();
    setOpen(next);
  };
  return (
    <Dialog open={open} onOpenChange={change}>
      <DialogTrigger asChild>
        <Button variant="primary">
          <Plus />
          Create service account
        </Button>
      </DialogTrigger>
      <ServiceAccountForm
        title="Create a service account"
        submitLabel="Create"
        account={null}
        choices={choices}
        pending={action.pending}
        error={action.error}
        onSubmit={(input) => void action.run(input)}
      />
    </Dialog>
  );
}
