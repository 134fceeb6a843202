import { takeRequest } from "@/app/api/hooks/take-request";

interface RouteContext {
  readonly params: Promise<{ readonly provider: string }>;
}

/** Calls of a tool about our whole app. */
async function answer(request: Request, context: RouteContext): Promise<Response> {
  return await takeRequest(request, (await context.params).provider, null);
}

export { answer as GET, answer as POST };
