import { takeRequest } from "@/app/api/hooks/take-request";

interface RouteContext {
  readonly params: Promise<{ readonly provider: string; readonly hook: string }>;
}

/** Calls of a tool about one subscription, at that subscription's own address. */
async function answer(request: Request, context: RouteContext): Promise<Response> {
  const { provider, hook } = await context.params;
  return await takeRequest(request, provider, hook);
}

export { answer as GET, answer as POST };
