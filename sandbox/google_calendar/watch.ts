import { createHash, randomBytes } from "node:crypto";
import { googleError } from "../families/google";
import { type Answer, type Call, json, objectOf } from "../http";
import type { Host } from "../tool";
import type { Calendar, Channel, GoogleState } from "./state";

// Watch channels: `sync` at once, `exists` when something changed, nothing after their end.

const LIFE_DEFAULT_MS = 7 * 86_400_000;
const LIFE_MAX_MS = 30 * 86_400_000;
const TOKEN_MAX = 256;
const channelId = /^[A-Za-z0-9\-_+/=]{1,64}$/;
const retried = new Set([500, 502, 503, 504]);

const resourceIdOf = (calendarId: string) =>
  createHash("sha256").update(calendarId).digest("base64url").slice(0, 27);

function isLive({ expiresAt }: Channel, now: Date): boolean {
  return expiresAt > now.getTime();
}

function notify(host: Host, channel: Channel, resourceState: "sync" | "exists"): void {
  channel.messages += resourceState === "sync" ? 1 : 1 + (randomBytes(1).readUInt8() % 9);
  const number = channel.messages;
  const uri = `https://www.googleapis.com/calendar/v3/calendars/${encodeURIComponent(channel.calendarId)}/events?alt=json`;
  host.hooks.deliver({
    what: `${resourceState} ${channel.id}`,
    url: channel.address,
    body: "",
    headers: (_sentAt, isBroken) => ({
      "user-agent": "APIs-Google; (+https://developers.google.com/webmasters/APIs-Google.html)",
      "x-goog-channel-id": channel.id,
      "x-goog-channel-expiration": new Date(channel.expiresAt).toUTCString(),
      "x-goog-resource-id": channel.resourceId,
      "x-goog-resource-uri": uri,
      "x-goog-resource-state": resourceState,
      "x-goog-message-number": String(number),
      ...(channel.token !== null && { "x-goog-channel-token": isBroken ? "wrong" : channel.token }),
    }),
    isRetried: (status) => retried.has(status),
  });
}

/** Tells everybody who watches these calendars that something changed. */
export function notifyWatchers(
  host: Host,
  state: GoogleState,
  calendars: readonly Calendar[],
): void {
  for (const channel of Object.values(state.channels)) {
    const isMeant = calendars.some(({ id }) => id === channel.calendarId);
    if (isMeant && isLive(channel, host.now())) notify(host, channel, "exists");
  }
}

/** When a channel ends: what was asked, but not longer than allowed. */
function expiryOf(body: Readonly<Record<string, unknown>>, now: number): number {
  const params = (body.params ?? {}) as Readonly<Record<string, unknown>>;
  const ttl = Number(params.ttl);
  const asked = Number(body.expiration ?? (ttl > 0 ? now + ttl * 1_000 : now + LIFE_DEFAULT_MS));
  return Number.isFinite(asked) ? Math.min(asked, now + LIFE_MAX_MS) : now + LIFE_DEFAULT_MS;
}

function flawOf(
  host: Host,
  state: GoogleState,
  calendar: Calendar,
  body: Readonly<Record<string, unknown>>,
) {
  const { id, type, address, token } = body;
  if (typeof id !== "string" || id === "")
    return googleError("required", { message: "id is required" });
  if (!channelId.test(id)) return googleError("invalid", { message: "Invalid channel id" });
  if (type !== "web_hook") return googleError("invalid", { message: "Unknown channel type" });
  if (typeof address !== "string" || !URL.canParse(address)) {
    return googleError("invalid", { message: "Invalid address" });
  }
  if (!address.startsWith("https://")) {
    return googleError("webhookUrlNotHttps", {
      message: `WebHook callback must be HTTPS: ${address}`,
    });
  }
  if (typeof token === "string" && token.length > TOKEN_MAX) return googleError("invalid");
  const known = state.channels[id];
  if (known && isLive(known, host.now())) {
    return googleError("channelIdNotUnique", { message: `Channel id ${id} not unique` });
  }
  return calendar.isWatchable ? null : googleError("pushNotSupportedForRequestedResource");
}

/** POST …/events/watch */
export function watch(
  host: Host,
  state: GoogleState,
  calendar: Calendar,
  sub: string,
  call: Call,
): Answer {
  const body = objectOf(call);
  if (body === null) return googleError("parseError");
  const flaw = flawOf(host, state, calendar, body);
  if (flaw !== null) return flaw;
  const channel: Channel = {
    id: String(body.id),
    resourceId: resourceIdOf(calendar.id),
    calendarId: calendar.id,
    address: String(body.address),
    token: typeof body.token === "string" ? body.token : null,
    expiresAt: expiryOf(body, host.now().getTime()),
    sub,
    messages: 0,
  };
  state.channels[channel.id] = channel;
  notify(host, channel, "sync");
  return json(200, {
    kind: "api#channel",
    id: channel.id,
    resourceId: channel.resourceId,
    resourceUri: `https://www.googleapis.com/calendar/v3/calendars/${encodeURIComponent(calendar.id)}/events?alt=json`,
    ...(channel.token !== null && { token: channel.token }),
    expiration: String(channel.expiresAt),
  });
}

/** POST channels/stop: 204, or 404 for one that is unknown, over, or somebody else's. */
export function stopChannel(host: Host, state: GoogleState, sub: string, call: Call): Answer {
  const body = objectOf(call);
  if (body === null) return googleError("parseError");
  const channel = state.channels[String(body.id)];
  const isFound =
    channel !== undefined &&
    channel.resourceId === body.resourceId &&
    channel.sub === sub &&
    isLive(channel, host.now());
  if (!isFound) {
    return googleError("notFound", {
      message: `Channel '${String(body.id)}' not found for project`,
    });
  }
  delete state.channels[channel.id];
  return { status: 204 };
}
