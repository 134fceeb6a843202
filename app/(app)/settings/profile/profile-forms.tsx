"use client";

import { type FormEvent, useState } from "react";
import {
  changePassword,
  endAllSessions,
  endOtherSessions,
  renameMyself,
} from "@/app/(app)/settings/profile/actions";
import { fieldErrors, formProblem } from "@/app/(auth)/form-problem";
import { useAction } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Field } from "@/components/ui/field";
import { FormError } from "@/components/ui/form-error";
import { formatCount } from "@/components/ui/format";
import { Input } from "@/components/ui/input";
import { toast } from "@/components/ui/toast";

interface NameFormProps {
  readonly name: string;
  readonly email: string;
}

/** The person's name; the address is fixed, since invitations and Google sign-in hang on it. */
export function NameForm(props: NameFormProps) {
  const [name, setName] = useState(props.name);
  const action = useAction(renameMyself, { onSuccess: () => toast.success("Profile saved") });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void action.run({ name });
  };
  return (
    <form method="post" onSubmit={submit} className="flex max-w-md flex-col gap-4" noValidate>
      <Field label="Name" error={fieldErrors(action.error).name} required>
        <Input autoComplete="name" value={name} onChange={(event) => setName(event.target.value)} />
      </Field>
      <Field label="E-mail address" hint="You sign in with it. It cannot be changed.">
        <Input type="email" value={props.email} readOnly className="bg-sunken" />
      </Field>
      <FormError error={formProblem(action.error)} />
      <Button type="submit" variant="primary" loading={action.pending} className="self-start">
        Save
      </Button>
    </form>
  );
}

const blank = { current: "", next: "" };

/** A new password, after the current one. */
export function PasswordForm({ email }: { readonly email: string }) {
  const [values, setValues] = useState(blank);
  const action = useAction(changePassword, {
    onSuccess: ({ ended }) => {
      setValues(blank);
      const others = ended === 0 ? "" : ` ${formatCount(ended, "other session")} ended.`;
      toast.success(`Password changed.${others}`);
    },
  });
  const errors = fieldErrors(action.error);
  const bind = (name: keyof typeof blank) => ({
    type: "password",
    name,
    value: values[name],
    onChange: (event: { target: { value: string } }) =>
      setValues((before) => ({ ...before, [name]: event.target.value })),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void action.run(values);
  };
  return (
    <form method="post" onSubmit={submit} className="flex max-w-md flex-col gap-4" noValidate>
      {/* Tells password managers whose password this is. */}
      <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
      <Field label="Current password" error={errors.current} required>
        <Input {...bind("current")} autoComplete="current-password" />
      </Field>
      <Field
        label="New password"
        hint="At least 12 characters; a few words in a row do well. Your other sessions end."
        error={errors.next}
        required
      >
        <Input {...bind("next")} autoComplete="new-password" />
      </Field>
      <FormError error={formProblem(action.error)} />
      <Button type="submit" loading={action.pending} className="self-start">
        Change password
      </Button>
    </form>
  );
}

/** Signs out the other browsers, or all of them. */
export function SessionButtons({ others }: { readonly others: number }) {
  const [asking, setAsking] = useState(false);
  const endOthers = useAction(endOtherSessions, {
    onSuccess: ({ ended }) => toast.success(`${formatCount(ended, "session")} ended`),
  });
  const everywhere = useAction(endAllSessions, {
    onSuccess: () => window.location.assign("/login"),
  });
  return (
    <>
      {others === 0 ? null : (
        <Button loading={endOthers.pending} onClick={() => void endOthers.run({})}>
          Sign out other sessions
        </Button>
      )}
      <Button onClick={() => setAsking(true)}>Sign out everywhere</Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title="Sign out everywhere?"
        confirmLabel="Sign out everywhere"
        pending={everywhere.pending}
        error={formProblem(everywhere.error)}
        onConfirm={() => void everywhere.run({})}
      >
        <p>Every browser that is signed in as you is signed out at once, this one too.</p>
        <p>API keys keep working: they belong to the workspace, not to your sessions.</p>
      </ConfirmDialog>
    </>
  );
}
