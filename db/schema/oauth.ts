import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
} from "drizzle-orm/pg-core";
import { bytes, createdAt, id, instant, timestamps } from "@/db/columns";
import { serviceAccounts } from "@/db/schema/service-accounts";
import { users } from "@/db/schema/users";
import { workspaces } from "@/db/schema/workspaces";

/** Apps of third parties that ask people for access (handbook 15.2). The id is the `client_id`. */
export const oauthApps = pgTable(
  "oauth_apps",
  {
    id: id("oauthApp"),
    /** The publisher. */
    workspaceId: text("workspace_id")
      .notNull()
      .references(() => workspaces.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    description: text("description").notNull().default(""),
    /** Native apps (desktop, command line) may be public and use any port of the loopback address. */
    kind: text("kind", { enum: ["web", "native", "service"] }).notNull(),
    /** Of kind `service`: the account that its client credentials act as (RFC 6749, 4.4). */
    serviceAccountId: text("service_account_id").references(() => serviceAccounts.id, {
      onDelete: "cascade",
    }),
    /** How it came to be: made by an admin on our pages, or by a program (RFC 7591). */
    registration: text("registration", { enum: ["console", "dynamic"] })
      .notNull()
      .default("console"),
    /** SHA-256 of its logo, which stands in its address; null without one. */
    logoHash: text("logo_hash"),
    /** Public apps have no secret: nothing on a person's machine stays one. */
    authentication: text("authentication", {
      enum: ["secret", "none", "private_key_jwt"],
    }).notNull(),
    /** Public keys for `private_key_jwt` (RFC 7523). */
    jwks: jsonb("jwks").$type<{ keys: Record<string, unknown>[] }>(),
    redirectUris: text("redirect_uris").array().notNull(),
    scopes: text("scopes").array().notNull(),
    status: text("status", { enum: ["active", "disabled"] })
      .notNull()
      .default("active"),
    /** Other workspaces may authorise it too. */
    isShared: boolean("is_shared").notNull().default(false),
    createdBy: text("created_by").references(() => users.id, { onDelete: "set null" }),
    deletedAt: instant("deleted_at"),
    ...timestamps(),
  },
  (table) => [
    index("oauth_apps_workspace_idx").on(table.workspaceId, table.createdAt),
    check(
      "oauth_apps_redirects",
      sql`${table.kind} = 'service' or cardinality(${table.redirectUris}) between 1 and 10`,
    ),
    check(
      "oauth_apps_service_account",
      sql`(${table.kind} = 'service') = (${table.serviceAccountId} is not null)`,
    ),
    check("oauth_apps_scopes", sql`cardinality(${table.scopes}) > 0`),
  ],
);

/** Pictures of apps: small, checked by content, made square by nobody. */
export const oauthAppLogos = pgTable("oauth_app_logos", {
  appId: text("app_id")
    .primaryKey()
    .references(() => oauthApps.id, { onDelete: "cascade" }),
  contentType: text("content_type", { enum: ["image/png", "image/jpeg", "image/webp"] }).notNull(),
  bytes: bytes("bytes").notNull(),
});

/** At most two live secrets an app, so that one can be replaced without a gap. Only the SHA-256 is kept. */
export const oauthAppSecrets = pgTable(
  "oauth_app_secrets",
  {
    id: id("oauthSecret"),
    appId: text("app_id")
      .notNull()
      .references(() => oauthApps.id, { onDelete: "cascade" }),
    secretHash: text("secret_hash").notNull(),
    last4: text("last4").notNull(),
    createdAt: createdAt(),
    lastUsedAt: instant("last_used_at"),
    revokedAt: instant("revoked_at"),
  },
  (table) => [index("oauth_app_secrets_app_idx").on(table.appId)],
);

/** What one person allowed one app to do in one workspace. The id is the authorization server's grant id. */
export const oauthGrants = pgTable(
  "oauth_grants",
  {
    id: text("id").primaryKey(),
    workspaceId: text("workspace_id")
      .notNull()
      .references(() => workspaces.id, { onDelete: "cascade" }),
    appId: text("app_id")
      .notNull()
      .references(() => oauthApps.id, { onDelete: "cascade" }),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    scopes: text("scopes").array().notNull(),
    /** Only meetings of these teams; null: whatever the person may see. */
    teamIds: text("team_ids").array(),
    createdAt: createdAt(),
    lastUsedAt: instant("last_used_at"),
    revokedAt: instant("revoked_at"),
    revokedReason: text("revoked_reason", {
      enum: ["person", "admin", "app", "replay", "app_deleted", "replaced", "member_removed"],
    }),
  },
  (table) => [
    unique("oauth_grants_workspace_id_key").on(table.workspaceId, table.id),
    // Serves the lists of a person and of an admin.
    index("oauth_grants_workspace_idx").on(table.workspaceId, table.userId, table.createdAt),
    index("oauth_grants_app_idx").on(table.appId, table.createdAt),
  ],
);

/** What the authorization server keeps: codes, tokens, sessions, interactions. Keyed by SHA-256; holds no token. */
export const oauthPayloads = pgTable(
  "oauth_payloads",
  {
    model: text("model").notNull(),
    /** SHA-256 of the id, which for codes and tokens is the secret itself. */
    key: text("key").notNull(),
    payload: jsonb("payload").$type<Record<string, unknown>>().notNull(),
    grantId: text("grant_id"),
    uid: text("uid"),
    accountId: text("account_id"),
    consumedAt: instant("consumed_at"),
    expiresAt: instant("expires_at"),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.model, table.key] }),
    // Serves revocation: everything that a grant gave.
    index("oauth_payloads_grant_idx").on(table.grantId).where(sql`grant_id is not null`),
    index("oauth_payloads_uid_idx").on(table.uid).where(sql`uid is not null`),
    // Serves the sign-out of a person.
    index("oauth_payloads_account_idx").on(table.accountId).where(sql`account_id is not null`),
    // Serves the hourly sweep.
    index("oauth_payloads_expiry_idx").on(table.expiresAt),
  ],
);

/**
 * The answer to a refresh, sealed under a key that only the old token gives, for the thirty seconds in which a client
 * may not have received it.
 */
export const oauthRefreshAnswers = pgTable(
  "oauth_refresh_answers",
  {
    tokenHash: text("token_hash").primaryKey(),
    grantId: text("grant_id").notNull(),
    sealed: text("sealed").notNull(),
    answeredAt: instant("answered_at").notNull(),
  },
  (table) => [
    index("oauth_refresh_answers_time_idx").on(table.answeredAt),
    index("oauth_refresh_answers_grant_idx").on(table.grantId),
  ],
);

/** What a workspace says about an app of another publisher, or about any when its policy asks (handbook D-72). */
export const oauthApprovals = pgTable(
  "oauth_approvals",
  {
    workspaceId: text("workspace_id")
      .notNull()
      .references(() => workspaces.id, { onDelete: "cascade" }),
    appId: text("app_id")
      .notNull()
      .references(() => oauthApps.id, { onDelete: "cascade" }),
    status: text("status", { enum: ["pending", "approved", "blocked"] }).notNull(),
    requestedBy: text("requested_by").references(() => users.id, { onDelete: "set null" }),
    /** What the app asked for when the request was made. */
    scopes: text("scopes").array().notNull().default(sql`'{}'::text[]`),
    decidedBy: text("decided_by").references(() => users.id, { onDelete: "set null" }),
    decidedAt: instant("decided_at"),
    ...timestamps(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.appId] })],
);

/** Who waits for the admins' word about an app, the first who asked among them. */
export const oauthApprovalRequests = pgTable(
  "oauth_approval_requests",
  {
    workspaceId: text("workspace_id").notNull(),
    appId: text("app_id").notNull(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    /** Their consent page: approval lets that very flow go on while it is open. */
    interactionUid: text("interaction_uid").notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.appId, table.userId] }),
    foreignKey({
      name: "oauth_approval_requests_approval_fk",
      columns: [table.workspaceId, table.appId],
      foreignColumns: [oauthApprovals.workspaceId, oauthApprovals.appId],
    }).onDelete("cascade"),
  ],
);

/**
 * A kill switch that was pulled: which grants it ends, and how far that is. What
 * makes it hold at once is a row of its own (the app's status, an approval, the workspace's policy).
 */
export const oauthKills = pgTable(
  "oauth_kills",
  {
    id: id("oauthKill"),
    /** Where it was pulled. */
    workspaceId: text("workspace_id")
      .notNull()
      .references(() => workspaces.id, { onDelete: "cascade" }),
    /** `app`: one app everywhere, by its publisher; `app_here`: one app in this workspace; `workspace`: all apps in it. */
    reach: text("reach", { enum: ["app", "app_here", "workspace"] }).notNull(),
    appId: text("app_id").references(() => oauthApps.id, { onDelete: "cascade" }),
    total: integer("total").notNull(),
    ended: integer("ended").notNull().default(0),
    requestedBy: text("requested_by").references(() => users.id, { onDelete: "set null" }),
    createdAt: createdAt(),
    finishedAt: instant("finished_at"),
  },
  (table) => [index("oauth_kills_workspace_idx").on(table.workspaceId, table.createdAt)],
);

/** What lets a program register apps in a workspace whose policy allows it (RFC 7591, 3). Only the SHA-256 is kept. */
export const oauthRegistrationTokens = pgTable(
  "oauth_registration_tokens",
  {
    id: id("registrationToken"),
    workspaceId: text("workspace_id")
      .notNull()
      .references(() => workspaces.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    tokenHash: text("token_hash").notNull().unique(),
    last4: text("last4").notNull(),
    createdBy: text("created_by").references(() => users.id, { onDelete: "set null" }),
    createdAt: createdAt(),
    expiresAt: instant("expires_at").notNull(),
    lastUsedAt: instant("last_used_at"),
    revokedAt: instant("revoked_at"),
  },
  (table) => [index("oauth_registration_tokens_workspace_idx").on(table.workspaceId)],
);

/** The keys that sign ID tokens, sealed; the newest signs, the others still verify. */
export const oauthSigningKeys = pgTable("oauth_signing_keys", {
  id: text("id").primaryKey(),
  sealed: text("sealed").notNull(),
  createdAt: createdAt(),
  retiredAt: instant("retired_at"),
});
