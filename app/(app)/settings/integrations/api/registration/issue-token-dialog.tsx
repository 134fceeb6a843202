"use client";

import { type FormEvent, useState } from "react";
import { issueRegistrationToken } from "@/app/(app)/settings/integrations/api/registration/actions";
import { fieldErrors, formProblem } from "@/app/(auth)/form-problem";
import { useAction } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { FormError } from "@/components/ui/form-error";
import { Input } from "@/components/ui/input";
import { NativeSelect } from "@/components/ui/native-select";
import type { IssuedRegistrationToken } from "@/lib/oauth-server/registration-schema";

interface IssueTokenDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly onIssued: (issued: IssuedRegistrationToken) => void;
}

const formId = "issue-registration-token";
const lifetimes = [1, 7, 30, 90] as const;

/** Asks what the token is for and how long it works. */
export function IssueTokenDialog({ open, onOpenChange, onIssued }: IssueTokenDialogProps) {
  const action = useAction(issueRegistrationToken, {
    onSuccess: (issued) => {
      onOpenChange(false);
      onIssued(issued);
    },
  });
  const change = (next: boolean) => {
    action.reset();
    onOpenChange(next);
  };
  return (
    <Dialog open={open} onOpenChange={change}>
      <DialogContent
        title="New registration token"
        footer={
          <>
            <DialogClose asChild>
              <Button>Cancel</Button>
            </DialogClose>
            <Button type="submit" form={formId} variant="primary" loading={action.pending}>
              Create token
            </Button>
          </>
        }
      >
        <TokenForm error={action.error} onSubmit={(input) => void action.run(input)} />
      </DialogContent>
    </Dialog>
  );
}

interface TokenFormProps {
  readonly error: ReturnType<typeof useAction>["error"];
  readonly onSubmit: (input: { readonly name: string; readonly expires_in_days: number }) => void;
}

function TokenForm({ error, onSubmit }: TokenFormProps) {
  const [name, setName] = useState("");
  const [days, setDays] = useState(7);
  const errors = fieldErrors(error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit({ name, expires_in_days: days });
  };
  return (
    <form id={formId} method="post" noValidate onSubmit={submit} className="flex flex-col gap-4">
      <Field label="Name" hint="The program that uses it." error={errors.name} required>
        <Input
          value={name}
          maxLength={80}
          autoComplete="off"
          onChange={(event) => setName(event.target.value)}
        />
      </Field>
      <Field label="Expiration" error={errors.expires_in_days}>
        <NativeSelect value={days} onChange={(event) => setDays(Number(event.target.value))}>
          {lifetimes.map((count) => (
            <option key={count} value={count}>
              {count === 1 ? "In 1 day" : `In ${count} days`}
            </option>
          ))}
        </NativeSelect>
      </Field>
      <FormError error={formProblem(error)} />
    </form>
  );
}
