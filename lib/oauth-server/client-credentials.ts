import { errors } from "oidc-provider";
import { type Grants, grantsOfRole, hasGrant, type RoleKey } from "@/lib/auth/roles";
import { allScopes, SCOPES } from "@/lib/auth/scopes";
import type { GrantHandler } from "@/lib/oauth-server/refresh-grant";
import { store } from "@/lib/oauth-server/store";
import { PLANS, type PlanName } from "@/lib/plans/plans";

// The client credentials grant (RFC 6749, 4.4): a client of a service account gets an access token that acts as it.

interface AccountRow {
  readonly scopes: string[];
  readonly plan: PlanName;
  readonly role_key: RoleKey | null;
  readonly role_permissions: string[];
}

async function readAccount(clientId: string): Promise<AccountRow> {
  const [row] = await store()<AccountRow[]>`
    select a.scopes, w.plan, r.key as role_key, r.permissions as role_permissions
    from oauth_apps a join service_accounts s on s.workspace_id = a.workspace_id and s.id = a.service_account_id
    join workspaces w on w.id = s.workspace_id join roles r on r.id = s.role_id
    where a.id = ${clientId} and a.status = 'active' and a.deleted_at is null
      and s.status = 'active' and s.deleted_at is null`;
  if (!row) throw new errors.InvalidClient("the client or its service account was disabled");
  return row;
}

/** What is asked for, or all that the client has (RFC 6749, 3.3), as far as the account's role allows it. */
function scopesFor(account: AccountRow, grants: Grants, asked: string | undefined): string {
  const wanted = asked === undefined ? account.scopes : asked.split(" ").filter(Boolean);
  const unknown = wanted.find((scope) => !account.scopes.includes(scope));
  if (unknown !== undefined) throw new errors.InvalidScope("scope is not the client's", unknown);
  const allowed = allScopes.filter(
    (scope) => wanted.includes(scope) && hasGrant(grants, SCOPES[scope].permission),
  );
  if (allowed.length > 0) return allowed.join(" ");
  throw new errors.InvalidScope("the service account's role allows none of it", wanted.join(" "));
}

/**
 * Gives no more than plan, client and role allow: `unauthorized_client` without a plan that includes service
 * accounts, `invalid_scope` when nothing of what is asked for remains.
 */
export function accountClientCredentials(inner: GrantHandler): GrantHandler {
  return async (ctx) => {
    const { client, params = {} } = ctx.oidc;
    const account = await readAccount(client?.clientId ?? "");
    if (!PLANS[account.plan].serviceAccounts) {
      throw new errors.UnauthorizedClient("the workspace's plan includes no service accounts");
    }
    const grants = grantsOfRole({ key: account.role_key, permissions: account.role_permissions });
    const asked = typeof params.scope === "string" ? params.scope : undefined;
    params.scope = scopesFor(account, grants, asked);
    await inner(ctx);
  };
}
