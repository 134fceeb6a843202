import type { Context } from "@/lib/auth/principal";
import { systemClock } from "@/lib/core/clock";
import { sha256 } from "@/lib/core/crypto";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/ids";
import type { PlanName } from "@/lib/plans/plans";
import { limiter } from "@/lib/rate-limit/limiter";

/** Somebody at the door: what a request says before anyone has signed in. */
export interface Visitor {
  readonly ip: string | null;
  readonly userAgent: string | null;
  /** The session token that the browser sent; signing in replaces that session. */
  readonly sessionToken: string | null;
}

/** A person by their account, as the audit trail names them. */
export interface Person {
  readonly id: string;
  readonly label: string;
}

/**
 * The context of what a person does before a session says who they are (signing in, accepting an invitation).
 * It carries no rights at all: it only says who, where and when.
 */
export function contextAtTheDoor(
  visitor: Visitor,
  person: Person,
  workspace: { readonly id: string; readonly plan: PlanName },
): Context {
  return {
    principal: {
      kind: "session",
      id: person.id,
      label: person.label,
      workspaceId: workspace.id,
      plan: workspace.plan,
      userId: person.id,
      teamIds: [],
      scopes: new Set(),
      grants: {},
      guard: { kind: "none" },
      bucket: { key: `session:${person.id}`, limit: 0 },
    },
    requestId: newId("request"),
    now: systemClock,
    ip: visitor.ip,
    userAgent: visitor.userAgent,
    proof: { checked: true },
  };
}

async function take(key: string, perMinute: number): Promise<void> {
  const taken = await limiter().take(key, perMinute);
  if (taken.allowed) return;
  throw new AppError("rate_limited", "Too many tries", {
    fix: `Wait ${taken.retryAfterSeconds} s and try again.`,
    retryAfterSeconds: taken.retryAfterSeconds,
  });
}

const perAddress = 20;
const perAccount = 10;

/** Counts a try against the visitor's network address: 20 a minute for everything that needs no session. */
export function countVisit(visitor: Visitor): Promise<void> {
  return take(`door-ip:${visitor.ip ?? "unknown"}`, perAddress);
}

/**
 * Counts a try against an account, 10 a minute, whether the account exists or not. The key is a hash, so that
 * the limiter's store holds no addresses.
 */
export function countAccountTry(email: string): Promise<void> {
  return take(`door-account:${sha256(email)}`, perAccount);
}
