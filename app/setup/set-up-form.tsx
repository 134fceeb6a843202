"use client";

import { type FormEvent, useState } from "react";
import { fieldErrors, formProblem } from "@/app/(auth)/form-problem";
import { setUp } from "@/app/setup/actions";
import { useAction } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { FormError } from "@/components/ui/form-error";
import { Input } from "@/components/ui/input";

interface SetUpFormProps {
  /** From the printed link; empty when somebody came without it. */
  readonly token: string;
}

const empty = { workspace: "", name: "", email: "", password: "" };

/** The first workspace and its Admin. */
export function SetUpForm(props: SetUpFormProps) {
  const [values, setValues] = useState({ ...empty, token: props.token });
  const [leaving, setLeaving] = useState(false);
  const action = useAction(setUp, {
    onSuccess: () => {
      setLeaving(true);
      window.location.assign("/");
    },
  });
  const errors = fieldErrors(action.error);
  const bind = (name: keyof typeof values) => ({
    name,
    value: values[name],
    onChange: (event: { target: { value: string } }) =>
      setValues((before) => ({ ...before, [name]: event.target.value })),
    className: "h-9",
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void action.run(values);
  };
  return (
    <form method="post" onSubmit={submit} className="flex flex-col gap-4" noValidate>
      <Field
        label="Set-up token"
        hint={props.token === "" ? "The start command printed a link that holds it." : undefined}
        error={errors.token}
        required
      >
        <Input {...bind("token")} mono autoComplete="off" spellCheck={false} />
      </Field>
      <Field label="Workspace name" hint="Usually your company." error={errors.workspace} required>
        <Input {...bind("workspace")} autoComplete="organization" />
      </Field>
      <Field label="Your name" error={errors.name} required>
        <Input {...bind("name")} autoComplete="name" />
      </Field>
      <Field label="E-mail address" error={errors.email} required>
        <Input {...bind("email")} type="email" inputMode="email" autoComplete="username" />
      </Field>
      <Field
        label="Password"
        hint="At least 12 characters; a few words in a row do well."
        error={errors.password}
        required
      >
        <Input {...bind("password")} type="password" autoComplete="new-password" />
      </Field>
      <FormError error={formProblem(action.error)} />
      <Button type="submit" variant="primary" size="lg" loading={action.pending || leaving}>
        Create workspace
      </Button>
    </form>
  );
}
