import { crc32 } from "node:zlib";
import { randomBase62, toBase62 } from "@/lib/core/ids";

// `hk_live_` + 30 random base-62 characters + 6 of checksum (handbook D-33): CRC-32 of everything before it.
// The checksum catches typos before a database read and lets secret scanners know our keys; it proves nothing.

const prefix = "hk_live_";
const shape = /^hk_live_[0-9A-Za-z]{36}$/;

function checksum(body: string): string {
  return toBase62(crc32(body), 6);
}

/** A new key; 178 bits of it are random. */
export function newApiKeyToken(): string {
  const body = prefix + randomBase62(30);
  return body + checksum(body);
}

/** True when the text has a key's shape and its checksum fits. */
export function isApiKeyToken(text: string): boolean {
  return shape.test(text) && checksum(text.slice(0, -6)) === text.slice(-6);
}

/** The first and last four characters of a key's random part, which lists show. */
export function apiKeyEnds(token: string): { first4: string; last4: string } {
  const random = token.slice(prefix.length, -6);
  return { first4: random.slice(0, 4), last4: random.slice(-4) };
}

/** A key as lists show it: `hk_live_ab12…9f3c`. */
export function maskedApiKey({ first4, last4 }: { first4: string; last4: string }): string {
  return `${prefix}${first4}…${last4}`;
}
