// Verifies webhooks of Harmony. Copy this file; it needs Node.js 18 or later and nothing else.

import { createHmac, timingSafeEqual } from "node:crypto";

/**
 * Why a delivery was refused. `code` is one of missing_header, timestamp_too_old,
 * timestamp_in_future, signature_mismatch, body_not_raw, invalid_secret and not_json; `message`
 * says what to do.
 */
export class WebhookVerificationError extends Error {
  constructor(code, message) {
    super(message);
    this.name = "WebhookVerificationError";
    this.code = code;
  }
}

const rawBodyHelp =
  "Your framework parsed and re-serialised the body; verify the raw bytes. " +
  'Express: put express.raw({ type: "application/json" }) on this route, before any ' +
  "express.json(), and pass request.body. Next.js, Hono and others with a Request of fetch: " +
  "pass await request.text(). Fastify: add a content type parser for application/json with " +
  'parseAs: "buffer".';

const secretForm = /^whsec_(?:[A-Za-z0-9+/]{4}){8,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const standardHeaders = ["webhook-id", "webhook-timestamp", "webhook-signature"];
const bodyHeaders = ["x-harmony-signature", "x-harmony-signature-next"];

/**
 * Returns the event of an authentic delivery; throws WebhookVerificationError for everything else.
 *
 * @param {string | Uint8Array | ArrayBuffer} body the raw body, exactly as it came
 * @param {Headers | Record<string, string | string[] | undefined>} headers in any case
 * @param {string | string[]} secret `whsec_…`, or several while you change it
 * @param {{ tolerance?: number, now?: number, requireTimestamp?: boolean }} [options] `tolerance`
 *   in seconds, 300 if left out; `now` in Unix seconds; `requireTimestamp: false` also takes a
 *   delivery without the webhook-* headers, so that an old one can be repeated by leaving them out
 */
export function verifyWebhook(body, headers, secret, options = {}) {
  const { tolerance = 300, now = Date.now() / 1000, requireTimestamp = true } = options;
  const secrets = readSecrets(secret);
  const bytes = readBody(body);
  const given = readHeaders(headers);
  // The time is only as good as the signature over it: with one of these headers, all must hold.
  if (requireTimestamp || standardHeaders.some((name) => given.has(name))) {
    requireHeaders(given);
    requireSignature(fitsStandard, bytes, given, secrets);
    requireRecent(Number(given.get("webhook-timestamp")), now, tolerance);
  } else {
    if (!bodyHeaders.some((name) => given.has(name))) {
      throw missing(`${standardHeaders.join(", ")} and x-harmony-signature`);
    }
    requireSignature(fitsBodyOnly, bytes, given, secrets);
  }
  return parseEvent(bytes);
}

function readSecrets(secret) {
  const secrets = (Array.isArray(secret) ? secret : [secret]).map((one) => String(one).trim());
  if (secrets.length > 0 && secrets.every((one) => secretForm.test(one))) return secrets;
  throw new WebhookVerificationError(
    "invalid_secret",
    "The secret is not whsec_ followed by base64. Give it whole, as Harmony showed it; if it is " +
      "lost, regenerate it on the webhook's page.",
  );
}

function readBody(body) {
  if (typeof body === "string") return Buffer.from(body, "utf8");
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (body instanceof ArrayBuffer) return Buffer.from(body);
  throw new WebhookVerificationError("body_not_raw", rawBodyHelp);
}

function readHeaders(headers) {
  const entries =
    typeof headers?.entries === "function" ? headers.entries() : Object.entries(headers ?? {});
  const given = new Map();
  for (const [name, value] of entries) {
    if (value !== undefined) given.set(name.toLowerCase(), String(value).trim());
  }
  return given;
}

function missing(what) {
  return new WebhookVerificationError(
    "missing_header",
    `The request has no ${what}. Harmony sends them with every event: check that your proxy or ` +
      "framework passes them on. A request that never had them is not from Harmony.",
  );
}

function requireHeaders(given) {
  const absent = standardHeaders.filter((name) => !given.get(name));
  if (absent.length > 0) throw missing(absent.join(", "));
  if (!/^\d{1,15}$/.test(given.get("webhook-timestamp"))) {
    throw missing("time in webhook-timestamp (it must be Unix seconds)");
  }
}

const hmac = (key, ...parts) =>
  parts.reduce((hash, part) => hash.update(part), createHmac("sha256", key));

/** Takes as long for a wrong text as for the right one, so guessing teaches nothing. */
function isSame(given, expected) {
  const left = Buffer.from(given);
  const right = Buffer.from(expected);
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Standard Webhooks 1.0: base64 over "id.timestamp.body"; the key is what follows whsec_. */
function fitsStandard(bytes, given, secrets) {
  const head = `${given.get("webhook-id")}.${given.get("webhook-timestamp")}.`;
  const entries = (given.get("webhook-signature") ?? "").split(" ");
  return secrets.some((secret) => {
    const key = Buffer.from(secret.slice("whsec_".length), "base64");
    const expected = `v1,${hmac(key, head, bytes).digest("base64")}`;
    return entries.some((entry) => isSame(entry, expected));
  });
}

/** X-Harmony-Signature: hex over the body alone, keyed with the whole secret. */
function fitsBodyOnly(bytes, given, secrets) {
  return secrets.some((secret) => {
    const expected = hmac(secret, bytes).digest("hex");
    return bodyHeaders.some((name) => isSame(given.get(name) ?? "", expected));
  });
}

function requireSignature(fits, bytes, given, secrets) {
  if (fits(bytes, given, secrets)) return;
  if (isReserialised(fits, bytes, given, secrets)) {
    throw new WebhookVerificationError("body_not_raw", rawBodyHelp);
  }
  throw new WebhookVerificationError(
    "signature_mismatch",
    fitsBodyOnly(bytes, given, secrets)
      ? "The body is Harmony's, but webhook-id, webhook-timestamp or webhook-signature was " +
          "changed on the way."
      : "No signature fits this body and this secret: the secret is another webhook's or has " +
          "been replaced, or the body was changed on the way.",
  );
}

/** Whether the signature fits the body in the compact form in which Harmony wrote it. */
function isReserialised(fits, bytes, given, secrets) {
  try {
    const compact = JSON.stringify(JSON.parse(bytes.toString("utf8")));
    return fits(Buffer.from(compact), given, secrets);
  } catch {
    return false;
  }
}

/** Written so that a `tolerance` or `now` that is no number refuses everything. */
function requireRecent(timestamp, now, tolerance) {
  if (!(now - timestamp <= tolerance)) {
    throw new WebhookVerificationError(
      "timestamp_too_old",
      `The delivery was signed more than ${tolerance} seconds ago: it was repeated or held up, ` +
        "or this computer's clock is ahead. Harmony signs every attempt anew.",
    );
  }
  if (!(timestamp - now <= tolerance)) {
    throw new WebhookVerificationError(
      "timestamp_in_future",
      `The delivery was signed more than ${tolerance} seconds from now: this computer's clock ` +
        "is behind. Set it by the network (NTP).",
    );
  }
}

function parseEvent(bytes) {
  try {
    const event = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (event !== null && typeof event === "object" && !Array.isArray(event)) return event;
  } catch {
    // Told below: it is the same for whoever reads it.
  }
  throw new WebhookVerificationError(
    "not_json",
    "The body is signed, but it is not a JSON object.",
  );
}
