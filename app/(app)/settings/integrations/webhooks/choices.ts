import type { Context } from "@/lib/auth/principal";
import { hasGrant } from "@/lib/auth/roles";
import { EVENTS, type EventType, eventTypes } from "@/lib/events/schema";
import { listPeople } from "@/lib/members/service";
import { listTeamChoices } from "@/lib/members/teams";

interface Choice {
  readonly id: string;
  readonly name: string;
}

/** What a webhook's form offers, as plain data: the catalogue itself would bring its schemas into the browser. */
export interface WebhookChoices {
  readonly events: readonly {
    readonly type: EventType;
    readonly category: string;
    readonly trigger: string;
  }[];
  readonly teams: readonly Choice[];
  /** The first 500 by name. */
  readonly people: readonly Choice[];
}

/** The choices of the workspace; no teams and people for somebody who may not list them. */
export async function readChoices(ctx: Context): Promise<WebhookChoices> {
  const mayList = hasGrant(ctx.principal.grants, "members:read", "all");
  const [teams, people] = mayList
    ? await Promise.all([listTeamChoices(ctx), listPeople(ctx)])
    : [[], []];
  return {
    events: eventTypes.map((type) => {
      const { category, trigger } = EVENTS[type];
      return { type, category, trigger };
    }),
    teams: teams.map(({ id, name }) => ({ id, name })),
    people: people.map(({ userId, name }) => ({ id: userId, name })),
  };
}
