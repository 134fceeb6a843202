import { z } from "zod";
import { allScopes, type Scope } from "@/lib/auth/scopes";

// Service accounts and their OAuth clients as their pages see them (handbook D-35). Safe to import in the browser.

const idText = z.string().min(1).max(60);
const name = z.string().trim().min(1, "Give it a name.").max(80, "At most 80 characters.");

export const serviceAccountInput = z.object({
  name,
  description: z.string().trim().max(500, "At most 500 characters.").default(""),
  role_id: idText,
  /** Whose meetings a role of team reach covers. */
  team_ids: z.array(idText).max(100, "Choose at most 100 teams.").default([]),
});

export type ServiceAccountInput = z.output<typeof serviceAccountInput>;

export const updateServiceAccountInput = serviceAccountInput.extend({ id: idText });
export const serviceAccountIdInput = z.object({ id: idText });
export const setStatusInput = z.object({ id: idText, status: z.enum(["active", "disabled"]) });

export const serviceClientInput = z.object({
  service_account_id: idText,
  name,
  authentication: z.enum(["secret", "private_key_jwt"]).default("secret"),
  /** A JSON Web Key Set with public keys, for `private_key_jwt`. */
  jwks: z.string().max(20_000, "At most 20,000 characters.").default(""),
  scopes: z
    .array(z.enum(allScopes as [Scope, ...Scope[]]))
    .min(1, "Choose at least one kind of access.")
    .refine((all) => new Set(all).size === all.length, "A scope is listed twice."),
});

export type ServiceClientInput = z.output<typeof serviceClientInput>;

export const serviceClientIdInput = z.object({ id: idText });
export const serviceClientSecretInput = z.object({ id: idText, secret_id: idText });

export interface ServiceAccountView {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly role: { readonly id: string; readonly name: string };
  readonly teams: readonly { readonly id: string; readonly name: string }[];
  readonly status: "active" | "disabled";
  /** Null when that person's account is gone. */
  readonly createdBy: string | null;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
  /** API tokens that work, or would if the account were active. */
  readonly tokens: number;
  readonly clients: number;
}

/** An OAuth client of a service account (RFC 6749, 4.4). */
export interface ServiceClientView {
  /** The `client_id`. */
  readonly id: string;
  readonly name: string;
  readonly authentication: "secret" | "private_key_jwt";
  readonly scopes: readonly Scope[];
  readonly status: "active" | "disabled";
  /** ISO 8601. */
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
  readonly secrets: readonly {
    readonly id: string;
    readonly last4: string;
    readonly createdAt: string;
    readonly lastUsedAt: string | null;
  }[];
}

/** Shown once, kept nowhere. Null for a client that signs with a key of its own. */
export interface IssuedServiceClient {
  readonly clientId: string;
  readonly name: string;
  readonly clientSecret: string | null;
}
