import { type AdapterPayload, errors } from "oidc-provider";
import { pool } from "@/db/client";
import { sha256 } from "@/lib/core/crypto";

/** What every app may ask for beside its own scopes: who the person is. */
export const identityScopes = ["openid", "profile", "email"] as const;

interface AppRow {
  readonly id: string;
  readonly name: string;
  readonly kind: "web" | "native" | "service";
  readonly authentication: "secret" | "none" | "private_key_jwt";
  readonly jwks: { readonly keys: Record<string, unknown>[] } | null;
  readonly redirect_uris: string[];
  readonly scopes: string[];
}

const methods = {
  // Both ways of sending the secret are taken (RFC 6749, 2.3.1).
  secret: "client_secret_basic",
  none: "none",
  private_key_jwt: "private_key_jwt",
} as const;

const clientIdFormat = /^hcl_[0-9A-Za-z]{24}$/;

/** What the two kinds of clients do: apps ask people, service clients act as their account (RFC 6749, 4.1 and 4.4). */
function flowOf({ kind, scopes }: AppRow) {
  if (kind === "service") {
    return {
      application_type: "web",
      grant_types: ["client_credentials"],
      response_types: [],
      scope: scopes.join(" "),
    } as const;
  }
  return {
    application_type: kind,
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
    scope: [...identityScopes, ...scopes].join(" "),
  } as const;
}

/**
 * An app as client metadata (RFC 7591, 2); undefined for one that is unknown, disabled or deleted, or whose service
 * account is.
 */
export async function readClient(clientId: string): Promise<AdapterPayload | undefined> {
  if (!clientIdFormat.test(clientId)) return undefined;
  const [app] = await pool()<AppRow[]>`
    select a.id, a.name, a.kind, a.authentication, a.jwks, a.redirect_uris, a.scopes from oauth_apps a
    left join service_accounts s on s.id = a.service_account_id
    where a.id = ${clientId} and a.status = 'active' and a.deleted_at is null
      and (s.id is null or (s.status = 'active' and s.deleted_at is null))`;
  if (!app) return undefined;
  return {
    client_id: app.id,
    client_name: app.name,
    redirect_uris: app.redirect_uris,
    ...flowOf(app),
    token_endpoint_auth_method: methods[app.authentication],
    // The library wants one; what is sent is compared with the hashes in `secretHolds`.
    ...(app.authentication === "secret" ? { client_secret: `hashed:${app.id}` } : {}),
    ...(app.jwks ? { jwks: app.jwks } : {}),
  };
}

/** Whether a secret is a live one of the app; remembers, once a minute, that it was used. */
export async function secretHolds(appId: string, secret: string): Promise<boolean> {
  const sql = pool();
  const [row] = await sql<{ id: string; is_due: boolean }[]>`
    select id, coalesce(last_used_at < now() - interval '1 minute', true) as is_due from oauth_app_secrets
    where app_id = ${appId} and secret_hash = ${sha256(secret)} and revoked_at is null`;
  if (row?.is_due)
    await sql`update oauth_app_secrets set last_used_at = now() where id = ${row.id}`;
  return row !== undefined;
}

/** How far ahead an assertion may end: what is remembered of it against a second use is kept that long. */
const assertionSecondsMax = 3600;

/** Refuses an assertion that ends unreasonably far in the future (RFC 7523, 3, point 4). */
export async function limitAssertion(
  _ctx: unknown,
  claims: Record<string, unknown>,
): Promise<void> {
  const { exp } = claims;
  if (typeof exp === "number" && exp <= Date.now() / 1000 + assertionSecondsMax) return;
  throw new errors.InvalidClientAuth("the assertion must end within an hour");
}
