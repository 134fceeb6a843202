import {
  type Capabilities,
  type DataOption,
  type Direction,
  dataOptions,
  type OAuth2,
  type Provider,
  type Resource,
  type Setting,
} from "@/lib/integrations/contract";

// Which scopes a connection needs: those of the functions that its settings switch on, and nothing else.

/** The data option that each resource belongs to (handbook 6.2); messages are what a chat tool is for. */
const optionOf: Readonly<Record<Resource, DataOption | null>> = {
  meeting: "meeting_data",
  event: "meeting_data",
  recording: "meeting_data",
  deal_update: "meeting_data",
  action_item: "action_items",
  contact: "contacts",
  note: "notes",
  message: null,
};

/** What decides which capabilities are used. */
export interface Chosen {
  readonly data: Readonly<Record<DataOption, boolean>>;
  readonly direction: Direction;
}

/** A new connection's choices, before anybody has made any. */
export function defaultsOf(provider: Provider): Chosen {
  const entries = dataOptions.map((option) => {
    const spec = provider.dataOptions[option];
    return [option, spec.default && spec.off === undefined] as const;
  });
  return {
    data: Object.fromEntries(entries) as Record<DataOption, boolean>,
    direction: provider.directions[0] ?? "one_way",
  };
}

function resourcesOf(capabilities: Capabilities): Resource[] {
  return Object.keys(capabilities) as Resource[];
}

function isOn(resource: Resource, { data }: Chosen): boolean {
  const option = optionOf[resource];
  return option === null || data[option];
}

/** The scopes that these choices need, each once. */
export function scopesFor(provider: Provider, chosen: Chosen): readonly string[] {
  const { capabilities, auth } = provider;
  const needed = resourcesOf(capabilities)
    .filter((resource) => isOn(resource, chosen))
    .flatMap((resource) => {
      const { pull, push } = capabilities[resource] ?? {};
      return [
        ...(chosen.direction === "one_way" ? [] : (pull?.scopes ?? [])),
        ...(chosen.direction === "import_only" ? [] : (push?.scopes ?? [])),
      ];
    });
  return [...new Set([...auth.baseScopes, ...needed])];
}

/** The needed scopes that are neither granted nor implied by one that is. */
export function missingScopes(
  auth: Pick<OAuth2, "impliedBy">,
  needed: readonly string[],
  granted: readonly string[],
): readonly string[] {
  return needed.filter(
    (scope) =>
      !granted.includes(scope) &&
      !(auth.impliedBy?.[scope] ?? []).some((broad) => granted.includes(broad)),
  );
}

const resourceWords: Readonly<Record<Resource, string>> = {
  meeting: "Meetings with their summaries",
  action_item: "Action items",
  contact: "Contacts",
  note: "Notes",
  deal_update: "Updates of deals",
  message: "Messages",
  event: "Events of calendars",
  recording: "Recordings of meetings",
};

/** What Harmony reads from the tool and writes to it, one line each, out of the capabilities. */
export function linesOf({ capabilities }: Provider): {
  readonly reads: readonly string[];
  readonly writes: readonly string[];
} {
  const having = (way: "pull" | "push") =>
    resourcesOf(capabilities)
      .filter((resource) => capabilities[resource]?.[way] !== undefined)
      .map((resource) => resourceWords[resource]);
  return { reads: having("pull"), writes: having("push") };
}

type SettingOf<K extends Setting["kind"]> = Extract<Setting, { kind: K }>;

/** What a setting is until somebody chooses; a list's own preset needs the list and comes later. */
export function initialOption(setting: Setting): unknown {
  if (setting.kind === "toggle") return setting.default;
  if (setting.kind === "choice") return null;
  return [];
}

export const hasPreset = (
  setting: Setting,
): setting is SettingOf<"choice"> | SettingOf<"choices"> =>
  (setting.kind === "choice" || setting.kind === "choices") && setting.preset !== undefined;
