import { type Grants, type Permission, permissions, type Reach } from "@/lib/auth/roles";

/** What a permission lets people do, in words; the compiler keeps it complete. */
const words: Readonly<Record<Permission, string>> = {
  "meetings:read": "Read meetings, transcripts and summaries",
  "meetings:create": "Upload meetings",
  "meetings:update": "Edit meetings and their notes",
  "meetings:delete": "Delete meetings",
  "contacts:read": "Read contacts",
  "insights:read": "Read insights and their answers",
  "insights:update": "Define insights",
  "integrations:read": "See connections and their status",
  "integrations:create": "Connect tools",
  "integrations:update": "Change sync settings and mappings",
  "integrations:delete": "Disconnect tools",
  "integrations:execute": "Sync now, test and retry",
  "api-keys:read": "See API keys",
  "api-keys:create": "Generate and rotate API keys",
  "api-keys:delete": "Revoke API keys",
  "organization:read": "See webhooks and workspace settings",
  "organization:update": "Manage webhooks and workspace settings",
  "members:read": "See members and teams",
  "members:update": "Invite, change and remove members; manage teams",
  "roles:read": "See roles",
  "audit:read": "See the activity of the workspace",
};

const areas: Readonly<Record<string, string>> = {
  meetings: "Meetings",
  contacts: "Contacts",
  insights: "Insights",
  integrations: "Integrations",
  "api-keys": "API keys",
  organization: "Workspace",
  members: "Members",
  roles: "Roles",
  audit: "Activity",
};

export interface MatrixRow {
  readonly permission: Permission;
  readonly words: string;
  /** One entry a role, in the order given; null means not at all. */
  readonly reach: readonly (Reach | null)[];
}

export interface MatrixArea {
  readonly name: string;
  readonly rows: readonly MatrixRow[];
}

/** Handbook 22.2 as rows of permissions and columns of roles, grouped by what they are about. */
export function permissionMatrix(
  roles: readonly { readonly grants: Grants }[],
): readonly MatrixArea[] {
  const grouped = new Map<string, MatrixRow[]>();
  for (const permission of permissions) {
    const resource = permission.slice(0, permission.indexOf(":"));
    const rows = grouped.get(resource) ?? [];
    rows.push({
      permission,
      words: words[permission],
      reach: roles.map(({ grants }) => grants[permission] ?? null),
    });
    grouped.set(resource, rows);
  }
  return [...grouped].map(([resource, rows]) => ({ name: areas[resource] ?? resource, rows }));
}
