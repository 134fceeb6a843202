"use server";

import { refresh } from "next/cache";
import { action } from "@/lib/http/action";
import * as apps from "@/lib/oauth-server/apps";
import * as clients from "@/lib/oauth-server/service-clients";
import {
  serviceAccountIdInput,
  serviceAccountInput,
  serviceClientIdInput,
  serviceClientInput,
  serviceClientSecretInput,
  setStatusInput,
  updateServiceAccountInput,
} from "@/lib/service-accounts/schema";
import * as accounts from "@/lib/service-accounts/service";

export const createServiceAccount = action({
  permission: ["api-keys:create", "all"],
  input: serviceAccountInput,
  run: async (ctx, input) => {
    const created = await accounts.createServiceAccount(ctx, input);
    refresh();
    return created;
  },
});

export const updateServiceAccount = action({
  permission: ["api-keys:create", "all"],
  input: updateServiceAccountInput,
  run: async (ctx, input) => {
    await accounts.updateServiceAccount(ctx, input);
    refresh();
    return null;
  },
});

export const setServiceAccountStatus = action({
  permission: ["api-keys:create", "all"],
  input: setStatusInput,
  run: async (ctx, input) => {
    await accounts.setServiceAccountStatus(ctx, input);
    refresh();
    return null;
  },
});

export const deleteServiceAccount = action({
  permission: ["api-keys:delete", "all"],
  input: serviceAccountIdInput,
  // Its page is left afterwards; to refresh it would show that it is gone.
  run: async (ctx, input) => {
    await accounts.deleteServiceAccount(ctx, input);
    return null;
  },
});

export const createServiceClient = action({
  permission: ["api-keys:create", "all"],
  input: serviceClientInput,
  run: async (ctx, input) => {
    const issued = await clients.createServiceClient(ctx, input);
    refresh();
    return issued;
  },
});

export const setServiceClientStatus = action({
  permission: ["api-keys:create", "all"],
  input: setStatusInput,
  run: async (ctx, input) => {
    await apps.setOAuthAppStatus(ctx, input);
    refresh();
    return null;
  },
});

export const addServiceClientSecret = action({
  permission: ["api-keys:create", "all"],
  input: serviceClientIdInput,
  run: async (ctx, input) => {
    const issued = await apps.addOAuthSecret(ctx, input);
    refresh();
    return issued;
  },
});

export const removeServiceClientSecret = action({
  permission: ["api-keys:delete", "all"],
  input: serviceClientSecretInput,
  run: async (ctx, input) => {
    await apps.removeOAuthSecret(ctx, input);
    refresh();
    return null;
  },
});

export const deleteServiceClient = action({
  permission: ["api-keys:delete", "all"],
  input: serviceClientIdInput,
  run: async (ctx, input) => {
    await apps.deleteOAuthApp(ctx, input);
    refresh();
    return null;
  },
});
