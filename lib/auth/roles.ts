// Handbook 22 as data. A permission is `resource:action:scope`; own ⊂ team ⊂ all.

export const reaches = ["own", "team", "all"] as const;
export type Reach = (typeof reaches)[number];
export type RoleKey = "admin" | "manager" | "user";

/** What the product asks for, as `resource:action`. `integrations:write` is a synonym (D-58) and not listed. */
export const permissions = [
  "meetings:read",
  "meetings:create",
  "meetings:update",
  "meetings:delete",
  "contacts:read",
  "insights:read",
  "insights:update",
  "integrations:read",
  "integrations:create",
  "integrations:update",
  "integrations:delete",
  "integrations:execute",
  "api-keys:read",
  "api-keys:create",
  "api-keys:delete",
  "organization:read",
  "organization:update",
  "members:read",
  "members:update",
  "roles:read",
  "audit:read",
] as const;
export type Permission = (typeof permissions)[number];
export type Grants = Partial<Record<Permission, Reach>>;

const everything = Object.fromEntries(permissions.map((name) => [name, "all"])) as Record<
  Permission,
  Reach
>;

export const BUILT_IN_ROLES = {
  admin: { name: "Admin", description: "Everything in the workspace.", grants: everything },
  manager: {
    name: "Team Manager",
    description: "Their teams' meetings; sees how integrations and webhooks are doing.",
    grants: {
      "meetings:read": "team",
      "meetings:create": "team",
      "meetings:update": "team",
      "meetings:delete": "own",
      "contacts:read": "team",
      "insights:read": "team",
      "integrations:read": "all",
      "integrations:create": "own",
      "integrations:update": "own",
      "integrations:delete": "own",
      "integrations:execute": "own",
      "organization:read": "all",
      "members:read": "all",
      "roles:read": "all",
      "audit:read": "own",
    },
  },
  user: {
    name: "User",
    description: "Their own meetings and personal integrations.",
    grants: {
      "meetings:read": "own",
      "meetings:create": "own",
      "meetings:update": "own",
      "meetings:delete": "own",
      "contacts:read": "own",
      "insights:read": "own",
      "integrations:read": "own",
      "integrations:create": "own",
      "integrations:update": "own",
      "integrations:delete": "own",
      "integrations:execute": "own",
      "members:read": "all",
      "roles:read": "all",
      "audit:read": "own",
    },
  },
} as const satisfies Record<RoleKey, { name: string; description: string; grants: Grants }>;

const known = new Set<string>(permissions);

/** The grants of a role row: built-in ones from the table above, custom ones from their stored strings. */
export function grantsOfRole(role: {
  key: RoleKey | null;
  permissions: readonly string[];
}): Grants {
  if (role.key) return BUILT_IN_ROLES[role.key].grants;
  const grants: Grants = {};
  for (const entry of role.permissions) {
    const cut = entry.lastIndexOf(":");
    const name = entry.slice(0, cut);
    const reach = reaches.find((candidate) => candidate === entry.slice(cut + 1));
    if (reach && known.has(name)) grants[name as Permission] = reach;
  }
  return grants;
}

/** True when `grants` hold the permission at `reach` or wider. */
export function hasGrant(grants: Grants, permission: Permission, reach: Reach = "own"): boolean {
  const held = grants[permission];
  return held !== undefined && reaches.indexOf(held) >= reaches.indexOf(reach);
}
