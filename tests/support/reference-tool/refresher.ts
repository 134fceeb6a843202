import { closePool } from "@/db/client";
import { registerProvider } from "@/lib/integrations/registry";
import { accessToken } from "@/lib/integrations/vault";
import { referenceProviders } from "./providers";

// One of several processes that ask for the same token at once: each message is a round.

interface Round {
  readonly connectionId: string;
  readonly callers: number;
}

for (const provider of referenceProviders) registerProvider(provider);

process.on("message", async ({ connectionId, callers }: Round) => {
  const answers = await Promise.allSettled(
    Array.from({ length: callers }, () => accessToken(connectionId)),
  );
  const tokens = answers.flatMap((one) => (one.status === "fulfilled" ? [one.value.token] : []));
  process.send?.({ tokens: [...new Set(tokens)], failed: callers - tokens.length });
});
process.on("disconnect", async () => {
  await closePool();
  process.exit(0);
});
process.send?.({ ready: true });
