import { safeEqual } from "@/lib/core/crypto";
import {
  type Fields,
  flagArg,
  type Meter,
  type Method,
  type MethodContext,
  SlackError,
  textArg,
} from "./calls";
import { channelInfo, listChannels, listOwnChannels, openConversation } from "./channels";
import { beginUpload, completeUpload } from "./files";
import { deleteMessage, permalink, postMessage, updateMessage } from "./messages";
import { APP_ID, APP_NAME, type Member, type Team } from "./state";

// The methods of the Web API that this stand-in has. Arguments, scopes and tiers are those of methods.json, and
// conformance.test.ts compares them with it.

const reads = ["channels:read", "groups:read", "im:read", "mpim:read"];

function authTest({ team, host }: MethodContext): Fields {
  return {
    url: `https://${team.domain}.slack.com/`,
    team: team.name,
    user: APP_NAME.toLowerCase(),
    team_id: team.id,
    user_id: team.botUserId,
    bot_id: team.botId,
    is_enterprise_install: false,
    ...(host.settings.rotation && { expires_in: host.settings.accessTokenSeconds }),
  };
}

function revoke({ args, oauth, token }: MethodContext): Fields {
  if (flagArg(args, "test")) return { revoked: false };
  const grant = oauth.grantOf(token);
  if (grant) oauth.end(grant, "revoked");
  return { revoked: true };
}

function uninstall({ args, host, oauth, token }: MethodContext): Fields {
  if (textArg(args, "client_id") !== host.settings.clientId) {
    throw new SlackError("invalid_client_id");
  }
  if (!safeEqual(textArg(args, "client_secret") ?? "", host.settings.clientSecret)) {
    throw new SlackError("bad_client_secret");
  }
  const grant = oauth.grantOf(token);
  if (grant) oauth.end(grant, "uninstalled");
  return { uninstalled: true };
}

function describeUser(
  team: Team,
  { id, name, realName, email, tz, isDeactivated }: Member,
  isEmailShown: boolean,
) {
  return {
    id,
    team_id: team.id,
    name,
    deleted: isDeactivated,
    real_name: realName,
    tz,
    tz_label: tz,
    tz_offset: 3_600,
    is_admin: false,
    is_owner: false,
    is_primary_owner: false,
    is_restricted: false,
    is_ultra_restricted: false,
    is_bot: false,
    is_app_user: false,
    updated: 1_700_000_000,
    profile: {
      real_name: realName,
      display_name: name,
      team: team.id,
      ...(isEmailShown && { email }),
    },
  };
}

function lookupByEmail({ args, team }: MethodContext): Fields {
  const email = textArg(args, "email")?.toLowerCase();
  const member = team.members.find((one) => one.email === email && !one.isDeactivated);
  if (member === undefined) throw new SlackError("users_not_found");
  return { user: describeUser(team, member, true) };
}

function userInfo({ args, team, scopes }: MethodContext): Fields {
  const member = team.members.find(({ id }) => id === textArg(args, "user"));
  if (member === undefined) throw new SlackError("user_not_found");
  return { user: describeUser(team, member, scopes.includes("users:read.email")) };
}

function teamInfo({ team }: MethodContext): Fields {
  const { id, name, domain } = team;
  const url = `https://${domain}.slack.com/`;
  return { team: { id, name, domain, url, email_domain: `${domain}.example`, icon: {} } };
}

function botInfo({ team }: MethodContext): Fields {
  const { botId: id, botUserId } = team;
  const bot = { id, deleted: false, name: APP_NAME.toLowerCase(), updated: 1_700_000_000 };
  return { bot: { ...bot, app_id: APP_ID, user_id: botUserId, icons: {} } };
}

const message =
  "as_user attachments blocks channel link_names markdown_text metadata parse reply_broadcast text";
const listing = "cursor exclude_archived limit team_id types";

/** Every method by name. */
export function slackMethods(meter: Meter): Readonly<Record<string, Method>> {
  const method = (
    args: string,
    required: string,
    rest: Pick<Method, "takesJson" | "isRead" | "scopes" | "tier" | "run">,
  ): Method => ({
    ...rest,
    args: args.split(" ").filter((name) => name !== ""),
    required: required.split(" ").filter((name) => name !== ""),
  });
  const write = { isRead: false };
  const read = { isRead: true };
  const json = { takesJson: true };
  const form = { takesJson: false };
  return {
    "auth.test": method("", "", { ...json, ...read, scopes: [], tier: "special", run: authTest }),
    "auth.revoke": method("test", "", { ...form, ...write, scopes: [], tier: "t3", run: revoke }),
    "apps.uninstall": method("client_id client_secret", "client_id client_secret", {
      ...form,
      ...write,
      scopes: [],
      tier: "t1",
      run: uninstall,
    }),
    "bots.info": method("bot team_id", "", {
      ...form,
      ...read,
      scopes: ["users:read"],
      tier: "t3",
      run: botInfo,
    }),
    "team.info": method("domain team", "", {
      ...json,
      ...read,
      scopes: ["team:read"],
      tier: "t3",
      run: teamInfo,
    }),
    "conversations.list": method(listing, "", {
      ...form,
      ...read,
      scopes: reads,
      tier: "t2",
      run: listChannels,
    }),
    "users.conversations": method(`${listing} exclude_muted user`, "", {
      ...form,
      ...read,
      scopes: reads,
      tier: "t3",
      run: listOwnChannels,
    }),
    "conversations.info": method("channel include_locale include_num_members", "channel", {
      ...form,
      ...read,
      scopes: reads,
      tier: "t3",
      run: channelInfo,
    }),
    "conversations.open": method("channel return_im users prevent_creation", "", {
      ...json,
      ...write,
      scopes: ["im:write", "mpim:write", "channels:manage", "groups:write"],
      tier: "t3",
      run: openConversation,
    }),
    "users.lookupByEmail": method("email", "email", {
      ...form,
      ...read,
      scopes: ["users:read.email"],
      tier: "t3",
      run: lookupByEmail,
    }),
    "users.info": method("include_locale user", "user", {
      ...form,
      ...read,
      scopes: ["users:read"],
      tier: "t4",
      run: userInfo,
    }),
    "chat.postMessage": method(
      `${message} current_draft_last_updated_ts icon_emoji icon_url mrkdwn thread_ts unfurl_links unfurl_media username`,
      "channel",
      { ...json, ...write, scopes: ["chat:write"], tier: "special", run: postMessage(meter) },
    ),
    "chat.update": method(`${message} unfurled_attachments ts file_ids`, "channel ts", {
      ...json,
      ...write,
      scopes: ["chat:write"],
      tier: "t3",
      run: updateMessage,
    }),
    "chat.delete": method("as_user channel ts", "channel ts", {
      ...json,
      ...write,
      scopes: ["chat:write"],
      tier: "t3",
      run: deleteMessage,
    }),
    "chat.getPermalink": method("channel message_ts", "channel message_ts", {
      ...form,
      ...read,
      scopes: [],
      tier: "special",
      run: permalink,
    }),
    "files.getUploadURLExternal": method(
      "length filename snippet_type alt_txt",
      "length filename",
      { ...form, ...write, scopes: ["files:write"], tier: "t4", run: beginUpload },
    ),
    "files.completeUploadExternal": method(
      "files channel_id thread_ts channels initial_comment blocks username icon_url icon_emoji",
      "files",
      { ...json, ...write, scopes: ["files:write"], tier: "t4", run: completeUpload },
    ),
  };
}
