import { registerProvider } from "@/lib/integrations/registry";
import { referenceProviders } from "./providers";

// The product's own worker, which also knows the reference tool.

for (const provider of referenceProviders) registerProvider(provider);
await import("@/worker");
