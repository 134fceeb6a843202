import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hash,
  hkdfSync,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from "node:crypto";
import { env } from "@/lib/core/env";
import { singleton } from "@/lib/core/singleton";

/** SHA-256 as lowercase hex. */
export function sha256(value: string | Uint8Array): string {
  return hash("sha256", value, "hex");
}

/** Constant-time comparison that never throws: both sides are hashed first, so lengths do not matter. */
export function safeEqual(left: string, right: string): boolean {
  const a = hash("sha256", left, "buffer");
  const b = hash("sha256", right, "buffer");
  return timingSafeEqual(a, b);
}

interface MasterKey {
  /** First eight hex characters of the key's SHA-256: says which key sealed a value, reveals nothing. */
  readonly id: string;
  readonly bytes: Buffer;
}

function parseMasterKey(text: string, name: string): MasterKey {
  const bytes = Buffer.from(text, "base64");
  if (bytes.length !== 32) {
    throw new Error(`${name} must be 32 bytes in base64. Make one with: openssl rand -base64 32`);
  }
  return { id: sha256(bytes).slice(0, 8), bytes };
}

interface MasterKeys {
  readonly current: MasterKey;
  readonly all: readonly MasterKey[];
}

function masterKeys(): MasterKeys {
  return singleton("master-keys", () => {
    const { HARMONY_SECRET, HARMONY_SECRET_PREVIOUS } = env();
    if (!HARMONY_SECRET) {
      throw new Error(
        "HARMONY_SECRET is not set. It is generated only for the embedded database; elsewhere set it to the output of: openssl rand -base64 32",
      );
    }
    const current = parseMasterKey(HARMONY_SECRET, "HARMONY_SECRET");
    const previous = (HARMONY_SECRET_PREVIOUS ?? "")
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== "")
      .map((part) => parseMasterKey(part, "HARMONY_SECRET_PREVIOUS"));
    return { current, all: [current, ...previous] };
  });
}

function derive(master: MasterKey, purpose: string): Buffer {
  return Buffer.from(hkdfSync("sha256", master.bytes, "harmony", purpose, 32));
}

/** A key for one purpose, derived from the current master secret (HKDF-SHA256) once per process. */
export function derivedKey(purpose: string): Buffer {
  return singleton(`derived-key.${purpose}`, () => derive(masterKeys().current, purpose));
}

function signingKey(purpose: string): KeyObject {
  return singleton(`signing-key.${purpose}`, () => createSecretKey(derivedKey(purpose)));
}

/** HMAC-SHA256 under a derived key, base64url; for signed cursors and the like. */
export function signToken(purpose: string, payload: string): string {
  return createHmac("sha256", signingKey(purpose)).update(payload).digest("base64url");
}

/**
 * Encrypts a secret for storage: AES-256-GCM under a key derived from the master secret, with `associated`
 * (the row's id) authenticated, so that a value moved to another row does not open.
 * Form: `v1.<master key id>.<iv>.<tag>.<ciphertext>`, parts in base64url.
 */
export function seal(plain: string, associated: string): string {
  const { current } = masterKeys();
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", derive(current, "seal"), iv);
  cipher.setAAD(Buffer.from(associated));
  const body = Buffer.concat([cipher.update(plain, "utf8"), cipher.final()]);
  const parts = [iv, cipher.getAuthTag(), body].map((part) => part.toString("base64url"));
  return `v1.${current.id}.${parts.join(".")}`;
}

/** Opens what `seal` made; throws when the master key is unknown, the row differs or a byte was changed. */
export function unseal(sealed: string, associated: string): string {
  const [version, keyId, iv, tag, body] = sealed.split(".");
  const master = masterKeys().all.find((key) => key.id === keyId);
  if (version !== "v1" || !master || !iv || !tag || body === undefined) {
    throw new Error(
      "A stored secret cannot be opened: its master key is not among HARMONY_SECRET and HARMONY_SECRET_PREVIOUS.",
    );
  }
  const decipher = createDecipheriv(
    "aes-256-gcm",
    derive(master, "seal"),
    Buffer.from(iv, "base64url"),
    // Without it a tag of four bytes is accepted too, which a forger finds by trying.
    { authTagLength: 16 },
  );
  decipher.setAAD(Buffer.from(associated));
  decipher.setAuthTag(Buffer.from(tag, "base64url"));
  return Buffer.concat([
    decipher.update(Buffer.from(body, "base64url")),
    decipher.final(),
  ]).toString("utf8");
}

/** True when a sealed value was made under an older master key and should be sealed again. */
export function isSealedByOldKey(sealed: string): boolean {
  return sealed.split(".")[1] !== masterKeys().current.id;
}
