"use client";

import { UserPlus } from "lucide-react";
import { type FormEvent, useState } from "react";
import { inviteMember } from "@/app/(app)/settings/members/actions";
import type { MemberChoices } from "@/app/(app)/settings/members/choices";
import { InvitationLink } from "@/app/(app)/settings/members/invitation-link";
import { TeamChecks } from "@/app/(app)/settings/members/team-checks";
import { fieldErrors, formProblem } from "@/app/(auth)/form-problem";
import { useAction } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent, DialogTrigger } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { FormError } from "@/components/ui/form-error";
import { Input } from "@/components/ui/input";
import { NativeSelect } from "@/components/ui/native-select";
import { toast } from "@/components/ui/toast";

interface InviteDialogProps {
  readonly choices: MemberChoices;
  /** The role that is chosen at first: the one with the fewest rights. */
  readonly firstRoleId: string;
  /** Whether a mail server is configured; otherwise the link has to be handed over. */
  readonly sendsMail: boolean;
}

/** The button "Invite member" with its dialog; where no mail can be sent it ends with the link to hand over. */
export function InviteDialog({ choices, firstRoleId, sendsMail }: InviteDialogProps) {
  const [open, setOpen] = useState(false);
  const [link, setLink] = useState<{ email: string; link: string } | null>(null);
  const start = { email: "", roleId: firstRoleId, teamIds: [] as string[] };
  const [values, setValues] = useState(start);
  const action = useAction(inviteMember, {
    onSuccess: (invited) => {
      setOpen(false);
      setValues(start);
      if (invited.link === null) toast.success(`Invitation sent to ${invited.email}`);
      else setLink({ email: invited.email, link: invited.link });
    },
  });
  const errors = fieldErrors(action.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void action.run(values);
  };
  const change = (next: boolean) => {
    setOpen(next);
    action.reset();
  };
  return (
    <>
      <Dialog open={open} onOpenChange={change}>
        <DialogTrigger asChild>
          <Button variant="primary">
            <UserPlus />
            Invite member
          </Button>
        </DialogTrigger>
        <DialogContent
          title="Invite a member"
          description={
            sendsMail
              ? "They get a link by mail that works once and for 7 days."
              : "No mail server is configured, so you get a link to hand over. It works once and for 7 days."
          }
          footer={
            <>
              <DialogClose asChild>
                <Button>Cancel</Button>
              </DialogClose>
              <Button type="submit" form="invite-form" variant="primary" loading={action.pending}>
                {sendsMail ? "Send invitation" : "Create invitation"}
              </Button>
            </>
          }
        >
          <form
            id="invite-form"
            method="post"
            onSubmit={submit}
            className="flex flex-col gap-4"
            noValidate
          >
            <Field label="E-mail address" error={errors.email} required>
              <Input
                type="email"
                inputMode="email"
                autoComplete="off"
                value={values.email}
                onChange={(event) => setValues({ ...values, email: event.target.value })}
              />
            </Field>
            <Field label="Role" error={errors.roleId}>
              <NativeSelect
                value={values.roleId}
                onChange={(event) => setValues({ ...values, roleId: event.target.value })}
              >
                {choices.roles.map(({ id, name }) => (
                  <option key={id} value={id}>
                    {name}
                  </option>
                ))}
              </NativeSelect>
            </Field>
            <TeamChecks
              teams={choices.teams}
              chosen={values.teamIds}
              onChange={(teamIds) => setValues({ ...values, teamIds })}
            />
            <FormError error={formProblem(action.error)} />
          </form>
        </DialogContent>
      </Dialog>
      <InvitationLink invited={link} onClose={() => setLink(null)} />
    </>
  );
}
