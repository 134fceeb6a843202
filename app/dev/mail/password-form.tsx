"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { formProblem } from "@/app/(auth)/form-problem";
import { openMail } from "@/app/dev/mail/actions";
import { useAction } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { FormError } from "@/components/ui/form-error";
import { Input } from "@/components/ui/input";

/** Asks for the demo's password before mail is shown. */
export function PasswordForm() {
  const router = useRouter();
  const [password, setPassword] = useState("");
  const action = useAction(openMail, { onSuccess: () => router.refresh() });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void action.run({ password });
  };
  return (
    <form method="post" onSubmit={submit} className="flex max-w-sm flex-col gap-4">
      <Field label="Demo password">
        <Input
          type="password"
          autoComplete="off"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </Field>
      <FormError error={formProblem(action.error)} />
      <Button type="submit" variant="primary" loading={action.pending}>
        Show mail
      </Button>
    </form>
  );
}
