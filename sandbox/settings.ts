import { z } from "zod";

/** Settings of one stand-in. `{"do": "settings", …}` changes them, a reset restores them. */
const settingsSchema = z.object({
  clientId: z.string(),
  clientSecret: z.string(),
  /** Signs what the tool sends, where the tool has one secret for an app. */
  hookSecret: z.string(),
  /** Compared character by character. */
  redirectUris: z.array(z.string()),
  /** Where app-level events go; null: nowhere. */
  hookUrl: z.string().nullable(),
  /** https origin → the loopback origin that is called instead, since tests have no certificate. */
  allowHttpHooks: z.record(z.string(), z.string()),
  /** Waits before a failed delivery is tried again. */
  hookRetryDelaysMs: z.array(z.number().int().min(0)),
  hookTimeoutMs: z.number().int().min(1),
  /** How deliveries misbehave. */
  hookCopies: z.number().int().min(1).max(10),
  hookDelayMs: z.number().int().min(0),
  /** Held deliveries leave with `{"do": "release_hooks"}`, the last one first if so wished. */
  holdHooks: z.boolean(),
  /** The tool's clock against ours, in what it signs. */
  hookClockSkewSeconds: z.number().int(),
  breakHookSignatures: z.boolean(),
  accessTokenSeconds: z.number().int().min(1),
  /** Refresh tokens are for one use, where the tool has both ways. */
  rotation: z.boolean(),
  /** Of an already used refresh token. */
  refreshGraceSeconds: z.number().int().min(0),
  /** At most this many things a page, whatever the client asked. */
  pageSize: z.number().int().min(1).nullable(),
  /** This account agrees to everything at once, without a page. */
  autoConsent: z.string().nullable(),
  /** Unknown arguments are refused, where the real tool ignores them. */
  strict: z.boolean(),
  /** The limits that the tool documents. Faults make storms whatever this says. */
  rateLimits: z.boolean(),
});

export type Settings = z.infer<typeof settingsSchema>;

/** What may be changed at once: any of them. */
export const settingsPatch = settingsSchema.partial();
export type SettingsPatch = z.infer<typeof settingsPatch>;

/** What a stand-in begins with: the credentials and addresses that lib/integrations/registry.ts expects. */
export function defaultSettings(slug: string, appUrl: string): Settings {
  return {
    clientId: `harmony-${slug}`,
    clientSecret: `sandbox-${slug}-client-secret`,
    hookSecret: `sandbox-${slug}-hook-secret`,
    redirectUris: [`${appUrl}/api/integrations/${slug}/callback`],
    hookUrl: `${appUrl}/api/hooks/${slug}`,
    allowHttpHooks: {},
    hookRetryDelaysMs: [0, 60_000, 300_000],
    hookTimeoutMs: 3_000,
    hookCopies: 1,
    hookDelayMs: 0,
    holdHooks: false,
    hookClockSkewSeconds: 0,
    breakHookSignatures: false,
    accessTokenSeconds: 3_600,
    rotation: false,
    refreshGraceSeconds: 60,
    pageSize: null,
    autoConsent: null,
    strict: false,
    rateLimits: true,
  };
}
