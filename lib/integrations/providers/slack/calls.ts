import { z } from "zod";
import {
  type Applied,
  type Choice,
  type Identity,
  type MessageRecord,
  type Outgoing,
  ProviderError,
  type RateRule,
  type Session,
} from "@/lib/integrations/contract";
import { layoutErrors } from "@/lib/integrations/providers/slack/classify";
import { layOut, type SlackMessage } from "@/lib/integrations/providers/slack/messages";

// Reads are POSTed as forms, since several methods ignore JSON; `chat.*` take JSON (docs/providers/slack.md).

const minuteMs = 60_000;
/** Tier 2 and 3 of docs.slack.dev/apis/web-api/rate-limits; counted by method. */
const tier2 = (method: string): RateRule => ({ group: method, calls: 20, perMs: minuteMs });
const tier3 = (method: string): RateRule => ({ group: method, calls: 50, perMs: minuteMs });
const onePerSecond = (channel: string): RateRule => ({
  group: `chat.postMessage ${channel}`,
  calls: 1,
  perMs: 1000,
});

/** An install for a whole organisation has one token for many workspaces; every call would have to name one. */
export function refuseOrgInstall(): never {
  throw new ProviderError("slack", {
    kind: "rejected",
    code: "invalid_value",
    detail:
      "Harmony was installed for a whole Slack organisation, which it does not support. Install it in one workspace and connect again",
  });
}

const authTest = z.object({
  url: z.string(),
  team: z.string(),
  team_id: z.string(),
  user_id: z.string(),
  is_enterprise_install: z.boolean().optional(),
});

/** Who is connected: the workspace, our bot's user in it, and the scopes that Slack says are granted. */
export async function identify(session: Session): Promise<Identity> {
  const { body, headers } = await session.http.request({
    method: "POST",
    path: "/auth.test",
    form: {},
    schema: authTest,
  });
  if (body.is_enterprise_install === true) refuseOrgInstall();
  const granted = headers["x-oauth-scopes"];
  return {
    accountId: body.team_id,
    label: body.team,
    facts: { bot_user_id: body.user_id, url: body.url },
    ...(granted === undefined
      ? {}
      : { grantedScopes: granted.split(",").map((scope) => scope.trim()) }),
  };
}

const channelPage = z.object({
  channels: z.array(
    z.object({
      id: z.string(),
      name: z.string().optional(),
      is_private: z.boolean().optional(),
      is_archived: z.boolean().optional(),
      is_ext_shared: z.boolean().optional(),
      is_member: z.boolean().optional(),
    }),
  ),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});
type Channel = z.output<typeof channelPage>["channels"][number];

/** Slack takes less than 1,000. Few large pages, since a method of tier 2 may be called every three seconds. */
const channelsPerPage = 999;
const pagesMax = 5;

function hintOf(channel: Channel): Pick<Choice, "hint" | "isPrivate"> {
  if (channel.is_private) return { hint: "private", isPrivate: true };
  // chat:write.public does not reach channels that another organisation shares.
  if (channel.is_ext_shared && channel.is_member === false)
    return { hint: "shared, invite the app" };
  return {};
}

/**
 * Channels that can be posted to, by name: the public ones and the private ones that the app was invited to. A page
 * may be empty and still have a successor. At most 5,000; beyond that a channel's id can be pasted.
 */
export async function listChannels(session: Session): Promise<readonly Choice[]> {
  const found: Channel[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < pagesMax; page += 1) {
    const { body } = await session.http.request({
      method: "POST",
      path: "/conversations.list",
      form: {
        types: "public_channel,private_channel",
        exclude_archived: "true",
        limit: String(channelsPerPage),
        cursor,
      },
      schema: channelPage,
      rate: tier2("conversations.list"),
    });
    found.push(...body.channels);
    cursor = body.response_metadata?.next_cursor || undefined;
    if (cursor === undefined) break;
  }
  return found
    .filter((channel) => channel.is_archived !== true)
    .map((channel) => ({
      id: channel.id,
      label: `#${channel.name ?? channel.id}`,
      ...hintOf(channel),
    }))
    .sort((left, right) => left.label.localeCompare(right.label, "en"));
}

// `ts` names a message; six decimals, never a number.
const posted = z.object({ channel: z.string(), ts: z.string() });

/** The address that chat.getPermalink gives; made here, since a failed second call would make the first look uncertain. */
function permalink(session: Session, channel: string, ts: string): string | null {
  const { url } = session.facts;
  return url === undefined
    ? null
    : `${url.replace(/\/$/, "")}/archives/${channel}/p${ts.replace(".", "")}`;
}

function placeOf(session: Session, item: Outgoing<"message">): string {
  const { channel } = session.options;
  const place = item.place ?? (typeof channel === "string" ? channel : "");
  if (place !== "") return place;
  throw new ProviderError("slack", {
    kind: "rejected",
    code: "required_field_missing",
    detail: "No default channel is chosen",
  });
}

/** Names the channel in faults that are about it. */
function about(channel: string, error: unknown): unknown {
  if (!(error instanceof ProviderError) || error.fault.kind !== "place_unavailable") return error;
  return new ProviderError("slack", { ...error.fault, place: channel }, { cause: error });
}

function isLayoutError(error: unknown): boolean {
  if (!(error instanceof ProviderError) || error.fault.kind !== "rejected") return false;
  const { detail } = error.fault;
  return [...layoutErrors].some((word) => new RegExp(`\\b${word}\\b`).test(detail));
}

type Write = (message: Partial<SlackMessage>) => Promise<z.output<typeof posted>>;

/** A layout that Slack refuses is a mistake of ours; the words still arrive, once, as plain text. */
async function withPlainFallback(message: SlackMessage, write: Write) {
  try {
    return await write(message);
  } catch (error) {
    if (!isLayoutError(error)) throw error;
    return await write({ text: message.text });
  }
}

function metadataOf(record: MessageRecord, idempotencyKey: string) {
  return { event_type: `harmony_${record.kind}`, event_payload: { delivery_id: idempotencyKey } };
}

async function post(session: Session, channel: string, item: Outgoing<"message">) {
  const { follows } = item;
  return await withPlainFallback(layOut(item.record), async (message) => {
    const { body } = await session.http.request({
      method: "POST",
      path: "/chat.postMessage",
      json: {
        channel,
        ...message,
        ...(follows?.place === channel ? { thread_ts: follows.externalId } : {}),
        metadata: metadataOf(item.record, item.idempotencyKey),
        unfurl_links: false,
        unfurl_media: false,
      },
      schema: posted,
      rate: onePerSecond(channel),
    });
    return body;
  });
}

async function update(session: Session, channel: string, ts: string, item: Outgoing<"message">) {
  return await withPlainFallback(layOut(item.record), async (message) => {
    const { body } = await session.http.request({
      method: "POST",
      path: "/chat.update",
      json: { channel, ts, ...message, metadata: metadataOf(item.record, item.idempotencyKey) },
      schema: posted,
      rate: tier3("chat.update"),
    });
    return body;
  });
}

async function write(session: Session, channel: string, item: Outgoing<"message">) {
  if (item.externalId === null) return await post(session, channel, item);
  try {
    return await update(session, channel, item.externalId, item);
  } catch (error) {
    // Deleted in Slack, or too old to edit: what it says now is posted anew.
    if (!(error instanceof ProviderError) || error.fault.kind !== "gone") throw error;
    return await post(session, channel, item);
  }
}

/** Posts a message, or changes the one that was posted before; into the thread of the one that it follows. */
export async function applyMessage(session: Session, item: Outgoing<"message">): Promise<Applied> {
  const channel = placeOf(session, item);
  try {
    const { channel: place, ts } = await write(session, channel, item);
    return { externalId: ts, version: null, url: permalink(session, place, ts), place };
  } catch (error) {
    throw about(channel, error);
  }
}
