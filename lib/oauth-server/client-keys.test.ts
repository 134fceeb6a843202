import { generateKeyPairSync, type JsonWebKey, type KeyObject } from "node:crypto";
import { expect, test } from "vitest";
import { AppError } from "@/lib/core/errors";
import { describeKey, readClientKeys } from "@/lib/oauth-server/client-keys";
import { holdsPrivateKey } from "@/lib/oauth-server/key-text";

const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const ed = generateKeyPairSync("ed25519");

const jwkOf = (key: KeyObject): JsonWebKey => key.export({ format: "jwk" });
const setOf = (...keys: unknown[]) => JSON.stringify({ keys });

function refusalOf(text: string): string {
  try {
    readClientKeys(text);
  } catch (error) {
    if (error instanceof AppError) return JSON.stringify([error.message, error.fix, error.details]);
    throw error;
  }
  throw new Error("the keys were taken");
}

test("public keys of the three kinds are taken, and nothing is kept of them but the key", () => {
  const { keys } = readClientKeys(
    setOf(
      { ...jwkOf(ec.publicKey), kid: "first", alg: "ES256", x5c: ["MII"], note: "<script>" },
      { ...jwkOf(rsa.publicKey), use: "sig", key_ops: ["verify"], ext: true },
      jwkOf(ed.publicKey),
    ),
  );
  expect(keys).toEqual([
    { ...jwkOf(ec.publicKey), use: "sig", kid: "first", alg: "ES256" },
    { ...jwkOf(rsa.publicKey), use: "sig" },
    { ...jwkOf(ed.publicKey), use: "sig" },
  ]);
  expect(keys.map(describeKey)).toEqual([
    { kind: "EC P-256", kid: "first", alg: "ES256" },
    { kind: "RSA 2048", kid: null, alg: null },
    { kind: "Ed25519", kid: null, alg: null },
  ]);
});

test("one key without a set around it is a set of one", () => {
  expect(readClientKeys(JSON.stringify(jwkOf(ec.publicKey))).keys).toHaveLength(1);
});

const pem = (key: KeyObject) => String(key.export({ format: "pem", type: "pkcs8" }));
const escapedPrivate = setOf(jwkOf(ec.privateKey)).replace('"d"', '"\\u0064"');

test.each([
  ["a private EC key", setOf(jwkOf(ec.privateKey))],
  ["a private RSA key", setOf(jwkOf(rsa.privateKey))],
  ["a private Ed25519 key", JSON.stringify(jwkOf(ed.privateKey), null, 2)],
  ["a private key among public ones", setOf(jwkOf(ec.publicKey), jwkOf(ed.privateKey))],
  ["a private key as PEM", pem(rsa.privateKey)],
  ["a shared secret", setOf({ kty: "oct", k: "c2VjcmV0" })],
  ["a private key whose members are escaped", escapedPrivate],
])("%s is refused in so many words, and no part of it is said back", (_name, text) => {
  const refusal = refusalOf(text);
  expect(refusal).toContain("This is a private key");
  const { d = "" } = jwkOf(ec.privateKey);
  for (const secret of [d, "c2VjcmV0", pem(rsa.privateKey).slice(60, 100)])
    expect(refusal).not.toContain(secret);
});

test("a form sees a private key in the text alone, and takes no public one for it", () => {
  expect(holdsPrivateKey(setOf(jwkOf(ec.privateKey)))).toBe(true);
  expect(holdsPrivateKey(pem(ed.privateKey))).toBe(true);
  expect(holdsPrivateKey(setOf(jwkOf(ec.publicKey), jwkOf(rsa.publicKey)))).toBe(false);
});

const weakRsa = generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey;
const smallExponent = generateKeyPairSync("rsa", { modulusLength: 2048, publicExponent: 3 });
const p384 = generateKeyPairSync("ec", { namedCurve: "P-384" }).publicKey;
const x25519 = generateKeyPairSync("x25519").publicKey;
const good = jwkOf(ec.publicKey);

test.each([
  ["text that is not JSON", "-----BEGIN PUBLIC KEY-----", "not JSON"],
  ["an empty set", setOf(), "empty"],
  ["six keys", setOf(good, good, good, good, good, good), "At most 5"],
  ["a short RSA key", setOf(jwkOf(weakRsa)), "fewer than 2048 bits"],
  ["an RSA key with exponent 3", setOf(jwkOf(smallExponent.publicKey)), "exponent"],
  ["another curve", setOf(jwkOf(p384)), "EC on P-256"],
  ["a key for agreement", setOf(jwkOf(x25519)), "Ed25519"],
  ["a key for encryption", setOf({ ...good, use: "enc" }), "signatures"],
  ["a key for signing only", setOf({ ...good, key_ops: ["encrypt"] }), "verifying"],
  ["another algorithm", setOf({ ...good, alg: "ES384" }), "ES256"],
  ["no algorithm", setOf({ ...good, alg: "none" }), "ES256"],
  ["a point off the curve", setOf({ ...good, y: good.x }), "damaged"],
  ["a key id that is no text", setOf({ ...good, kid: 7 }), "kid"],
  ["one key id twice", setOf({ ...good, kid: "a" }, { ...good, kid: "a" }), "same"],
  ["a list of text", setOf("key"), "not a JSON object"],
  ["null", "null", "not a JSON object"],
])("%s is refused with the reason", (_name, text, reason) => {
  expect(refusalOf(text)).toContain(reason);
});
