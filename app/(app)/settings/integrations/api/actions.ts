"use server";

import { refresh } from "next/cache";
import { generateApiKeyInput, revokeApiKeyInput, rotateApiKeyInput } from "@/lib/api-keys/schema";
import * as apiKeys from "@/lib/api-keys/service";
import { action } from "@/lib/http/action";

export const generateApiKey = action({
  permission: ["api-keys:create", "all"],
  input: generateApiKeyInput,
  run: async (ctx, input) => {
    const issued = await apiKeys.generateApiKey(ctx, input);
    refresh();
    return issued;
  },
});

export const rotateApiKey = action({
  permission: ["api-keys:create", "all"],
  input: rotateApiKeyInput,
  run: async (ctx, input) => {
    const issued = await apiKeys.rotateApiKey(ctx, input);
    refresh();
    return issued;
  },
});

export const revokeApiKey = action({
  permission: ["api-keys:delete", "all"],
  input: revokeApiKeyInput,
  run: async (ctx, input) => {
    await apiKeys.revokeApiKey(ctx, input);
    refresh();
    return null;
  },
});
