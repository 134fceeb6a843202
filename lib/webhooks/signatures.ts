import { createHmac } from "node:crypto";

const secretPrefix = "whsec_";

/** A webhook's secrets, whole as they are shown: `whsec_` and base64. */
export interface SigningSecrets {
  readonly current: string;
  /** Set while a rotation overlaps. */
  readonly next: string | null;
}

interface SignedMessage {
  /** The delivery (`dlv_…`), the same on every attempt. */
  readonly id: string;
  /** When this attempt is made, in whole Unix seconds. */
  readonly timestampSeconds: number;
  /** The exact body that is sent; a string is sent, and signed, as UTF-8. */
  readonly body: string | Uint8Array;
}

/** The key of a Standard Webhooks signature: the bytes after the prefix. */
function standardKey(secret: string): Buffer {
  const key = Buffer.from(secret.slice(secretPrefix.length), "base64");
  if (!secret.startsWith(secretPrefix) || key.length === 0) {
    throw new Error("a webhook's secret is not whsec_ followed by base64");
  }
  return key;
}

function standardSignature({ id, timestampSeconds, body }: SignedMessage, secret: string): string {
  const hmac = createHmac("sha256", standardKey(secret)).update(`${id}.${timestampSeconds}.`);
  return `v1,${hmac.update(body).digest("base64")}`;
}

function bodySignature(body: SignedMessage["body"], secret: string): string {
  return createHmac("sha256", secret).update(body).digest("hex");
}

/**
 * The headers that prove an attempt (handbook 21.4, 21.7). `x-harmony-signature` is the source document's: lowercase
 * hex of HMAC-SHA256 over the raw body, keyed with the whole secret. The `webhook-*` headers are Standard Webhooks
 * 1.0: they sign the id and the time too. While a rotation overlaps, the seed's header stays with the current secret,
 * so that a receiver which knows only that one goes on; the next one stands in a header and an entry of its own.
 */
export function signatureHeaders(
  message: SignedMessage,
  secrets: SigningSecrets,
): Record<string, string> {
  const { current, next } = secrets;
  const valid = next === null ? [current] : [current, next];
  return {
    "x-harmony-signature": bodySignature(message.body, current),
    ...(next === null ? {} : { "x-harmony-signature-next": bodySignature(message.body, next) }),
    "webhook-id": message.id,
    "webhook-timestamp": String(message.timestampSeconds),
    "webhook-signature": valid.map((secret) => standardSignature(message, secret)).join(" "),
  };
}
