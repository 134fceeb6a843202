import { blockProblems, readBlocks } from "./blocks";
import {
  type Args,
  type Fields,
  type Meter,
  type MethodContext,
  SlackError,
  textArg,
} from "./calls";
import { findChannel, openDirect } from "./channels";
import { APP_ID, type Channel, type Message, nextTs, type Team } from "./state";

// Posting, changing and deleting messages, with everything that Slack refuses.

const TEXT_MAX = 40_000;
const MARKDOWN_MAX = 12_000;
const METADATA_MAX_BYTES = 8_000;
const timestamp = /^\d{10}\.\d{6}$/;

interface Content {
  readonly text: string;
  readonly blocks: readonly unknown[] | null;
  readonly metadata: unknown;
}

function blocksOf(args: Args): readonly unknown[] | null {
  const value = args.blocks;
  if (value === undefined || value === null || value === "") return null;
  const blocks = readBlocks(value);
  if (blocks === null) throw new SlackError("invalid_blocks_format");
  const messages = blockProblems(blocks);
  if (messages.length > 0)
    throw new SlackError("invalid_blocks", { response_metadata: { messages } });
  return blocks.length > 0 ? blocks : null;
}

function metadataOf(args: Args): unknown {
  let value: unknown = args.metadata;
  if (value === undefined || value === null || value === "") return null;
  if (typeof value === "string") {
    try {
      value = JSON.parse(value);
    } catch {
      throw new SlackError("invalid_metadata_format");
    }
  }
  const { event_type: type, event_payload: payload } = (value ?? {}) as Fields;
  const isFine = typeof type === "string" && typeof payload === "object" && payload !== null;
  if (!isFine) throw new SlackError("invalid_metadata_format");
  if (JSON.stringify(value).length > METADATA_MAX_BYTES) throw new SlackError("metadata_too_large");
  return value;
}

function contentOf(args: Args): Content {
  const text = textArg(args, "text");
  const markdown = textArg(args, "markdown_text");
  const hasAttachments = textArg(args, "attachments") !== undefined;
  if (markdown !== undefined && (text !== undefined || args.blocks !== undefined)) {
    throw new SlackError("markdown_text_conflict");
  }
  if (markdown !== undefined && markdown.length > MARKDOWN_MAX)
    throw new SlackError("msg_too_long");
  const blocks = blocksOf(args);
  const said = markdown ?? text;
  if (said === undefined && blocks === null && !hasAttachments) throw new SlackError("no_text");
  return { text: (said ?? "").slice(0, TEXT_MAX), blocks, metadata: metadataOf(args) };
}

/** Where a post goes; refused as Slack does when the bot may not post there. */
function targetOf(context: MethodContext): Channel {
  const { args, team, scopes } = context;
  const reference = textArg(args, "channel");
  if (reference !== undefined && /^[UW][A-Z0-9]{8,}$/.test(reference)) {
    return openDirect(context, reference).channel;
  }
  const channel = findChannel(team, reference);
  if (channel === null) throw new SlackError("channel_not_found");
  if (channel.isArchived) throw new SlackError("is_archived");
  if (channel.isReadOnly) throw new SlackError("restricted_action_read_only_channel");
  const isOpen = scopes.includes("chat:write.public") && !channel.isForeign;
  if (!(channel.isBotMember || isOpen)) throw new SlackError("not_in_channel");
  return channel;
}

/** The message whose thread is meant; a reply's thread is that of its parent. */
function threadOf(channel: Channel, args: Args): string | null {
  const wanted = textArg(args, "thread_ts");
  if (wanted === undefined) return null;
  if (!timestamp.test(wanted)) throw new SlackError("invalid_thread_ts");
  const parent = channel.messages.find(({ ts }) => ts === wanted);
  if (parent === undefined) throw new SlackError("thread_not_found");
  return parent.threadTs ?? parent.ts;
}

/** A message object. */
function describeMessage(team: Team, message: Message): Fields {
  const { ts, user, isBot, text, blocks, threadTs, metadata, editedAt } = message;
  return {
    type: "message",
    user,
    ts,
    text,
    team: team.id,
    ...(isBot && { bot_id: team.botId, app_id: APP_ID }),
    ...(blocks && { blocks }),
    ...(threadTs && { thread_ts: threadTs }),
    ...(metadata !== null && { metadata }),
    ...(editedAt && { edited: { user, ts: editedAt } }),
  };
}

/** One message a second in each channel with a short burst, and a ceiling for the workspace. */
function throttlePosts({ host, team }: MethodContext, meter: Meter, channel: Channel): void {
  if (!host.settings.rateLimits) return;
  const wait =
    meter(`${team.id} post ${channel.id}`, 4, 4_000) ?? meter(`${team.id} post`, 300, 60_000);
  if (wait !== null) throw new SlackError("ratelimited", {}, wait);
}

/** Puts a message of the bot into a channel. */
export function addMessage(
  { team, host }: Pick<MethodContext, "team" | "host">,
  channel: Channel,
  content: Content & { readonly threadTs: string | null; readonly fileId: string | null },
): Message {
  const ts = nextTs(channel, host.now());
  const message = { ts, user: team.botUserId, isBot: true, editedAt: null, ...content };
  channel.messages.push(message);
  return message;
}

export const postMessage =
  (meter: Meter) =>
  (context: MethodContext): Fields => {
    const { args, team } = context;
    const channel = targetOf(context);
    throttlePosts(context, meter, channel);
    const content = contentOf(args);
    const threadTs = threadOf(channel, args);
    const message = addMessage(context, channel, { ...content, threadTs, fileId: null });
    return { channel: channel.id, ts: message.ts, message: describeMessage(team, message) };
  };

function ownMessage({ args, team }: MethodContext, refusal: string) {
  const channel = findChannel(team, textArg(args, "channel"));
  if (channel === null) throw new SlackError("channel_not_found");
  const message = channel.messages.find(({ ts }) => ts === textArg(args, "ts"));
  if (message === undefined) throw new SlackError("message_not_found");
  if (!message.isBot) throw new SlackError(refusal);
  return { channel, message };
}

export function updateMessage(context: MethodContext): Fields {
  const { args, team, host } = context;
  const { channel, message } = ownMessage(context, "cant_update_message");
  const { text, blocks, metadata } = contentOf(args);
  message.text = text;
  // Text alone leaves the blocks of before away, as documented.
  message.blocks = blocks;
  if (metadata !== null) message.metadata = metadata;
  message.editedAt = `${Math.floor(host.now().getTime() / 1_000)}.000000`;
  return { channel: channel.id, ts: message.ts, text, message: describeMessage(team, message) };
}

export function deleteMessage(context: MethodContext): Fields {
  const { channel, message } = ownMessage(context, "cant_delete_message");
  channel.messages.splice(channel.messages.indexOf(message), 1);
  return { channel: channel.id, ts: message.ts };
}

export function permalink({ args, team }: MethodContext): Fields {
  const channel = findChannel(team, textArg(args, "channel"));
  if (channel === null) throw new SlackError("channel_not_found");
  const message = channel.messages.find(({ ts }) => ts === textArg(args, "message_ts"));
  if (message === undefined) throw new SlackError("message_not_found");
  const base = `https://${team.domain}.slack.com/archives/${channel.id}/p${message.ts.replace(".", "")}`;
  const thread = message.threadTs && `?thread_ts=${message.threadTs}&cid=${channel.id}`;
  return { channel: channel.id, permalink: base + (thread ?? "") };
}
