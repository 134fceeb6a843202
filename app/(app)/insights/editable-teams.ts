import type { Context } from "@/lib/auth/principal";
import { teamChoices } from "@/lib/meetings/page-queries";

export interface EditableTeams {
  readonly list: readonly { readonly id: string; readonly name: string }[];
  /** Without any team a project is for everybody, which takes the right to edit all. */
  readonly mustChoose: boolean;
}

/** The teams that the viewer may make projects for. */
export async function editableTeams(ctx: Context): Promise<EditableTeams> {
  const reach = ctx.principal.grants["insights:update"];
  const choices = await teamChoices(ctx, reach);
  return {
    list: choices.map(({ value, label }) => ({ id: value, name: label })),
    mustChoose: reach !== "all",
  };
}
