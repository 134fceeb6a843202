import { z } from "zod";

// API keys as their page and the command line see them (handbook 14). Safe to import in the browser.

export const apiKeyAccess = ["read", "read_write"] as const;
export const rotationOverlaps = ["none", "24h", "7d"] as const;
export type RotationOverlap = (typeof rotationOverlaps)[number];

export const generateApiKeyInput = z.object({
  name: z
    .string()
    .trim()
    .min(1, "Give the key a name that says what it is for.")
    .max(100, "At most 100 characters."),
  role_id: z.string().max(60).nullable().default(null),
  /** Makes it an API token of that account, whose role it has. */
  service_account_id: z.string().max(60).nullable().default(null),
  access: z.enum(apiKeyAccess).default("read"),
  /** An ISO 8601 instant or day; null never expires. */
  expires_at: z.string().max(40).nullable().default(null),
  rate_limit_per_minute: z.coerce.number().int().min(1).max(100_000).nullable().default(null),
});

export const rotateApiKeyInput = z.object({
  id: z.string().max(60),
  overlap: z.enum(rotationOverlaps),
});

export const revokeApiKeyInput = z.object({ id: z.string().max(60) });

export interface ApiKeyView {
  readonly id: string;
  readonly name: string;
  /** `hk_live_ab12…9f3c` */
  readonly masked: string;
  readonly role: { readonly id: string; readonly name: string } | null;
  /** Set for API tokens: the account that they act as, whose role theirs is. */
  readonly serviceAccount: {
    readonly id: string;
    readonly name: string;
    readonly isDisabled: boolean;
  } | null;
  readonly access: (typeof apiKeyAccess)[number];
  readonly rateLimitPerMinute: number | null;
  readonly createdBy: string;
  readonly isCreatorRemoved: boolean;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly status: "active" | "expired" | "revoked";
  /** Set while a rotation overlaps: from then on the key is refused. */
  readonly endsAt: Date | null;
}
