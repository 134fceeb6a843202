import { AsyncLocalStorage } from "node:async_hooks";
import { type Adapter, type AdapterPayload, errors } from "oidc-provider";
import type postgres from "postgres";
import { pool } from "@/db/client";
import { grantIsGiven } from "@/lib/auth/grant-standing";
import { sha256 } from "@/lib/core/crypto";
import { readClient } from "@/lib/oauth-server/clients";

// Where the authorization server keeps what it knows. Rows are keyed by SHA-256 and hold no code and no token, so that
// the table alone opens nothing.

type Sql = postgres.Sql | postgres.TransactionSql;

const transaction = new AsyncLocalStorage<postgres.TransactionSql>();

/** The transaction of the grant that is being answered, or the pool outside of one. */
export function store(): Sql {
  return transaction.getStore() ?? pool();
}

/**
 * Runs `work` so that everything the adapter writes in it commits together, or not at all when it throws; inside of
 * another such run it belongs to that one.
 */
export async function inOneCommit<T>(
  work: (sql: postgres.TransactionSql) => Promise<T>,
): Promise<T> {
  const open = transaction.getStore();
  if (open) return work(open);
  return (await pool().begin((sql) => transaction.run(sql, () => work(sql)))) as T;
}

interface PayloadRow {
  readonly payload: AdapterPayload;
  /** Unix seconds. */
  readonly consumed: number | null;
}

function asPayload(row: PayloadRow | undefined, id?: string): AdapterPayload | undefined {
  if (!row) return undefined;
  return {
    ...row.payload,
    ...(id === undefined ? {} : { jti: id }),
    ...(row.consumed === null ? {} : { consumed: row.consumed }),
  };
}

/**
 * A grant while it is given: without it no code, no refresh token and no access token is answered for. An app that its
 * publisher has disabled is refused as a client; a refresh that was under way keeps its tokens for later.
 */
async function findGrant(id: string): Promise<PayloadRow | undefined> {
  const [row] = await store()<PayloadRow[]>`
    select p.payload, extract(epoch from p.consumed_at)::int as consumed
    from oauth_payloads p join oauth_grants g on g.id = ${id} join oauth_apps a on a.id = g.app_id
    join memberships m on m.workspace_id = g.workspace_id and m.user_id = g.user_id and m.removed_at is null
    left join oauth_approvals o on o.workspace_id = g.workspace_id and o.app_id = g.app_id
    where p.model = 'Grant' and p.key = ${sha256(id)} and ${grantIsGiven()}`;
  return row;
}

class PostgresAdapter implements Adapter {
  private readonly model: string;

  constructor(model: string) {
    this.model = model;
  }

  async upsert(id: string, payload: AdapterPayload, expiresIn?: number): Promise<void> {
    if (this.model === "ReplayDetection") return rememberOnce(id, payload, expiresIn);
    // For codes and tokens the jti is the secret itself.
    const { jti: _jti, ...kept } = payload;
    const expiresAt = expiresIn ? new Date(Date.now() + expiresIn * 1000).toISOString() : null;
    const sql = store();
    await sql`insert into oauth_payloads (model, key, payload, grant_id, uid, account_id, expires_at)
      values (${this.model}, ${sha256(id)}, ${JSON.stringify(kept)}::text::jsonb, ${payload.grantId ?? null},
        ${payload.uid ?? null}, ${payload.accountId ?? null}, ${expiresAt}::timestamptz)
      on conflict (model, key) do update set payload = excluded.payload, grant_id = excluded.grant_id,
        uid = excluded.uid, account_id = excluded.account_id, expires_at = excluded.expires_at`;
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    if (this.model === "Grant") return asPayload(await findGrant(id), id);
    const [row] = await store()<
      PayloadRow[]
    >`select payload, extract(epoch from consumed_at)::int as consumed from oauth_payloads
      where model = ${this.model} and key = ${sha256(id)}`;
    return asPayload(row, id);
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    const [row] = await store()<
      PayloadRow[]
    >`select payload, extract(epoch from consumed_at)::int as consumed from oauth_payloads
      where model = ${this.model} and uid = ${uid}`;
    return asPayload(row);
  }

  /** Device codes are not offered. */
  findByUserCode(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  async consume(id: string): Promise<void> {
    await store()`update oauth_payloads set consumed_at = now()
      where model = ${this.model} and key = ${sha256(id)}`;
  }

  async destroy(id: string): Promise<void> {
    if (this.model === "Grant") await endGrant(id, "app");
    else
      await store()`delete from oauth_payloads where model = ${this.model} and key = ${sha256(id)}`;
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    await store()`delete from oauth_payloads where model = ${this.model} and grant_id = ${grantId}`;
  }
}

/**
 * Remembers that an assertion was used (RFC 7523, 3, point 7). The library looks first and writes then; of requests at
 * the same moment, which all looked in vain, the one whose row it became goes on.
 */
async function rememberOnce(id: string, payload: AdapterPayload, expiresIn = 0): Promise<void> {
  const rows = await store()`insert into oauth_payloads as p (model, key, payload, expires_at)
    values ('ReplayDetection', ${sha256(id)}, ${JSON.stringify(payload)}::text::jsonb,
      now() + make_interval(secs => ${expiresIn}))
    on conflict (model, key) do update set payload = excluded.payload, expires_at = excluded.expires_at
      where p.expires_at <= now()
    returning key`;
  if (rows.length === 0) {
    throw new errors.InvalidClientAuth("client assertion tokens must only be used once");
  }
}

/** Client metadata comes from the apps' own table and is never written by the server. */
const clientAdapter: Adapter = {
  find: readClient,
  upsert: () => Promise.reject(new Error("apps are made by their publishers")),
  findByUid: () => Promise.resolve(undefined),
  findByUserCode: () => Promise.resolve(undefined),
  consume: () => Promise.resolve(),
  destroy: () => Promise.resolve(),
  revokeByGrantId: () => Promise.resolve(),
};

export function adapterOf(model: string): Adapter {
  return model === "Client" ? clientAdapter : new PostgresAdapter(model);
}

export type EndReason = "person" | "admin" | "app" | "replay" | "app_deleted" | "replaced";

/**
 * Ends grants with everything that they gave; from the next request on no token of theirs is accepted.
 * @returns how many this call, and none before it, ended.
 */
export async function endGrants(
  sql: postgres.TransactionSql,
  ids: readonly string[],
  reason: EndReason,
): Promise<number> {
  // In the order of their ids, so that two who end the same ones do not wait for each other in a circle.
  const ended =
    await sql`update oauth_grants set revoked_at = now(), revoked_reason = ${reason} where id in (
    select id from oauth_grants where id = any(${[...ids]}) and revoked_at is null order by id for update)
    returning id`;
  // A refresh in flight holds the grant's row as well (refresh-grant.ts): it is over by now, and what it gave goes too.
  await sql`delete from oauth_payloads where grant_id = any(${[...ids]})
    or (model = 'Grant' and key = any(${ids.map((id) => sha256(id))}))`;
  await sql`delete from oauth_refresh_answers where grant_id = any(${[...ids]})`;
  return ended.length;
}

/** The same for one. @returns whether this call, and none before it, ended it. */
export function endGrant(grantId: string, reason: EndReason): Promise<boolean> {
  return inOneCommit(async (sql) => (await endGrants(sql, [grantId], reason)) > 0);
}
