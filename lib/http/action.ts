import "server-only";
import { cookies, headers } from "next/headers";
import { unstable_rethrow } from "next/navigation";
import type { z } from "zod";
import { type Context, requirePermission } from "@/lib/auth/principal";
import type { Permission, Reach } from "@/lib/auth/roles";
import { readSession, type Session, sessionCookieName } from "@/lib/auth/session";
import { systemClock } from "@/lib/core/clock";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/ids";
import { clientIpHeader } from "@/lib/http/call";
import { type ErrorBody, errorBody, publicError } from "@/lib/http/error-body";
import { invalidFields } from "@/lib/http/query-string";
import { limiter } from "@/lib/rate-limit/limiter";

export type ActionResult<T> =
  | { readonly ok: true; readonly data: T }
  | { readonly ok: false; readonly error: ErrorBody };

/** The signed-in person and workspace of this page request, or null. */
export async function currentSession(): Promise<Session | null> {
  const token = (await cookies()).get(sessionCookieName())?.value;
  return token ? readSession(token) : null;
}

/** A context for services that pages call directly while they render. */
export async function contextOf(session: Session): Promise<Context> {
  const incoming = await headers();
  return {
    principal: session.principal,
    requestId: newId("request"),
    now: systemClock,
    ip: incoming.get(clientIpHeader) || null,
    userAgent: incoming.get("user-agent"),
    proof: { checked: true },
  };
}

interface ActionSpec<I extends z.ZodType, T> {
  /** What the role must allow, and how widely; null where being signed in is enough. */
  readonly permission: readonly [Permission, Reach] | null;
  readonly input: I;
  readonly run: (ctx: Context, input: z.output<I>) => Promise<T>;
}

const actionsPerMinute = 240;

async function invoke<I extends z.ZodType, T>(spec: ActionSpec<I, T>, input: unknown): Promise<T> {
  const session = await currentSession();
  if (!session) {
    throw new AppError("unauthorized", "You are signed out", { fix: "Sign in again." });
  }
  const taken = await limiter().take(`action:${session.user.id}`, actionsPerMinute);
  if (!taken.allowed) {
    throw new AppError("rate_limited", "Too many changes in this minute", {
      fix: `Wait ${taken.retryAfterSeconds} s and try again.`,
      retryAfterSeconds: taken.retryAfterSeconds,
    });
  }
  const ctx = await contextOf(session);
  if (spec.permission) requirePermission(ctx, ...spec.permission);
  const parsed = spec.input.safeParse(
    input instanceof FormData ? Object.fromEntries(input) : input,
  );
  if (!parsed.success) throw invalidFields(parsed.error);
  return spec.run(ctx, parsed.data);
}

/**
 * The one wrapper of server actions: signs in, authorises, parses, runs the service that the API or a job would
 * run, and lets out only messages that are public by definition. Next checks the request's origin.
 */
export function action<I extends z.ZodType, T>(
  spec: ActionSpec<I, T>,
): (input: z.input<I> | FormData) => Promise<ActionResult<T>> {
  return async (input) => {
    try {
      return { ok: true, data: await invoke(spec, input) };
    } catch (error) {
      unstable_rethrow(error);
      const requestId = newId("request");
      return { ok: false, error: errorBody(publicError(error, requestId), requestId) };
    }
  };
}
