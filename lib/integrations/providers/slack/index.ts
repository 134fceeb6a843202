import { type Provider, ProviderError, type RevokeCall } from "@/lib/integrations/contract";
import { applyMessage, identify, listChannels } from "@/lib/integrations/providers/slack/calls";
import { classify } from "@/lib/integrations/providers/slack/classify";
import { readCall, verifySignature } from "@/lib/integrations/providers/slack/events";
import { readTokenReply } from "@/lib/integrations/providers/slack/tokens";

/** The app stays installed and its token is dead. One Slack workspace has one token, however many use it. */
async function revoke({ accessToken, isShared, postForm }: RevokeCall): Promise<void> {
  if (isShared) return;
  const { status, body } = await postForm("revoke", {}, accessToken);
  const fault = classify({ status, headers: {}, body });
  // Already revoked, or the app was removed.
  if (fault?.kind === "reauth") return;
  if (fault || status >= 400) {
    throw new ProviderError("slack", fault ?? { kind: "transient", detail: `status ${status}` });
  }
}

/** Notifications and sharing: messages go out, nothing of Slack's content comes in. */
export const slack: Provider = {
  slug: "slack",
  name: "Slack",
  category: "communication",
  scope: "workspace",
  purpose: "Notifications and sharing",
  envPrefix: "SLACK",
  urls: {
    authorize: { url: "https://slack.com/oauth/v2/authorize", sandboxPath: "/oauth/v2/authorize" },
    token: { url: "https://slack.com/api/oauth.v2.access", sandboxPath: "/api/oauth.v2.access" },
    revoke: { url: "https://slack.com/api/auth.revoke", sandboxPath: "/api/auth.revoke" },
    api: { url: "https://slack.com/api", sandboxPath: "/api" },
  },
  auth: {
    kind: "oauth2",
    scopeSeparator: ",",
    // Sending a verifier to a confidential app is refused: `pkce_not_allowed`.
    pkce: false,
    sendsResponseType: false,
    clientAuth: "body",
    tokenRequest: "form",
    // Where the app has no rotation there is no refresh token, and the token does not expire.
    refresh: "rotating",
    baseScopes: ["chat:write", "chat:write.public", "channels:read", "groups:read"],
    readTokenReply,
    revoke,
  },
  scopeWords: {
    "chat:write": "Post messages as Harmony, and change its own",
    "chat:write.public": "Post in public channels without being invited to each",
    "channels:read": "List public channels, so that you can choose one",
    "groups:read": "List the private channels that Harmony was invited to",
  },
  identify,
  capabilities: {
    message: { push: { scopes: ["chat:write", "chat:write.public"], apply: applyMessage } },
  },
  dataOptions: {
    meeting_data: {
      what: "The first 600 characters of the summary are posted to the channel",
      default: true,
    },
    action_items: { what: "Listed in the message, with assignee and due date", default: true },
    contacts: { off: "Slack has no contacts", default: false },
    notes: { off: "Notes are not posted to channels", default: false },
  },
  wants: ({ data, options }) => [
    ...((data.meeting_data || data.action_items) && options.meeting_processed !== false
      ? (["meeting.processed"] as const)
      : []),
    ...(options.meeting_failed === true ? (["meeting.failed"] as const) : []),
    ...(options.insight_generated === true ? (["insight.generated"] as const) : []),
    ...(options.alerts === true ? (["alert"] as const) : []),
    "share",
    "test",
  ],
  directions: ["one_way"],
  frequencies: ["realtime", "daily", "manual"],
  defaultFrequency: "realtime",
  canBackfill: false,
  settings: [
    {
      key: "channel",
      label: "Default channel",
      help: "Nothing is posted before one is chosen. For a private channel, invite Harmony to it first.",
      kind: "choice",
      isRequired: true,
      load: listChannels,
      takesPastedId: /^[CGD][A-Z0-9]{8,}$/,
    },
    {
      key: "meeting_processed",
      label: "Meeting processed",
      help: "Title, time, summary and action items of each meeting, with a link.",
      kind: "toggle",
      default: true,
    },
    {
      key: "meeting_failed",
      label: "Meeting failed",
      help: "A meeting could not be processed, and why.",
      kind: "toggle",
      default: false,
    },
    {
      key: "insight_generated",
      label: "Insight generated",
      help: "A question of your team was answered for a meeting.",
      kind: "toggle",
      default: false,
    },
    {
      key: "alerts",
      label: "Integration alerts",
      help: "A tool needs attention, or a sync fails.",
      kind: "toggle",
      default: false,
    },
    {
      key: "routes",
      label: "Team routing",
      help: "Meetings of a team go to its own channel; those of the others to the default channel.",
      kind: "team_routes",
      choicesOf: "channel",
    },
  ],
  webhooks: { kind: "app", verify: verifySignature, read: readCall },
  // Slack names no figure for a workspace beyond "several hundred messages a minute".
  budget: { calls: 200, perMs: 60_000 },
  classify,
  hasTestMessage: true,
};
