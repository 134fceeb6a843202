import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { errors, type KoaContextWithOIDC } from "oidc-provider";
import type postgres from "postgres";
import { sha256 } from "@/lib/core/crypto";
import { singleton } from "@/lib/core/singleton";
import { endGrant, inOneCommit } from "@/lib/oauth-server/store";

// The token endpoint under concurrency (RFC 6749, 4.1.2 and 6; RFC 9700, 4.14.2). Each code and each refresh token is
// answered under the lock of its row, in one transaction with what is issued for it.

export type GrantHandler = (ctx: KoaContextWithOIDC) => Promise<void>;

/** How long the answer to a refresh is given again: the client may not have received it. */
const graceSeconds = 30;

const context = "harmony refresh answer";

function keyOf(token: string): Buffer {
  return Buffer.from(hkdfSync("sha256", token, "", context, 32));
}

/** AES-256-GCM under a key that only the old token gives: the table alone reveals nothing. */
function sealUnder(token: string, plain: string): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", keyOf(token), iv);
  const body = Buffer.concat([cipher.update(plain, "utf8"), cipher.final()]);
  return [iv, cipher.getAuthTag(), body].map((part) => part.toString("base64url")).join(".");
}

function openUnder(token: string, sealed: string): string {
  const [iv, tag, body] = sealed.split(".").map((part) => Buffer.from(part, "base64url"));
  if (!iv || !tag || !body) throw new Error("a kept answer is damaged");
  const decipher = createDecipheriv("aes-256-gcm", keyOf(token), iv, { authTagLength: 16 });
  decipher.setAuthTag(tag);
  return Buffer.concat([decipher.update(body), decipher.final()]).toString("utf8");
}

type Outcome = { readonly refused: unknown } | null;

/** A refusal of the protocol commits what it did (a replay ends the grant); anything else undoes everything. */
async function settled(work: Promise<void>): Promise<Outcome> {
  try {
    await work;
    return null;
  } catch (error) {
    if (error instanceof errors.OIDCProviderError) return { refused: error };
    throw error;
  }
}

/** Requests of this process that wait for the same token: one of them at a time holds a connection. */
const queues = () => singleton("oauth-token-queues", () => new Map<string, Promise<unknown>>());

async function inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
  const before = queues().get(key) ?? Promise.resolve();
  const mine = before.then(work, work);
  queues().set(key, mine);
  try {
    return await mine;
  } finally {
    if (queues().get(key) === mine) queues().delete(key);
  }
}

async function inLock(
  model: "AuthorizationCode" | "RefreshToken",
  token: string,
  work: (sql: postgres.TransactionSql) => Promise<Outcome>,
): Promise<void> {
  const key = sha256(token);
  const outcome = await inTurn(key, () =>
    inOneCommit(async (sql) => {
      // The grant first, as whoever ends it does: in the other order the two would wait for each other.
      await Promise.all([
        sql`select 1 from oauth_grants where id =
          (select grant_id from oauth_payloads where model = ${model} and key = ${key}) for no key update`,
        sql`select 1 from oauth_payloads where model = ${model} and key = ${key} for update`,
      ]);
      return work(sql);
    }),
  );
  if (outcome) throw outcome.refused;
}

/** One answer for each code, however many ask at the same moment; a second use ends what the first one gave. */
export function lockedCodeGrant(inner: GrantHandler): GrantHandler {
  return async (ctx) => {
    const code = String(ctx.oidc.params?.code ?? "");
    await inLock("AuthorizationCode", code, () => settled(inner(ctx)));
  };
}

interface Presented {
  readonly grant_id: string;
  readonly client_id: string;
  readonly is_consumed: boolean;
}

async function readPresented(
  sql: postgres.TransactionSql,
  tokenHash: string,
): Promise<Presented | null> {
  const [row] = await sql<Presented[]>`
    select grant_id, payload ->> 'clientId' as client_id, consumed_at is not null as is_consumed
    from oauth_payloads where model = 'RefreshToken' and key = ${tokenHash}`;
  return row ?? null;
}

/** The answer that this token got less than thirty seconds ago, while its grant stands. */
async function answerAgain(sql: postgres.TransactionSql, token: string): Promise<unknown> {
  const [kept] = await sql<{ sealed: string }[]>`select a.sealed from oauth_refresh_answers a
    join oauth_grants g on g.id = a.grant_id and g.revoked_at is null
    where a.token_hash = ${sha256(token)}
      and a.answered_at > now() - ${graceSeconds}::int * interval '1 second'`;
  return kept ? JSON.parse(openUnder(token, kept.sealed)) : null;
}

/**
 * Rotates on every refresh. The same old token within thirty seconds gets the same answer again; later it ends the
 * whole family, since one of its two holders is a thief.
 * @param onReplay told after the commit which grant was ended.
 */
export function gracedRefreshGrant(
  inner: GrantHandler,
  onReplay: (grantId: string) => Promise<void>,
): GrantHandler {
  return async (ctx) => {
    const token = String(ctx.oidc.params?.refresh_token ?? "");
    const ended: string[] = [];
    try {
      await inLock("RefreshToken", token, async (sql) => {
        const row = await readPresented(sql, sha256(token));
        const isReplay = row?.is_consumed === true && row.client_id === ctx.oidc.client?.clientId;
        const again = isReplay ? await answerAgain(sql, token) : null;
        if (again) {
          ctx.body = again;
          return null;
        }
        if (isReplay && (await endGrant(row.grant_id, "replay"))) ended.push(row.grant_id);
        const outcome = await settled(inner(ctx));
        if (!outcome && row)
          await keepAnswer(sql, { token, grantId: row.grant_id, body: ctx.body });
        return outcome;
      });
    } finally {
      for (const grantId of ended) await onReplay(grantId);
    }
  };
}

async function keepAnswer(
  sql: postgres.TransactionSql,
  answer: { token: string; grantId: string; body: unknown },
): Promise<void> {
  const sealed = sealUnder(answer.token, JSON.stringify(answer.body));
  await sql`insert into oauth_refresh_answers (token_hash, grant_id, sealed, answered_at)
    values (${sha256(answer.token)}, ${answer.grantId}, ${sealed}, now())
    on conflict (token_hash) do update set sealed = excluded.sealed, answered_at = excluded.answered_at`;
  await sql`update oauth_grants set last_used_at = now() where id = ${answer.grantId}`;
  // The grant lives as long as it is used.
  const until = Math.floor(Date.now() / 1000) + grantSeconds;
  await sql`update oauth_payloads set expires_at = to_timestamp(${until}),
      payload = jsonb_set(payload, '{exp}', to_jsonb(${until}::bigint))
    where model = 'Grant' and key = ${sha256(answer.grantId)}`;
}

/** A day longer than its refresh tokens, so that the last of them still finds it. */
export const grantSeconds = 31 * 86_400;
