import { createHmac } from "node:crypto";
import type { Host } from "../tool";
import { APP_ID, type Channel, type SlackState, type Team } from "./state";

// What Slack sends to an app: signed with the signing secret over the raw body, tried again at once, after one and
// after five minutes.

function send(host: Host, what: string, payload: Readonly<Record<string, unknown>>): void {
  const { settings, hooks } = host;
  if (settings.hookUrl === null) return;
  const body = JSON.stringify(payload);
  hooks.deliver({
    what,
    url: settings.hookUrl,
    body,
    headers: (sentAt, isBroken) => {
      const at = String(Math.floor(sentAt.getTime() / 1_000));
      const secret = isBroken ? `not ${settings.hookSecret}` : settings.hookSecret;
      const signature = createHmac("sha256", secret).update(`v0:${at}:${body}`).digest("hex");
      return {
        "content-type": "application/json",
        "user-agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        "x-slack-request-timestamp": at,
        "x-slack-signature": `v0=${signature}`,
      };
    },
    retryHeaders: (retry, reason) => ({
      "x-slack-retry-num": String(retry),
      "x-slack-retry-reason": reason,
    }),
    isRetried: (status) => status < 200 || status >= 300,
  });
}

/** Wraps an event of a team and sends it. */
export function emitEvent(
  host: Host,
  state: SlackState,
  team: Team,
  event: Readonly<Record<string, unknown>> & { readonly type: string },
): void {
  state.serial += 1;
  const time = Math.floor(host.now().getTime() / 1_000);
  send(host, event.type, {
    token: "sandbox-verification-token",
    team_id: team.id,
    api_app_id: APP_ID,
    event: { ...event, event_ts: `${time}.000100` },
    type: "event_callback",
    event_id: `Ev0${state.serial.toString(36).toUpperCase().padStart(8, "0")}`,
    event_time: time,
    authorizations: [
      { enterprise_id: null, team_id: team.id, user_id: team.botUserId, is_bot: true },
    ],
  });
}

/** What Slack asks of a request URL before it sends anything. */
export function emitVerification(host: Host): void {
  const challenge = "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P";
  const token = "sandbox-verification-token";
  send(host, "url_verification", { token, challenge, type: "url_verification" });
}

export function emitChannel(
  host: Host,
  state: SlackState,
  team: Team,
  what: "archive" | "unarchive" | "rename" | "deleted" | "left",
  channel: Channel,
): void {
  const type = `${channel.kind === "group" ? "group" : "channel"}_${what}`;
  const { id, name, created } = channel;
  const about = what === "rename" ? { id, name, created } : id;
  emitEvent(host, state, team, { type, channel: about });
}
