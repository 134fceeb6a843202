import type { Permission } from "@/lib/auth/roles";

/** API scopes (handbook 15.2) and the permission of the role that each one needs. */
export const SCOPES = {
  "meetings:read": {
    permission: "meetings:read",
    title: "Read meetings, transcripts and summaries",
  },
  "meetings:write": { permission: "meetings:create", title: "Upload meetings" },
  "contacts:read": { permission: "contacts:read", title: "Read contacts" },
  "insights:read": { permission: "insights:read", title: "Read insights and their answers" },
} as const satisfies Record<string, { permission: Permission; title: string }>;

export type Scope = keyof typeof SCOPES;

export const readScopes: readonly Scope[] = ["meetings:read", "contacts:read", "insights:read"];
export const allScopes: readonly Scope[] = [...readScopes, "meetings:write"];
