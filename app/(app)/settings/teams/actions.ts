"use server";

import { revalidatePath } from "next/cache";
import { action } from "@/lib/http/action";
import {
  createTeamInput,
  renameTeamInput,
  teamIdInput,
  teamMemberInput,
} from "@/lib/members/schema";
import * as teams from "@/lib/members/teams";

const permission = ["members:update", "all"] as const;
const path = "/settings/teams";

export const createTeam = action({
  permission,
  input: createTeamInput,
  run: async (ctx, input) => {
    await teams.createTeam(ctx, input);
    revalidatePath(path);
    return null;
  },
});

export const renameTeam = action({
  permission,
  input: renameTeamInput,
  run: async (ctx, input) => {
    await teams.renameTeam(ctx, input);
    revalidatePath(path);
    return null;
  },
});

export const deleteTeam = action({
  permission,
  input: teamIdInput,
  run: async (ctx, input) => {
    await teams.deleteTeam(ctx, input);
    revalidatePath(path);
    return null;
  },
});

export const addToTeam = action({
  permission,
  input: teamMemberInput,
  run: async (ctx, input) => {
    await teams.addToTeam(ctx, input);
    revalidatePath(path);
    return null;
  },
});

export const removeFromTeam = action({
  permission,
  input: teamMemberInput,
  run: async (ctx, input) => {
    await teams.removeFromTeam(ctx, input);
    revalidatePath(path);
    return null;
  },
});
