import { generateKeyPair } from "node:crypto";
import { promisify } from "node:util";
import type { JWK } from "oidc-provider";
import { pool } from "@/db/client";
import { seal, sha256, unseal } from "@/lib/core/crypto";

interface KeyRow {
  readonly id: string;
  readonly sealed: string;
}

const lockName = "oauth-signing-keys";

async function newKey(): Promise<JWK> {
  const { privateKey } = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
  return { ...privateKey.export({ format: "jwk" }), use: "sig", alg: "RS256" } as JWK;
}

/**
 * The keys that sign ID tokens, the newest first; the first process that asks makes one. RSA, since every OpenID
 * Connect client takes RS256 (OpenID Connect Core, 15.1).
 */
export async function signingKeys(): Promise<JWK[]> {
  const rows = await pool().begin(async (sql) => {
    await sql`select pg_advisory_xact_lock(hashtext(${lockName}))`;
    const known = await sql<KeyRow[]>`select id, sealed from oauth_signing_keys
      where retired_at is null order by created_at desc limit 5`;
    if (known.length > 0) return known;
    const key = await newKey();
    const id = sha256(String(key.n)).slice(0, 16);
    const sealed = seal(JSON.stringify({ ...key, kid: id }), id);
    await sql`insert into oauth_signing_keys (id, sealed) values (${id}, ${sealed})`;
    return [{ id, sealed }];
  });
  return rows.map(({ id, sealed }) => JSON.parse(unseal(sealed, id)) as JWK);
}
