import { randomFillSync } from "node:crypto";

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Typed id prefixes of the product (handbook D-39). One row per kind of thing that has an id. */
export const ID_PREFIX = {
  workspace: "wsp",
  user: "usr",
  membership: "mbr",
  invitation: "inv",
  role: "role",
  team: "team",
  meeting: "mtg",
  participant: "par",
  actionItem: "act",
  contact: "con",
  project: "prj",
  insight: "ins",
  insightResult: "res",
  apiKey: "key",
  event: "evt",
  webhook: "whk",
  delivery: "dlv",
  attempt: "att",
  audit: "aud",
  notification: "ntf",
  incident: "inc",
  mail: "eml",
  request: "req",
  connection: "conn",
  syncRun: "run",
  syncEntry: "sle",
  syncItem: "itm",
  externalLink: "lnk",
  calendarEvent: "cev",
  uploadSession: "upl",
  insightRun: "irn",
  oauthApp: "hcl",
  oauthSecret: "sec",
  oauthKill: "okl",
  registrationToken: "ort",
  serviceAccount: "svc",
} as const;

export type IdKind = keyof typeof ID_PREFIX;

// Random bytes are drawn in bulk: one call to the system for a few hundred ids. Each byte is used once.
const reserve = Buffer.alloc(4096);
let used = reserve.length;

function nextByte(): number {
  if (used === reserve.length) {
    randomFillSync(reserve);
    used = 0;
  }
  const byte = reserve[used] ?? 0;
  reserve[used] = 0;
  used += 1;
  return byte;
}

/** `length` characters of base 62 from the system's random source, without modulo bias. */
export function randomBase62(length: number): string {
  let out = "";
  while (out.length < length) {
    const byte = nextByte();
    if (byte < 248) out += alphabet[byte % 62];
  }
  return out;
}

/** A non-negative integer in base 62, left-padded with zeros to `width`. */
export function toBase62(value: number, width: number): string {
  let rest = value;
  let out = "";
  do {
    out = (alphabet[rest % 62] ?? "0") + out;
    rest = Math.floor(rest / 62);
  } while (rest > 0);
  return out.padStart(width, "0");
}

/**
 * A new id such as `mtg_1Q9fK2xA…`: prefix, then seven characters of the millisecond clock and thirteen random
 * ones (77 bits). The clock part keeps new rows at one end of an index; order is a hint, never a promise.
 */
export function newId(kind: IdKind): string {
  return `${ID_PREFIX[kind]}_${toBase62(Date.now(), 7)}${randomBase62(13)}`;
}
