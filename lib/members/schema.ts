import { z } from "zod";
import { emailAddress } from "@/lib/auth/new-password";

// Inputs of the member actions. Ids are only shaped here; the services look them up in the caller's workspace.

const idText = z.string().min(1).max(60);

/** A person's or a team's name as it is shown. */
const shownName = (lengthMax: number) =>
  z
    .string()
    .transform((text) => text.replace(/\s+/g, " ").trim())
    .pipe(
      z
        .string()
        .min(1, "Enter a name.")
        .max(lengthMax, `Use at most ${lengthMax} characters.`)
        // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
        .regex(/^[^\u0000-\u001f\u007f]*$/, "Use no control characters."),
    );

export const personName = shownName(80);
const teamName = shownName(60);
export const workspaceName = shownName(80);

const teamIds = z.array(idText).max(100, "Choose at most 100 teams.");

export const memberIdInput = z.strictObject({ memberId: idText });

export const updateMemberInput = z.strictObject({
  memberId: idText,
  roleId: idText,
  /** User id of the person they report to; null for nobody. */
  managerId: idText.nullable(),
  teamIds,
  hasSeat: z.boolean(),
});

export const inviteInput = z.strictObject({ email: emailAddress, roleId: idText, teamIds });
export const invitationIdInput = z.strictObject({ invitationId: idText });

export const teamIdInput = z.strictObject({ teamId: idText });
export const createTeamInput = z.strictObject({ name: teamName });
export const renameTeamInput = z.strictObject({ teamId: idText, name: teamName });
export const teamMemberInput = z.strictObject({ teamId: idText, userId: idText });

export type UpdateMemberInput = z.output<typeof updateMemberInput>;
export type InviteInput = z.output<typeof inviteInput>;
