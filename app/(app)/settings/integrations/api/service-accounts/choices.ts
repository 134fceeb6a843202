import type { Context } from "@/lib/auth/principal";
import type { Reach } from "@/lib/auth/roles";
import { listRoles } from "@/lib/members/service";
import { listTeamChoices } from "@/lib/members/teams";

export interface AccountChoices {
  readonly roles: readonly {
    readonly id: string;
    readonly name: string;
    /** Whose meetings it reads; null for none. */
    readonly reach: Reach | null;
  }[];
  readonly teams: readonly { readonly id: string; readonly name: string }[];
}

/** Roles and teams that a service account can have; roles of one's own meetings are left out, since it has none. */
export async function readAccountChoices(ctx: Context): Promise<AccountChoices> {
  const [roles, teams] = await Promise.all([listRoles(ctx), listTeamChoices(ctx)]);
  return {
    roles: roles
      .map(({ id, name, grants }) => ({ id, name, reach: grants["meetings:read"] ?? null }))
      .filter(({ reach }) => reach !== "own"),
    teams,
  };
}
