import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { seal, unseal } from "@/lib/core/crypto";

// Envelope encryption of tokens: each connection has a data key of its own, which alone is sealed under the master key.
// Rotating the master key seals data keys again and touches no token (`secrets rotate`).

export interface DataKey {
  readonly bytes: Buffer;
  readonly sealed: string;
}

/** A new data key for a connection, also in the form that is stored. */
export function newDataKey(connectionId: string): DataKey {
  const bytes = randomBytes(32);
  return { bytes, sealed: seal(bytes.toString("base64"), connectionId) };
}

export function openDataKey(sealed: string, connectionId: string): Buffer {
  return Buffer.from(unseal(sealed, connectionId), "base64");
}

/** AES-256-GCM with the connection's id as associated data: `<iv>.<tag>.<ciphertext>` in base64url. */
export function encryptToken(token: string, key: Buffer, connectionId: string): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, iv).setAAD(Buffer.from(connectionId));
  const body = Buffer.concat([cipher.update(token, "utf8"), cipher.final()]);
  return [iv, cipher.getAuthTag(), body].map((part) => part.toString("base64url")).join(".");
}

/** Throws when the key or the connection is another one, or a byte was changed. */
export function decryptToken(stored: string, key: Buffer, connectionId: string): string {
  const [iv, tag, body] = stored.split(".").map((part) => Buffer.from(part, "base64url"));
  if (!iv || !tag || !body) throw new Error("A stored token is not in the form that we write.");
  const decipher = createDecipheriv("aes-256-gcm", key, iv, { authTagLength: 16 });
  decipher.setAAD(Buffer.from(connectionId)).setAuthTag(tag);
  return Buffer.concat([decipher.update(body), decipher.final()]).toString("utf8");
}
