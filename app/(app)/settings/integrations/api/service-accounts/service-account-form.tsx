"use client";

import { type FormEvent, useState } from "react";
import type { AccountChoices } from "@/app/(app)/settings/integrations/api/service-accounts/choices";
import { TeamChecks } from "@/app/(app)/settings/members/team-checks";
import { fieldErrors, formProblem } from "@/app/(auth)/form-problem";
import type { ActionError } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import { DialogClose, DialogContent } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { FormError } from "@/components/ui/form-error";
import { Input } from "@/components/ui/input";
import { NativeSelect } from "@/components/ui/native-select";
import { Notice } from "@/components/ui/notice";
import { Textarea } from "@/components/ui/textarea";
import type { ServiceAccountInput, ServiceAccountView } from "@/lib/service-accounts/schema";

interface ServiceAccountFormProps {
  readonly title: string;
  readonly submitLabel: string;
  /** The account as it is; null for a new one. */
  readonly account: ServiceAccountView | null;
  readonly choices: AccountChoices;
  readonly pending: boolean;
  readonly error: ActionError | null;
  readonly onSubmit: (input: ServiceAccountInput) => void;
}

const formId = "service-account-form";

const reachWords = {
  all: "Reads the meetings of the whole workspace.",
  team: "Reads the meetings of the teams that you choose below.",
  own: "",
} as const;

/** Asks what an account is for and what it may do, for a new one and for changes; stands inside a Dialog. */
export function ServiceAccountForm(props: ServiceAccountFormProps) {
  const { account, choices } = props;
  const [name, setName] = useState(account?.name ?? "");
  const [description, setDescription] = useState(account?.description ?? "");
  const [roleId, setRoleId] = useState(account?.role.id ?? "");
  const [teamIds, setTeamIds] = useState<string[]>(account?.teams.map(({ id }) => id) ?? []);
  const errors = fieldErrors(props.error);
  const role = choices.roles.find(({ id }) => id === roleId);
  const needsTeams = role?.reach === "team";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    props.onSubmit({ name, description, role_id: roleId, team_ids: needsTeams ? teamIds : [] });
  };
  return (
    <DialogContent
      title={props.title}
      footer={
        <>
          <DialogClose asChild>
            <Button>Cancel</Button>
          </DialogClose>
          <Button type="submit" form={formId} variant="primary" loading={props.pending}>
            {props.submitLabel}
          </Button>
        </>
      }
    >
      <form id={formId} method="post" noValidate onSubmit={submit} className="flex flex-col gap-4">
        <Field
          label="Name"
          hint="The program that acts with it. The activity log shows this name."
          error={errors.name}
          required
        >
          <Input
            value={name}
            maxLength={80}
            autoComplete="off"
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        <Field label="Description" error={errors.description} optional>
          <Textarea
            value={description}
            rows={2}
            maxLength={500}
            onChange={(event) => setDescription(event.target.value)}
          />
        </Field>
        <Field
          label="Role"
          hint={
            role?.reach ? reachWords[role.reach] : "What its tokens and clients may do at most."
          }
          error={errors.role_id}
          required
        >
          <NativeSelect value={roleId} onChange={(event) => setRoleId(event.target.value)}>
            <option value="">Choose a role</option>
            {choices.roles.map(({ id, name: label }) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
          </NativeSelect>
        </Field>
        {needsTeams ? (
          <>
            <TeamChecks teams={choices.teams} chosen={teamIds} onChange={setTeamIds} />
            {errors.team_ids === undefined ? null : (
              <Notice tone="danger" live="alert">
                {errors.team_ids}
              </Notice>
            )}
          </>
        ) : null}
        <FormError error={formProblem(props.error)} />
      </form>
    </DialogContent>
  );
}
