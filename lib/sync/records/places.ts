import { z } from "zod";
import type { Target } from "@/lib/sync/target";

/** As `saveSettings` keeps a setting of kind `team_routes`. */
const routesShape = z.array(z.object({ teamId: z.string(), choice: z.string() }));

/** The channel or project of a team, from the setting of kind `team_routes`; else the one that it falls back to. */
export function placeOfTeam({ provider, settings }: Target, teamId: string | null): string | null {
  const { options } = settings;
  const setting = provider.settings.find(({ kind }) => kind === "team_routes");
  if (setting?.kind !== "team_routes") return null;
  const fallback = options[setting.choicesOf];
  const routes = routesShape.safeParse(options[setting.key]).data ?? [];
  const chosen = routes.find((route) => route.teamId === teamId)?.choice ?? fallback;
  return typeof chosen === "string" && chosen !== "" ? chosen : null;
}
