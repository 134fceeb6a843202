"use client";

import { type FormEvent, useState } from "react";
import { fieldErrors, formProblem } from "@/app/(auth)/form-problem";
import { joinSignedIn, joinWithNewAccount } from "@/app/invite/[token]/actions";
import { useAction } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { FormError } from "@/components/ui/form-error";
import { Input } from "@/components/ui/input";

interface JoinProps {
  readonly token: string;
  readonly workspace: string;
}

function useLeaving() {
  const [leaving, setLeaving] = useState(false);
  const leave = () => {
    setLeaving(true);
    window.location.assign("/");
  };
  return [leaving, leave] as const;
}

/** For somebody without an account: a name and a password of their own. */
export function NewAccountForm({
  token,
  workspace,
  email,
}: JoinProps & { readonly email: string }) {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [leaving, leave] = useLeaving();
  const action = useAction(joinWithNewAccount, { onSuccess: leave });
  const errors = fieldErrors(action.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void action.run({ token, name, password });
  };
  return (
    <form method="post" onSubmit={submit} className="flex flex-col gap-4" noValidate>
      <Field label="E-mail address" hint="The address that was invited.">
        <Input
          type="email"
          name="email"
          value={email}
          readOnly
          autoComplete="username"
          className="h-9 bg-sunken"
        />
      </Field>
      <Field label="Your name" error={errors.name} required>
        <Input
          name="name"
          autoComplete="name"
          value={name}
          onChange={(event) => setName(event.target.value)}
          className="h-9"
        />
      </Field>
      <Field
        label="Password"
        hint="At least 12 characters; a few words in a row do well."
        error={errors.password}
        required
      >
        <Input
          type="password"
          name="password"
          autoComplete="new-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          className="h-9"
        />
      </Field>
      <FormError error={formProblem(action.error)} />
      <Button type="submit" variant="primary" size="lg" loading={action.pending || leaving}>
        Join {workspace}
      </Button>
    </form>
  );
}

/** For somebody who is signed in with the invited address. */
export function JoinButton({ token, workspace }: JoinProps) {
  const [leaving, leave] = useLeaving();
  const action = useAction(joinSignedIn, { onSuccess: leave });
  return (
    <div className="flex flex-col gap-4">
      <FormError error={formProblem(action.error)} />
      <Button
        variant="primary"
        size="lg"
        loading={action.pending || leaving}
        onClick={() => void action.run({ token })}
      >
        Join {workspace}
      </Button>
    </div>
  );
}
