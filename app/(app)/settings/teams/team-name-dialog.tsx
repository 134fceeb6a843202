"use client";

import { type FormEvent, useState } from "react";
import { fieldErrors, formProblem } from "@/app/(auth)/form-problem";
import type { ActionError } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import { DialogClose, DialogContent } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { FormError } from "@/components/ui/form-error";
import { Input } from "@/components/ui/input";

interface TeamNameDialogProps {
  readonly title: string;
  readonly submitLabel: string;
  readonly name: string;
  readonly pending: boolean;
  readonly error: ActionError | null;
  readonly onSubmit: (name: string) => void;
}

/** Asks for a team's name, for a new team and for renaming; stands inside a Dialog. */
export function TeamNameDialog(props: TeamNameDialogProps) {
  const [name, setName] = useState(props.name);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    props.onSubmit(name);
  };
  return (
    <DialogContent
      title={props.title}
      size="sm"
      footer={
        <>
          <DialogClose asChild>
            <Button>Cancel</Button>
          </DialogClose>
          <Button type="submit" form="team-form" variant="primary" loading={props.pending}>
            {props.submitLabel}
          </Button>
        </>
      }
    >
      <form
        id="team-form"
        method="post"
        onSubmit={submit}
        className="flex flex-col gap-4"
        noValidate
      >
        <Field label="Name" error={fieldErrors(props.error).name} required>
          <Input
            autoComplete="off"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        <FormError error={formProblem(props.error)} />
      </form>
    </DialogContent>
  );
}
