import { type Grants, hasGrant, type Permission, type Reach } from "@/lib/auth/roles";
import type { Scope } from "@/lib/auth/scopes";
import type { Clock } from "@/lib/core/clock";
import { AppError } from "@/lib/core/errors";
import type { PlanName } from "@/lib/plans/plans";

/** How the validity of a credential is checked in the query that answers the request. */
export type Guard =
  | { readonly kind: "api_key"; readonly id: string; readonly accessVersion: number }
  /** `id` is the SHA-256 of the token. */
  | { readonly kind: "access_token"; readonly id: string; readonly accessVersion: number }
  /** Of a client that acts as a service account; `id` is the SHA-256 of the token. */
  | { readonly kind: "client_token"; readonly id: string; readonly accessVersion: number }
  /** The session row was read for this very request. */
  | { readonly kind: "none" };

export interface Bucket {
  readonly key: string;
  readonly limit: number;
}

/** Who calls, for which workspace, and what they may do. */
export interface Principal {
  readonly kind: "session" | "api_key" | "oauth_app" | "service_account" | "job";
  /** Session user, key, grant or service account id; the audit trail's actor. */
  readonly id: string;
  readonly label: string;
  readonly workspaceId: string;
  readonly plan: PlanName;
  /** The person behind it; null for a service account, and for a key whose creator's account is gone. */
  readonly userId: string | null;
  readonly teamIds: readonly string[];
  /** An app that may see meetings of `teamIds` alone, also where the person's role reaches further. */
  readonly isLimitedToTeams?: boolean;
  readonly scopes: ReadonlySet<Scope>;
  readonly grants: Grants;
  readonly guard: Guard;
  /** The rate limiter's bucket and its size in requests a minute. */
  readonly bucket: Bucket;
  /** A key's own lower limit; its requests count here and in the workspace's bucket (handbook D-44). */
  readonly ownBucket?: Bucket;
}

/** Who acts with a credential of a service account: the account itself and no person (handbook D-35). */
export function serviceAccountActor(account: { readonly id: string; readonly name: string }) {
  return { kind: "service_account", id: account.id, label: account.name, userId: null } as const;
}

/** The first argument of every service function. */
export interface Context {
  readonly principal: Principal;
  readonly requestId: string;
  readonly now: Clock;
  readonly ip: string | null;
  readonly userAgent: string | null;
  /** Becomes true when a query of this request has confirmed that the credential still holds. */
  readonly proof: { checked: boolean };
}

/** Throws `forbidden` unless the principal holds the permission at `reach` or wider. */
export function requirePermission(
  ctx: Context,
  permission: Permission,
  reach: Reach = "own",
): void {
  if (hasGrant(ctx.principal.grants, permission, reach)) return;
  throw new AppError("forbidden", "Your role does not include this", {
    details: { required_permission: `${permission}:${reach}` },
    fix: "Ask an admin of the workspace to do it or to change your role.",
  });
}
