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
  authentication: z.enum(["secret", "none"]).default("secret"),
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
  readonly secrets: readonly OAuthSecretView[];
  /** People who allow it now, over all workspaces. */
  readonly grants: number;
  readonly requests30Days: number;
}
