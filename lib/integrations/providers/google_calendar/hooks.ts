import { safeEqual } from "@/lib/core/crypto";
import type { HookAnswer, RawRequest } from "@/lib/integrations/contract";

// Notifications have no body: a channel says that something in its calendar changed.

/**
 * The channel's own token, and its ids where we know them already: the first call (`sync`) may arrive before the answer
 * that names them.
 */
export function verifyNotification(
  request: RawRequest,
  known: { readonly secret: string; readonly facts: Readonly<Record<string, string>> },
): boolean {
  if (known.secret === "") return false;
  const token = request.headers.get("x-goog-channel-token") ?? "";
  const { channel_id: channelId, resource_id: resourceId } = known.facts;
  const ids = [
    [request.headers.get("x-goog-channel-id"), channelId],
    [request.headers.get("x-goog-resource-id"), resourceId],
  ] as const;
  const fits = ids.every(([told, kept]) => kept === undefined || told === kept);
  return safeEqual(token, known.secret) && fits;
}

/** Every state means the same to us: read this calendar from where we are. */
export function readNotification(request: RawRequest): HookAnswer {
  const channel = request.headers.get("x-goog-channel-id");
  const number = request.headers.get("x-goog-message-number");
  return {
    hints: [{ kind: "changed", resource: "event", accountId: null }],
    callId: channel === null || number === null ? null : `${channel}:${number}`,
  };
}
