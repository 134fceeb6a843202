import { createHmac } from "node:crypto";
import { z } from "zod";
import { safeEqual } from "@/lib/core/crypto";
import type { Hint, HookAnswer, RawRequest } from "@/lib/integrations/contract";

const toleranceSeconds = 300;

/**
 * Slack's signature, version 0 (docs.slack.dev/authentication/verifying-requests-from-slack): HMAC-SHA256 over
 * `v0:{timestamp}:{raw body}`. Older or newer than five minutes is refused, so that a recorded call cannot be replayed.
 */
export function verifySignature(
  request: RawRequest,
  known: { readonly secret: string; readonly now: Date },
): boolean {
  const timestamp = request.headers.get("x-slack-request-timestamp") ?? "";
  const signature = request.headers.get("x-slack-signature") ?? "";
  if (!/^\d{1,12}$/.test(timestamp) || known.secret === "") return false;
  const ageSeconds = Math.abs(known.now.getTime() / 1000 - Number(timestamp));
  if (ageSeconds > toleranceSeconds) return false;
  const expected = createHmac("sha256", known.secret)
    .update(`v0:${timestamp}:`)
    .update(request.body)
    .digest("hex");
  return safeEqual(signature, `v0=${expected}`);
}

const call = z.discriminatedUnion("type", [
  z.object({ type: z.literal("url_verification"), challenge: z.string().max(1000) }),
  z.object({
    type: z.literal("event_callback"),
    team_id: z.string(),
    event_id: z.string(),
    event: z.looseObject({
      type: z.string(),
      tokens: z.object({ bot: z.array(z.string()).optional() }).optional(),
    }),
  }),
]);
type EventCallback = Extract<z.output<typeof call>, { type: "event_callback" }>;

const channelEvents =
  /^(?:channel|group)_(?:archive|unarchive|deleted|rename|left|created|open|close)$/;

function hintsOf({ team_id: accountId, event }: EventCallback): readonly Hint[] {
  if (event.type === "app_uninstalled") {
    return [{ kind: "grant_ended", reason: "app_uninstalled", accountId }];
  }
  if (event.type === "tokens_revoked") {
    const bots = event.tokens?.bot ?? [];
    // Tokens of people are named as well; only our bot's ends the connection.
    if (bots.length === 0) return [];
    return [
      { kind: "grant_ended", reason: "token_revoked", accountId, where: { bot_user_id: bots } },
    ];
  }
  if (channelEvents.test(event.type)) {
    return [{ kind: "choices_changed", setting: "channel", accountId }];
  }
  return [];
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    // Interactivity comes as a form. Nothing that we post asks for it.
    return null;
  }
}

/** What a verified call tells. Kinds that nobody asked for are answered and forgotten. */
export function readCall(request: RawRequest): HookAnswer {
  const read = call.safeParse(parsed(request.body));
  if (!read.success) return { hints: [], callId: null };
  if (read.data.type === "url_verification") {
    return { body: read.data.challenge, hints: [], callId: null };
  }
  return { hints: hintsOf(read.data), callId: read.data.event_id };
}
