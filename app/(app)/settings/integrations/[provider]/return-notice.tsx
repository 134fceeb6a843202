import { connectable } from "@/app/(app)/settings/integrations/[provider]/connectable-tool";
import { ReturnHost } from "@/app/(app)/settings/integrations/[provider]/return-host";
import type { PageSearchParams } from "@/components/ui/query-string";
import type { Context } from "@/lib/auth/principal";
import {
  type ConnectAttempt,
  type ConnectOutcome,
  connectOutcomes,
  type ToolView,
} from "@/lib/integrations/schema";
import { readAttempt } from "@/lib/integrations/service";

interface ReturnNoticeProps {
  readonly ctx: Context;
  readonly tool: ToolView;
  readonly searchParams: PageSearchParams;
}

/** How the sign-in at the tool ended, as the address says; what an address alone claims is not believed. */
async function attemptOf(
  ctx: Context,
  tool: ToolView,
  { outcome, attempt }: PageSearchParams,
): Promise<ConnectAttempt | null> {
  const named: ConnectOutcome | undefined = connectOutcomes.find((known) => known === outcome);
  if (named === undefined) return null;
  const known = typeof attempt === "string" ? await readAttempt(ctx, attempt) : null;
  if (known !== null) return known;
  if (named === "connected" && tool.connection?.status !== "connected") return null;
  return { outcome: named, oldAccount: null, newAccount: null, missing: [], message: null };
}

/** What came of signing in at the tool, above everything else on its page. */
export async function ReturnNotice({ ctx, tool, searchParams }: ReturnNoticeProps) {
  const attempt = await attemptOf(ctx, tool, searchParams);
  return <ReturnHost tool={connectable(tool)} attempt={attempt} />;
}
