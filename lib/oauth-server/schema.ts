import { z } from "zod";
import { allScopes, type Scope } from "@/lib/auth/scopes";

const loopbackHosts = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * Why an address cannot be one that an app is sent back to; null when it can. https anywhere, or http on the loopback
 * address (RFC 8252, 7.3 and 8.3; RFC 9700, 2.1), never with a fragment (RFC 6749, 3.1.2) or a password.
 */
export function redirectProblem(text: string): string | null {
  if (text.length > 500) return "Longer than 500 characters.";
  const url = URL.parse(text);
  if (!url) return "Not an address. Write it in full: https://example.com/callback.";
  if (text.includes("#")) return "Must not have a fragment (#…).";
  if (url.username !== "" || url.password !== "") return "Must not carry a name or password.";
  if (text.includes("*")) return "Wildcards are not taken; list each address.";
  if (url.protocol === "https:") return null;
  if (url.protocol === "http:" && loopbackHosts.has(url.hostname)) return null;
  return "Must begin with https://, or with http:// on localhost, 127.0.0.1 or [::1].";
}

const redirectUri = z.string().superRefine((text, ctx) => {
  const problem = redirectProblem(text);
  if (problem) ctx.addIssue({ code: "custom", message: problem });
});

const name = z.string().trim().min(1, "Give it a name.").max(80, "At most 80 characters.");

/** What a publisher says about an app. */
export const oauthAppInput = z.object({
  name,
  description: z.string().trim().max(500, "At most 500 characters.").default(""),
  kind: z.enum(["web", "native"]).default("web"),
  authentication: z.enum(["secret", "none", "private_key_jwt"]).default("secret"),
  /** A JSON Web Key Set as text, for `private_key_jwt`; null when an app is changed keeps the keys that it has. */
  jwks: z.string().max(20_000, "At most 20,000 characters.").nullable().default(null),
  redirect_uris: z
    .array(redirectUri)
    .min(1, "Give at least one address.")
    .max(10, "At most ten addresses.")
    .refine((all) => new Set(all).size === all.length, "An address is listed twice."),
  scopes: z
    .array(z.enum(allScopes as [Scope, ...Scope[]]))
    .min(1, "Choose at least one kind of access.")
    .refine((all) => new Set(all).size === all.length, "A scope is listed twice."),
  is_shared: z.boolean().default(false),
});

export type OAuthAppInput = z.output<typeof oauthAppInput>;

export interface OAuthSecretView {
  readonly id: string;
  readonly last4: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
}

/** A public key of an app, as far as it tells keys apart. */
export interface OAuthKeyView {
  /** "RSA 2048", "EC P-256", "Ed25519". */
  readonly kind: string;
  readonly kid: string | null;
  readonly alg: string | null;
}

/** An app as its publisher sees it. */
export interface OAuthAppView {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly kind: "web" | "native";
  readonly authentication: "secret" | "none" | "private_key_jwt";
  readonly redirectUris: readonly string[];
  readonly scopes: readonly Scope[];
  readonly status: "active" | "disabled";
  readonly isShared: boolean;
  readonly createdAt: string;
  readonly registration: "console" | "dynamic";
  readonly logoHash: string | null;
  readonly secrets: readonly OAuthSecretView[];
  readonly keys: readonly OAuthKeyView[];
  /** Who allow it now, over all workspaces. */
  readonly people: number;
  readonly requests30Days: number;
}

/** How an app was used in the last 30 days. */
export interface OAuthAppUsage {
  /** Every day of the 30, as YYYY-MM-DD (UTC), oldest first. */
  readonly days: readonly { readonly day: string; readonly requests: number }[];
  /** The most used first. */
  readonly endpoints: readonly { readonly endpoint: string; readonly requests: number }[];
  readonly workspaces: number;
  /** Times that somebody allowed the app, and that such access ended for good. */
  readonly allowed: number;
  readonly ended: number;
}

/** Where an app's logo is; a new logo has a new address. Null without one. */
export function logoUrlOf(app: {
  readonly id: string;
  readonly logoHash: string | null;
}): string | null {
  return app.logoHash === null ? null : `/api/app-logos/${app.id}/${app.logoHash}`;
}
