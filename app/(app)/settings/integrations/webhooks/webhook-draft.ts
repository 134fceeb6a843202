import { sourceWords } from "@/components/meetings/words";
import { hostOf } from "@/components/webhooks/words";
import type { EventType } from "@/lib/events/schema";
import type { WebhookInput, WebhookView } from "@/lib/webhooks/schema";

/** What the form holds; text as its controls have it. */
export interface WebhookDraft {
  readonly url: string;
  readonly events: readonly EventType[];
  readonly name: string;
  readonly description: string;
  readonly teamIds: readonly string[];
  readonly userIds: readonly string[];
  readonly sources: readonly string[];
  /** Minutes. */
  readonly minDuration: string;
}

const emptyDraft: WebhookDraft = {
  url: "",
  events: [],
  name: "",
  description: "",
  teamIds: [],
  userIds: [],
  sources: [],
  minDuration: "",
};

/** The form of a new webhook, or of one that is there. A name that only repeats the host stays the default. */
export function draftOf(webhook: WebhookView | null): WebhookDraft {
  if (webhook === null) return emptyDraft;
  const { minDurationSeconds } = webhook;
  return {
    url: webhook.url,
    events: webhook.events,
    name: webhook.name === hostOf(webhook.url) ? "" : webhook.name,
    description: webhook.description ?? "",
    teamIds: webhook.teamIds,
    userIds: webhook.userIds,
    sources: webhook.sources,
    minDuration: minDurationSeconds === null ? "" : String(minDurationSeconds / 60),
  };
}

/** How many of the filters let less than everything pass. */
export function filterCount(draft: WebhookDraft): number {
  const lists = [draft.teamIds, draft.userIds, draft.sources];
  return lists.filter(({ length }) => length > 0).length + (draft.minDuration === "" ? 0 : 1);
}

function isSource(text: string): text is keyof typeof sourceWords {
  return text in sourceWords;
}

/** The draft as the service takes it. */
export function inputOf(draft: WebhookDraft): WebhookInput {
  const minutes = draft.minDuration.trim();
  return {
    url: draft.url,
    events: [...draft.events],
    name: draft.name,
    description: draft.description,
    team_ids: [...draft.teamIds],
    user_ids: [...draft.userIds],
    sources: draft.sources.filter(isSource),
    min_duration_seconds: minutes === "" ? null : Math.round(Number(minutes) * 60),
  };
}
