import { type Args, type Fields, flagArg, type MethodContext, SlackError, textArg } from "./calls";
import { type Channel, makeChannel, slackId, type Team } from "./state";

// Finding, showing and listing conversations.

const LIMIT_MAX = 999;

const scopeOf = { channel: "channels:read", group: "groups:read", im: "im:read" } as const;
const kindOfType: Readonly<Record<string, Channel["kind"] | null>> = {
  public_channel: "channel",
  private_channel: "group",
  im: "im",
  mpim: null,
};

/** Whether the bot can see it at all. */
const isVisible = (channel: Channel) => channel.kind === "channel" || channel.isBotMember;

/** By id, or by `#name`; a private one that the bot was not invited to does not exist for it. */
export function findChannel(team: Team, reference: string | undefined): Channel | null {
  const found = team.channels.find(
    ({ id, name, kind }) =>
      id === reference || (kind !== "im" && (`#${name}` === reference || name === reference)),
  );
  return found && isVisible(found) ? found : null;
}

/** A conversation object. */
function describeChannel(team: Team, channel: Channel): Fields {
  const { id, name, kind, created, isArchived, isForeign, memberIds } = channel;
  if (kind === "im") {
    const user = memberIds[0] ?? "";
    return { id, created, is_im: true, is_org_shared: false, is_archived: isArchived, user };
  }
  const creator = memberIds[0] ?? team.botUserId;
  return {
    id,
    name,
    name_normalized: name,
    is_channel: true,
    is_group: false,
    is_im: false,
    is_mpim: false,
    is_private: kind === "group",
    is_archived: isArchived,
    is_general: name === "general",
    is_shared: isForeign,
    is_ext_shared: isForeign,
    is_org_shared: false,
    is_pending_ext_shared: false,
    pending_shared: [],
    is_member: channel.isBotMember,
    created,
    creator,
    unlinked: 0,
    updated: created * 1_000,
    context_team_id: team.id,
    topic: { value: channel.topic, creator: channel.topic === "" ? "" : creator, last_set: 0 },
    purpose: { value: "", creator: "", last_set: 0 },
    previous_names: [],
    num_members: memberIds.length + (channel.isBotMember ? 1 : 0),
  };
}

function wantedKinds(args: Args, scopes: readonly string[]): readonly Channel["kind"][] {
  const types = (textArg(args, "types") ?? "public_channel").split(",").map((type) => type.trim());
  if (types.some((type) => !(type in kindOfType))) throw new SlackError("invalid_types");
  const kinds = types.flatMap((type) => kindOfType[type] ?? []);
  const missing = kinds.map((kind) => scopeOf[kind]).filter((scope) => !scopes.includes(scope));
  if (missing.length > 0) {
    throw new SlackError("missing_scope", {
      needed: missing.join(","),
      provided: scopes.join(","),
    });
  }
  return kinds;
}

const encodeCursor = (id: string) => Buffer.from(`channel:${id}`).toString("base64");

function decodeCursor(cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  const id = /^channel:(\w+)$/.exec(Buffer.from(cursor, "base64").toString("utf8"))?.[1];
  if (id === undefined) throw new SlackError("invalid_cursor");
  return id;
}

function pageOf({ args, host, team }: MethodContext, channels: readonly Channel[]): Fields {
  const limit = Number(textArg(args, "limit") ?? 100);
  if (!Number.isInteger(limit) || limit < 1 || limit > LIMIT_MAX) {
    throw new SlackError("invalid_limit");
  }
  const size = Math.min(limit, host.settings.pageSize ?? limit);
  const after = decodeCursor(textArg(args, "cursor"));
  const rest = channels.filter(({ id }) => after === null || id > after);
  const shown = rest.slice(0, size);
  const last = shown.at(-1);
  const next = last !== undefined && rest.length > size ? encodeCursor(last.id) : "";
  return {
    channels: shown.map((channel) => describeChannel(team, channel)),
    response_metadata: { next_cursor: next },
  };
}

function list(context: MethodContext, isOwnOnly: boolean): Fields {
  const { args, scopes, team } = context;
  const kinds = wantedKinds(args, scopes);
  const isLive = flagArg(args, "exclude_archived");
  const channels = team.channels
    .filter(isVisible)
    .filter(({ kind, isArchived }) => kinds.includes(kind) && !(isLive && isArchived))
    .filter(({ isBotMember }) => isBotMember || !isOwnOnly)
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return pageOf(context, channels);
}

export const listChannels = (context: MethodContext) => list(context, false);

export const listOwnChannels = (context: MethodContext) => list(context, true);

export function channelInfo({ args, team }: MethodContext): Fields {
  const channel = findChannel(team, textArg(args, "channel"));
  if (channel === null) throw new SlackError("channel_not_found");
  return { channel: describeChannel(team, channel) };
}

/** The direct message with one member; made when there is none. */
export function openDirect(
  context: MethodContext,
  userId: string,
): { channel: Channel; isNew: boolean } {
  const { team, state, host } = context;
  const member = team.members.find(({ id }) => id === userId);
  if (member === undefined) throw new SlackError("user_not_found");
  if (member.isDeactivated) throw new SlackError("user_disabled");
  const known = team.channels.find(
    ({ kind, memberIds }) => kind === "im" && memberIds[0] === userId,
  );
  if (known) return { channel: known, isNew: false };
  state.serial += 1;
  const created = Math.floor(host.now().getTime() / 1_000);
  const channel = makeChannel(slackId("D", state.serial), member.name, created, {
    kind: "im",
    isBotMember: true,
    memberIds: [userId],
  });
  team.channels.push(channel);
  return { channel, isNew: true };
}

export function openConversation(context: MethodContext): Fields {
  const { args, team } = context;
  const users = textArg(args, "users")?.split(",") ?? [];
  const reference = textArg(args, "channel");
  if (reference !== undefined) {
    const channel = findChannel(team, reference);
    if (channel === null) throw new SlackError("channel_not_found");
    return { no_op: true, already_open: true, channel: { id: channel.id } };
  }
  const [user] = users;
  if (user === undefined) throw new SlackError("users_list_not_supplied");
  if (users.length > 1) throw new SlackError("missing_scope", { needed: "mpim:write" });
  const { channel, isNew } = openDirect(context, user);
  const shown = flagArg(args, "return_im") ? describeChannel(team, channel) : { id: channel.id };
  return { no_op: !isNew, already_open: !isNew, channel: shown };
}
