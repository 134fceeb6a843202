"use server";

import { refresh } from "next/cache";
import { action } from "@/lib/http/action";
import {
  issueRegistrationTokenInput,
  revokeRegistrationTokenInput,
  setAppRegistrationInput,
} from "@/lib/oauth-server/registration-schema";
import * as tokens from "@/lib/oauth-server/registration-tokens";

export const setAppRegistration = action({
  permission: ["api-keys:create", "all"],
  input: setAppRegistrationInput,
  run: async (ctx, input) => {
    await tokens.setAppRegistration(ctx, input);
    refresh();
    return null;
  },
});

export const issueRegistrationToken = action({
  permission: ["api-keys:create", "all"],
  input: issueRegistrationTokenInput,
  run: async (ctx, input) => {
    const issued = await tokens.issueRegistrationToken(ctx, input);
    refresh();
    return issued;
  },
});

export const revokeRegistrationToken = action({
  permission: ["api-keys:delete", "all"],
  input: revokeRegistrationTokenInput,
  run: async (ctx, input) => {
    await tokens.revokeRegistrationToken(ctx, input);
    refresh();
    return null;
  },
});
