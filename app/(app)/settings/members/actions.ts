"use server";

import { revalidatePath } from "next/cache";
import { action } from "@/lib/http/action";
import * as invitations from "@/lib/members/invitations";
import {
  invitationIdInput,
  inviteInput,
  memberIdInput,
  updateMemberInput,
} from "@/lib/members/schema";
import * as members from "@/lib/members/service";

const permission = ["members:update", "all"] as const;
const path = "/settings/members";

export const updateMember = action({
  permission,
  input: updateMemberInput,
  run: async (ctx, input) => {
    await members.updateMember(ctx, input);
    revalidatePath(path);
    return null;
  },
});

export const removeMember = action({
  permission,
  input: memberIdInput,
  run: async (ctx, input) => {
    await members.removeMember(ctx, input);
    revalidatePath(path);
    return null;
  },
});

export const inviteMember = action({
  permission,
  input: inviteInput,
  run: async (ctx, input) => {
    const invited = await invitations.inviteMember(ctx, input);
    revalidatePath(path);
    return invited;
  },
});

export const resendInvitation = action({
  permission,
  input: invitationIdInput,
  run: async (ctx, input) => {
    const invited = await invitations.resendInvitation(ctx, input);
    revalidatePath(path);
    return invited;
  },
});

export const revokeInvitation = action({
  permission,
  input: invitationIdInput,
  run: async (ctx, input) => {
    await invitations.revokeInvitation(ctx, input);
    revalidatePath(path);
    return null;
  },
});
