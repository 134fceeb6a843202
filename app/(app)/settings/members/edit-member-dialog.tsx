"use client";

import { type FormEvent, useState } from "react";
import { updateMember } from "@/app/(app)/settings/members/actions";
import type { MemberChoices } from "@/app/(app)/settings/members/choices";
import { TeamChecks } from "@/app/(app)/settings/members/team-checks";
import { fieldErrors, formProblem } from "@/app/(auth)/form-problem";
import { useAction } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Dialog, DialogClose, DialogContent } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { FormError } from "@/components/ui/form-error";
import { NativeSelect } from "@/components/ui/native-select";
import { toast } from "@/components/ui/toast";
import type { MemberRow } from "@/lib/members/service";

interface EditMemberDialogProps {
  readonly member: MemberRow | null;
  readonly choices: MemberChoices;
  readonly onClose: () => void;
}

/** Role, manager, teams and seat of one member. */
export function EditMemberDialog({ member, choices, onClose }: EditMemberDialogProps) {
  return (
    <Dialog open={member !== null} onOpenChange={(open) => (open ? undefined : onClose())}>
      {member === null ? null : (
        <MemberForm key={member.id} member={member} choices={choices} onDone={onClose} />
      )}
    </Dialog>
  );
}

interface MemberFormProps {
  readonly member: MemberRow;
  readonly choices: MemberChoices;
  readonly onDone: () => void;
}

function MemberForm({ member, choices, onDone }: MemberFormProps) {
  const [roleId, setRoleId] = useState(member.role.id);
  const [managerId, setManagerId] = useState(member.manager?.userId ?? "");
  const [teamIds, setTeamIds] = useState(member.teams.map((team) => team.id));
  const [hasSeat, setHasSeat] = useState(member.hasSeat);
  const action = useAction(updateMember, {
    onSuccess: () => {
      toast.success(`${member.name} saved`);
      onDone();
    },
  });
  const errors = fieldErrors(action.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void action.run({
      memberId: member.id,
      roleId,
      managerId: managerId === "" ? null : managerId,
      teamIds,
      hasSeat,
    });
  };
  const managers = managersFor(member, choices.people);
  return (
    <DialogContent
      title={member.name}
      description={member.email}
      footer={
        <>
          <DialogClose asChild>
            <Button>Cancel</Button>
          </DialogClose>
          <Button type="submit" form="member-form" variant="primary" loading={action.pending}>
            Save
          </Button>
        </>
      }
    >
      <form
        id="member-form"
        method="post"
        onSubmit={submit}
        className="flex flex-col gap-4"
        noValidate
      >
        <Field label="Role" error={errors.roleId}>
          <NativeSelect value={roleId} onChange={(event) => setRoleId(event.target.value)}>
            {choices.roles.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </NativeSelect>
        </Field>
        <Field label="Reports to" error={errors.managerId}>
          <NativeSelect value={managerId} onChange={(event) => setManagerId(event.target.value)}>
            <option value="">Nobody</option>
            {managers.map(({ userId, name }) => (
              <option key={userId} value={userId}>
                {name}
              </option>
            ))}
          </NativeSelect>
        </Field>
        <TeamChecks teams={choices.teams} chosen={teamIds} onChange={setTeamIds} />
        <Checkbox
          label="Has a seat"
          description="Without a seat a member has limited access."
          checked={hasSeat}
          onCheckedChange={(on) => setHasSeat(on === true)}
        />
        <FormError error={formProblem(action.error)} />
      </form>
    </DialogContent>
  );
}

/** Everybody else, and today's manager even when the list was too long to hold them. */
function managersFor(member: MemberRow, people: MemberChoices["people"]) {
  const others = people.filter(({ userId }) => userId !== member.userId);
  const { manager } = member;
  if (manager === null || others.some(({ userId }) => userId === manager.userId)) return others;
  return [manager, ...others];
}
