import type { IssuedApiKey } from "@/lib/api-keys/service";
import { generateApiKey } from "@/lib/api-keys/service";
import { createServiceClient } from "@/lib/oauth-server/service-clients";
import {
  type IssuedServiceClient,
  serviceAccountInput,
  serviceClientInput,
} from "@/lib/service-accounts/schema";
import { createServiceAccount } from "@/lib/service-accounts/service";
import type { Member, TestWorkspace } from "@/tests/support/factories";

// Service accounts of tests, made through the services.

/** An account; with the Admin role unless told otherwise. */
export async function makeAccount(
  workspace: TestWorkspace,
  changes: Record<string, unknown> = {},
): Promise<string> {
  const input = serviceAccountInput.parse({
    name: "Warehouse sync",
    role_id: workspace.roleIds.admin,
    ...changes,
  });
  return (await createServiceAccount(await workspace.admin.ctx(), input)).id;
}

/** An API token of an account. */
export async function makeToken(
  creator: Member,
  accountId: string,
  access: "read" | "read_write" = "read",
): Promise<IssuedApiKey> {
  return generateApiKey(await creator.ctx(), {
    name: "Nightly",
    role_id: null,
    service_account_id: accountId,
    access,
    expires_at: null,
    rate_limit_per_minute: null,
  });
}

/** An OAuth client of an account, with a secret unless told otherwise. */
export async function makeClient(
  creator: Member,
  accountId: string,
  changes: Record<string, unknown> = {},
): Promise<IssuedServiceClient> {
  const input = serviceClientInput.parse({
    service_account_id: accountId,
    name: "Nightly",
    scopes: ["meetings:read", "contacts:read"],
    ...changes,
  });
  return createServiceClient(await creator.ctx(), input);
}
