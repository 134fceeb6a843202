"use client";

import { removeMember } from "@/app/(app)/settings/members/actions";
import { formProblem } from "@/app/(auth)/form-problem";
import { useAction } from "@/components/hooks/use-action";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { toast } from "@/components/ui/toast";
import type { MemberRow } from "@/lib/members/service";

interface RemoveMemberDialogProps {
  readonly member: MemberRow | null;
  /** The person who asks is removing themselves. */
  readonly isSelf: boolean;
  readonly onClose: () => void;
}

/** Asks before a removal, and says what stops, what stays and that there is no way back. */
export function RemoveMemberDialog({ member, isSelf, onClose }: RemoveMemberDialogProps) {
  const action = useAction(removeMember, {
    onSuccess: () => {
      if (isSelf) window.location.assign("/");
      else {
        toast.success(`${member?.name ?? "The member"} was removed`);
        onClose();
      }
    },
  });
  const change = (open: boolean) => {
    if (open) return;
    action.reset();
    onClose();
  };
  return (
    <ConfirmDialog
      open={member !== null}
      onOpenChange={change}
      title={isSelf ? "Leave this workspace?" : `Remove ${member?.name ?? "this member"}?`}
      confirmLabel={isSelf ? "Leave workspace" : "Remove member"}
      pending={action.pending}
      error={formProblem(action.error)}
      onConfirm={() => {
        if (member !== null) void action.run({ memberId: member.id });
      }}
    >
      <p>
        <strong className="font-medium text-ink">Stops at once:</strong> {isSelf ? "your" : "their"}{" "}
        access to this workspace, {isSelf ? "your" : "their"} seat, team memberships and personal
        connections. Whoever reported to {isSelf ? "you" : "them"} reports to nobody.
      </p>
      <p>
        <strong className="font-medium text-ink">Stays:</strong> meetings, action items and
        contacts. API keys and workspace connections that {isSelf ? "you" : "they"} made keep
        working, marked as made by a former member.
      </p>
      <p>This cannot be undone. A new invitation starts afresh.</p>
    </ConfirmDialog>
  );
}
