import { type Answer, type Call, formOf, json, mediaType, text } from "../http";
import { type Exchanged, type ExchangeError, type OAuthServer, openOAuth } from "../oauth";
import type { Host, Route, Tool, ToolDefinition } from "../tool";
import { callMethod, errorAnswer, openMeter, SlackError } from "./calls";
import { slackCommands } from "./commands";
import { emitEvent } from "./events";
import { receiveUpload } from "./files";
import { slackMethods } from "./methods";
import { slackPages } from "./page";
import { APP_ID, type SlackState, seedSlack, smallTeam, type Team } from "./state";

// Slack. What this stand-in cannot prove: the real limits (only tiers are documented, the ceiling of a workspace is
// not), admin approval of apps, Enterprise Grid and org-wide installs, Slack Connect beyond one foreign channel, the
// error for a thread that does not exist, and whether a second install returns the bot token of the first.

const ROTATED_SECONDS = 43_200;
const LIVE_TOKENS_MAX = 2;

const scopes: Readonly<Record<string, string>> = {
  "chat:write": "Send messages as @harmony",
  "chat:write.public": "Send messages to channels @harmony isn't a member of",
  "channels:read": "View basic information about public channels in a workspace",
  "groups:read": "View basic information about private channels that Harmony has been added to",
  "im:read": "View basic information about direct messages that Harmony has been added to",
  "im:write": "Start direct messages with people",
  "users:read": "View people in a workspace",
  "users:read.email": "View email addresses of people in a workspace",
  "files:write": "Upload, edit, and delete files as Harmony",
  "team:read": "View the name, email domain, and icon for workspaces Harmony is connected to",
  "links:read": "View specific URLs in messages",
  "links:write": "Show previews of specific URLs in messages",
};

/** The words of oauth.v2.access for what went wrong. */
const exchangeErrors: Readonly<Record<ExchangeError, string>> = {
  unknown_client: "invalid_client_id",
  bad_secret: "bad_client_secret",
  bad_code: "invalid_code",
  bad_redirect_uri: "bad_redirect_uri",
  bad_verifier: "invalid_code_verifier",
  pkce_refused: "pkce_not_allowed",
  bad_refresh_token: "invalid_refresh_token",
  dead_grant: "invalid_refresh_token",
};

/** An account's id at the authorize page is the team's. */
function openAuthorization(host: Host, state: SlackState): OAuthServer {
  const label = ({ name, domain }: Team) => ({ label: name, detail: `${domain}.slack.com` });
  return openOAuth(
    host,
    state.oauth,
    {
      authorizePath: "/oauth/v2/authorize",
      accountWord: "workspace",
      appName: "Harmony",
      scopeSeparator: ",",
      needsResponseType: false,
      pkce: "refused",
      scopes,
      isOptional: () => false,
      accounts: () => state.teams.map((team) => ({ id: team.id, ...label(team) })),
      typedLabel: "Another workspace, by its name",
      typed: (name) => {
        const domain = name
          .toLowerCase()
          .replace(/[^a-z0-9]+/g, "-")
          .replace(/^-|-$/g, "");
        if (domain === "") return null;
        state.serial += 10;
        const known = state.teams.find((team) => team.domain === domain);
        const team = known ?? smallTeam(state.serial, name, domain, host.now());
        if (!known) state.teams.push(team);
        return { id: team.id, ...label(team) };
      },
      hintParam: "team",
      accumulates: true,
      asksAgain: () => true,
      returns: () => ({}),
      codePrefix: "9TK3CUKW.",
    },
    (grant) => {
      const team = state.teams.find(({ id }) => id === grant.accountId);
      if (team === undefined) return;
      for (const channel of team.channels) if (channel.kind !== "im") channel.isBotMember = false;
      if (grant.ended === "uninstalled") emitEvent(host, state, team, { type: "app_uninstalled" });
      const tokens = { oauth: [], bot: [team.botUserId] };
      emitEvent(host, state, team, { type: "tokens_revoked", tokens });
    },
  );
}

/** POST oauth.v2.access: codes and refresh tokens, errors as 200. */
function access(host: Host, state: SlackState, oauth: OAuthServer, call: Call): Answer {
  if (mediaType(call) !== "application/x-www-form-urlencoded") {
    return errorAnswer(new SlackError("invalid_form_data"));
  }
  const form = formOf(call);
  const fail = (error: ExchangeError) => errorAnswer(new SlackError(exchangeErrors[error]));
  const unknown = oauth.client(call, form);
  if (unknown !== null) return fail(unknown);
  const kind = form.get("grant_type") ?? "authorization_code";
  if (kind !== "authorization_code" && kind !== "refresh_token") {
    return errorAnswer(new SlackError("invalid_grant_type"));
  }
  if (kind === "refresh_token" && !host.settings.rotation) return fail("bad_refresh_token");
  const outcome =
    kind === "refresh_token"
      ? oauth.refresh(form.get("refresh_token") ?? "")
      : oauth.exchange(form);
  return "error" in outcome ? fail(outcome.error) : tokenAnswer(host, state, oauth, outcome.value);
}

function tokenAnswer(host: Host, state: SlackState, oauth: OAuthServer, exchanged: Exchanged) {
  const { grant } = exchanged;
  const team = state.teams.find(({ id }) => id === grant.accountId);
  if (team === undefined)
    return errorAnswer(new SlackError("invalid_team_for_non_distributed_app"));
  const isRotating = host.settings.rotation;
  if (isRotating) dropOldTokens(oauth, grant.id);
  const rotated = isRotating && {
    expires_in: host.settings.accessTokenSeconds,
    refresh_token: oauth.issueRefresh({ grant, scopes: grant.scopes }, "xoxe-1-"),
  };
  const seconds = isRotating ? host.settings.accessTokenSeconds : null;
  const prefix = isRotating ? "xoxe.xoxb-1-" : "xoxb-";
  return json(200, {
    ok: true,
    access_token: oauth.issueAccess({ grant, scopes: grant.scopes }, prefix, seconds),
    token_type: "bot",
    scope: grant.scopes.join(","),
    bot_user_id: team.botUserId,
    app_id: APP_ID,
    team: { id: team.id, name: team.name },
    enterprise: null,
    is_enterprise_install: false,
    authed_user: { id: team.members[0]?.id ?? "" },
    ...rotated,
  });
}

/** At most two access tokens of a rotating app live; the oldest ends when another is made. */
function dropOldTokens(oauth: OAuthServer, grantId: string): void {
  const own = Object.entries(oauth.state.accessTokens).filter(
    ([, token]) => token.grantId === grantId,
  );
  for (const [key] of own.slice(0, Math.max(0, own.length - LIVE_TOKENS_MAX + 1))) {
    delete oauth.state.accessTokens[key];
  }
}

function open(host: Host): Tool {
  const state = (host.saved as SlackState | null) ?? seedSlack(host.now());
  const oauth = openAuthorization(host, state);
  const meter = openMeter(host.now);
  const methods = slackMethods(meter);
  const pages = slackPages(host, state, oauth);
  const caller = { state, host, oauth, meter };

  const method = (call: Call): Route | null => {
    const name = /^\/api\/([\w.]+)$/.exec(call.path)?.[1];
    if (name === undefined) return null;
    const kind = "call";
    if (name === "oauth.v2.access") {
      return { operation: name, kind, isRead: false, run: () => access(host, state, oauth, call) };
    }
    const found = Object.hasOwn(methods, name) ? methods[name] : undefined;
    const run = found
      ? () => callMethod(caller, name, found, call)
      : () => errorAnswer(new SlackError("unknown_method", { req_method: name }));
    return { operation: name, kind, isRead: found?.isRead ?? true, run };
  };

  const upload = (call: Call): Route | null =>
    call.method === "POST" && call.path.startsWith("/upload/v1/")
      ? { operation: "upload", kind: "call", isRead: false, run: () => receiveUpload(state, call) }
      : null;

  return {
    route: (call) => oauth.route(call) ?? method(call) ?? upload(call) ?? pages(call),
    troubles: {
      throttled: (seconds) => errorAnswer(new SlackError("ratelimited", {}, seconds)),
      broken: (status) => text(status, "Server Error"),
      refused: (code, _operation, status) => json(status ?? 200, { ok: false, error: code }),
    },
    commands: { ...oauth.commands, ...slackCommands(host, state) },
    state: () => state,
    describe: () => ({
      ...(oauth.describe() as object),
      teams: state.teams.map(({ id, name, channels }) => ({
        id,
        name,
        channels: channels.map(({ messages, memberIds: _members, ...channel }) => ({
          ...channel,
          messages: messages.length,
        })),
      })),
    }),
    close: () => undefined,
  };
}

/** The stand-in of Slack. */
export const slack: ToolDefinition = {
  slug: "slack",
  name: "Slack",
  about:
    "A workspace with channels. Messages that Harmony posts appear there; archive a channel or remove the app to see what Harmony makes of it.",
  settings: { accessTokenSeconds: ROTATED_SECONDS },
  open,
};
