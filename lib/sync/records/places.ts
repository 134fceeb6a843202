import type { Target } from "@/lib/sync/target";

/** The channel or project of a team, from the setting of kind `team_routes`; else the one that it falls back to. */
export function placeOfTeam({ provider, settings }: Target, teamId: string | null): string | null {
  const { options } = settings;
  const routes = provider.settings.find((setting) => setting.kind === "team_routes");
  const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : null);
  const fallback = routes?.kind === "team_routes" ? text(options[routes.choicesOf]) : null;
  if (!routes || teamId === null) return fallback;
  const chosen = options[routes.key];
  if (!Array.isArray(chosen)) return fallback;
  const route: unknown = chosen.find((one) => one?.teamId === teamId)?.choice;
  return text(route) ?? fallback;
}
