import { createPublicKey, type JsonWebKey, type KeyObject } from "node:crypto";
import { invalidRequest } from "@/lib/core/errors";
import { holdsPrivateKey, privateKeyRefusal } from "@/lib/oauth-server/key-text";
import type { OAuthKeyView } from "@/lib/oauth-server/schema";

// The public keys that an app proves itself with (`private_key_jwt`; RFC 7517, RFC 7523). No message quotes the text.

const keysMax = 5;
const rsaBits = { min: 2048, max: 8192 } as const;
const rsaExponentMin = 65_537n;

/** A public key as it is kept: made anew from its numbers, so that nothing else of what was pasted is. */
export interface ClientKey {
  readonly [member: string]: unknown;
  readonly kty: "RSA" | "EC" | "OKP";
  readonly use: "sig";
  readonly kid?: string;
  readonly alg?: string;
}

const refuse = (problem: string) =>
  invalidRequest("These are no keys that an app can prove itself with", { jwks: problem });

/** The algorithms of the server (RFC 7518, 3.1; RFC 8037), by the kind of key that each one needs. */
const algorithms = {
  RSA: ["RS256", "PS256"],
  EC: ["ES256"],
  OKP: ["EdDSA", "Ed25519"],
} as const;

function checkStrength(key: KeyObject, which: string): void {
  const { modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {};
  if (modulusLength < rsaBits.min) throw refuse(`${which} has fewer than ${rsaBits.min} bits.`);
  if (modulusLength > rsaBits.max) throw refuse(`${which} has more than ${rsaBits.max} bits.`);
  if (publicExponent < rsaExponentMin) throw refuse(`${which} has a public exponent below 65537.`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function keyObjectOf(jwk: JsonWebKey, which: string): KeyObject {
  try {
    return createPublicKey({ key: jwk, format: "jwk" });
  } catch {
    // The cause quotes what was pasted.
    throw refuse(`${which} is damaged: its numbers are no key.`);
  }
}

const privateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"] as const;

function kindOf(jwk: Record<string, unknown>, which: string): keyof typeof algorithms {
  const { kty, crv } = jwk;
  if (kty === "RSA") return kty;
  if (kty === "EC" && crv === "P-256") return kty;
  if (kty === "OKP" && crv === "Ed25519") return kty;
  throw refuse(`${which} must be RSA, EC on P-256, or Ed25519.`);
}

function checkPurpose(jwk: Record<string, unknown>, kty: keyof typeof algorithms, which: string) {
  const { use, alg, kid, key_ops: operations } = jwk;
  if (use !== undefined && use !== "sig") throw refuse(`${which} is not for signatures ("use").`);
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes("verify")))
    throw refuse(`${which} is not for verifying ("key_ops").`);
  const known: readonly unknown[] = algorithms[kty];
  if (alg !== undefined && !known.includes(alg))
    throw refuse(`${which} names an algorithm other than ${algorithms[kty].join(" or ")} ("alg").`);
  if (kid !== undefined && !(typeof kid === "string" && kid.length > 0 && kid.length <= 200))
    throw refuse(`${which} must have a "kid" of 1 to 200 characters, or none.`);
}

function clientKeyOf(jwk: unknown, which: string): ClientKey {
  if (!isRecord(jwk)) throw refuse(`${which} is not a JSON object.`);
  // Names may be written with escapes, which the text does not show.
  if (privateMembers.some((name) => name in jwk)) throw refuse(privateKeyRefusal);
  const kty = kindOf(jwk, which);
  checkPurpose(jwk, kty, which);
  const key = keyObjectOf(jwk, which);
  if (kty === "RSA") checkStrength(key, which);
  return {
    ...key.export({ format: "jwk" }),
    kty,
    use: "sig",
    ...(typeof jwk.kid === "string" ? { kid: jwk.kid } : {}),
    ...(typeof jwk.alg === "string" ? { alg: jwk.alg } : {}),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The cause quotes what was pasted.
    throw refuse("This is not JSON. Paste a JSON Web Key Set: {“keys”: […]}, or one JSON Web Key.");
  }
}

/** One to five public keys from a pasted JSON Web Key Set or a single key; anything private is refused. */
export function readClientKeys(text: string): { keys: ClientKey[] } {
  if (holdsPrivateKey(text)) throw refuse(privateKeyRefusal);
  const value = parsed(text);
  const listed = isRecord(value) && Array.isArray(value.keys) ? value.keys : [value];
  if (listed.length === 0) throw refuse("The set is empty. Give at least one key.");
  if (listed.length > keysMax) throw refuse(`At most ${keysMax} keys; this set has more.`);
  const keys = listed.map((jwk, index) =>
    clientKeyOf(jwk, listed.length === 1 ? "The key" : `Key ${index + 1}`),
  );
  const named = keys.flatMap(({ kid }) => kid ?? []);
  if (new Set(named).size < named.length) throw refuse('Two keys have the same "kid".');
  return { keys };
}

/** What tells a key apart from the app's others. */
export function describeKey(key: ClientKey): OAuthKeyView {
  const { n, kid, alg, kty } = key;
  const bits = typeof n === "string" ? Buffer.from(n, "base64url").length * 8 : 0;
  const kinds = { RSA: `RSA ${bits}`, EC: "EC P-256", OKP: "Ed25519" } as const;
  return { kind: kinds[kty], kid: kid ?? null, alg: alg ?? null };
}
