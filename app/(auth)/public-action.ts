import "server-only";
import { unstable_rethrow } from "next/navigation";
import type { z } from "zod";
import { currentVisitor } from "@/app/(auth)/current-visitor";
import { countVisit, type Visitor } from "@/lib/auth/sign-in-visitor";
import { newId } from "@/lib/core/ids";
import type { ActionResult } from "@/lib/http/action";
import { errorBody, publicError } from "@/lib/http/error-body";
import { invalidFields } from "@/lib/http/query-string";

interface PublicActionSpec<I extends z.ZodType, T> {
  readonly input: I;
  /** Not counted: leaving must always work. */
  readonly isFree?: boolean;
  readonly run: (visitor: Visitor, input: z.output<I>) => Promise<T>;
}

/**
 * The wrapper of the few server actions that need no session (signing in, set-up, invitations): counts the
 * visitor's tries (20 a minute an address), parses, and lets out only messages that are public by definition.
 * Next checks the request's origin.
 */
export function publicAction<I extends z.ZodType, T>(
  spec: PublicActionSpec<I, T>,
): (input: z.input<I>) => Promise<ActionResult<T>> {
  return async (input) => {
    try {
      const visitor = await currentVisitor();
      if (!spec.isFree) await countVisit(visitor);
      const parsed = spec.input.safeParse(input);
      if (!parsed.success) throw invalidFields(parsed.error);
      return { ok: true, data: await spec.run(visitor, parsed.data) };
    } catch (error) {
      unstable_rethrow(error);
      const requestId = newId("request");
      return { ok: false, error: errorBody(publicError(error, requestId), requestId) };
    }
  };
}
