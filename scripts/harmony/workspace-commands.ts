import { and, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import { db, type Tx } from "@/db/client";
import { memberships, roles } from "@/db/schema/members";
import { users } from "@/db/schema/users";
import { workspaces } from "@/db/schema/workspaces";
import { generateApiKey } from "@/lib/api-keys/service";
import { recordAudit } from "@/lib/audit/record-audit";
import { emailAddress, newPassword } from "@/lib/auth/new-password";
import { BUILT_IN_ROLES } from "@/lib/auth/roles";
import { allScopes, type Scope } from "@/lib/auth/scopes";
import { eventTypes } from "@/lib/events/schema";
import { createOAuthApp } from "@/lib/oauth-server/apps";
import { oauthAppInput } from "@/lib/oauth-server/schema";
import { PLANS, planNames } from "@/lib/plans/plans";
import { webhookInput } from "@/lib/webhooks/schema";
import { createWebhook } from "@/lib/webhooks/service";
import { addMember, createUser, createWorkspaceIn } from "@/lib/workspaces/create-workspace";
import { CliError, choice, defineCommand, text, wholeNumber } from "./command";
import { readSecretLine } from "./standard-input";
import { adminContext, findWorkspace, type WorkspaceRow } from "./workspaces";

const workspaceOption = { "--workspace <workspace>": "its id or slug" };
const workspace = text("--workspace");
const plan = choice("plan", planNames);
const rateLimit = wholeNumber("--rate-limit", 1, 2_147_483_647).optional();
const roleKeys = ["admin", "manager", "user"] as const;

export const createWorkspaceCommand = defineCommand({
  name: "workspace create",
  description: "Make a workspace with its built-in roles.",
  options: {
    "--name <name>": "shown to its members",
    "--plan <plan>": planNames.join(", "),
    "--rate-limit <perMinute>": "API requests a minute instead of the plan's",
    "--time-zone <zone>": "IANA name, such as Europe/Berlin (default UTC)",
  },
  input: z.object({
    name: text("--name", 100),
    plan,
    rateLimit,
    timeZone: z
      .string()
      .refine(isTimeZone, "--time-zone is not an IANA time zone such as Europe/Berlin")
      .default("UTC"),
  }),
  run: async ({ name, plan, rateLimit, timeZone }) => {
    const made = await db().transaction(async (tx) => {
      const made = await createWorkspaceIn(tx, {
        name,
        plan,
        timeZone,
        ...(rateLimit === undefined ? {} : { rateLimitPerMinute: rateLimit }),
      });
      await recordAudit(tx, adminContext({ id: made.id, plan }), {
        category: "members",
        action: "workspace.created",
        target: { type: "workspace", id: made.id, label: name },
        metadata: { plan, rate_limit_per_minute: rateLimit ?? null },
      });
      return made;
    });
    return {
      text: `Workspace "${name}" is there: ${made.slug} (${made.id}), plan ${PLANS[plan].label}.`,
      json: {
        id: made.id,
        slug: made.slug,
        name,
        plan,
        rate_limit_per_minute: rateLimit ?? null,
        time_zone: timeZone,
      },
    };
  },
});

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

async function roleIdOf(tx: Tx, workspaceId: string, key: (typeof roleKeys)[number]) {
  const [role] = await tx
    .select({ id: roles.id })
    .from(roles)
    .where(and(eq(roles.workspaceId, workspaceId), eq(roles.key, key)));
  if (!role) throw new CliError(`the workspace has lost its built-in role "${key}"`);
  return role.id;
}

/** Refuses what `createUser` would pass over in silence: a member who is there, a password that is not taken. */
async function requireNewcomer(
  tx: Tx,
  { id, name }: WorkspaceRow,
  email: string,
  hasPassword: boolean,
): Promise<void> {
  const [known] = await tx
    .select({ id: users.id, membershipId: memberships.id })
    .from(users)
    .leftJoin(
      memberships,
      and(
        eq(memberships.userId, users.id),
        eq(memberships.workspaceId, id),
        isNull(memberships.removedAt),
      ),
    )
    .where(eq(users.email, email));
  if (!known) return;
  if (known.membershipId) throw new CliError(`${email} is a member of "${name}" already`);
  if (hasPassword) {
    throw new CliError(
      `${email} has an account and keeps its password; run this again without --password to add them to "${name}"`,
    );
  }
}

export const createUserCommand = defineCommand({
  name: "user create",
  description: "Add a person to a workspace; a new address becomes an account.",
  options: {
    ...workspaceOption,
    "--email <address>": "how they sign in",
    "--role <role>": roleKeys.join(", "),
    "--password <password>": "12 characters or more; - reads it from standard input",
    "--name <name>": "shown to others (default: the address)",
  },
  input: z.object({
    workspace,
    email: z.string({ error: "--email is missing" }).pipe(emailAddress),
    role: choice("role", roleKeys),
    password: z.string().optional(),
    name: text("--name", 100).optional(),
  }),
  run: async ({ workspace: wanted, email, role, password, name }) => {
    const found = await findWorkspace(wanted);
    const secret = password === "-" ? await readSecretLine("--password -") : password;
    const checked = secret === undefined ? undefined : parsePassword(secret);
    const made = await db().transaction(async (tx) => {
      await requireNewcomer(tx, found, email, checked !== undefined);
      const roleId = await roleIdOf(tx, found.id, role);
      const user = await createUser(tx, {
        email,
        ...(name === undefined ? {} : { name }),
        ...(checked === undefined ? {} : { password: checked }),
      });
      await addMember(tx, { workspaceId: found.id, userId: user.id, roleId });
      await recordAudit(tx, adminContext(found), {
        category: "members",
        action: "member.added",
        target: { type: "user", id: user.id, label: email },
        metadata: { role },
      });
      return user;
    });
    const how =
      checked === undefined && made.isNew
        ? " They have no password: they sign in by e-mail link or Google."
        : "";
    return {
      text: `${email} is now ${BUILT_IN_ROLES[role].name} of "${found.name}" (${made.id}).${how}`,
      json: { id: made.id, email, role, workspace_id: found.id, is_new_account: made.isNew },
    };
  },
});

function parsePassword(secret: string): string {
  const parsed = newPassword.safeParse(secret);
  if (parsed.success) return parsed.data;
  throw new CliError(`--password: ${parsed.error.issues[0]?.message ?? "is not usable"}`);
}

export const createKeyCommand = defineCommand({
  name: "key create",
  description: "Generate an API key. Prints only the key, which is shown this once.",
  options: {
    ...workspaceOption,
    "--name <name>": "what it is for",
    "--access <access>": "read (default) or read_write",
  },
  input: z.object({
    workspace,
    name: text("--name", 100),
    access: choice("kind of access", ["read", "read_write"]).default("read"),
  }),
  run: async ({ workspace: wanted, name, access }) => {
    const found = await findWorkspace(wanted);
    const key = await generateApiKey(adminContext(found), {
      name,
      access,
      role_id: null,
      expires_at: null,
      rate_limit_per_minute: null,
    });
    return {
      text: key.token,
      json: { id: key.id, name, access, workspace_id: found.id, key: key.token },
    };
  },
});

const eventNames = text("--events").transform((list) => list.split(",").map((name) => name.trim()));

export const createWebhookCommand = defineCommand({
  name: "webhook create",
  description: "Add a webhook. Prints its id and its signing secret, which is shown this once.",
  options: {
    ...workspaceOption,
    "--url <url>": "receives the events",
    "--events <events>": `one or more, with commas between: ${eventTypes.join(", ")}`,
  },
  input: z.object({
    workspace,
    url: text("--url", 2048),
    events: eventNames.pipe(z.array(choice("kind of event", eventTypes))),
  }),
  run: async ({ workspace: wanted, url, events }) => {
    const found = await findWorkspace(wanted);
    const webhook = await createWebhook(adminContext(found), webhookInput.parse({ url, events }));
    return {
      text: `${webhook.id}\n${webhook.secret}`,
      json: {
        id: webhook.id,
        name: webhook.name,
        workspace_id: found.id,
        secret: webhook.secret,
      },
    };
  },
});

const listed = (option: string) =>
  text(option).transform((list) => list.split(",").map((part) => part.trim()));

export const createOAuthAppCommand = defineCommand({
  name: "oauth-app create",
  description:
    "Register an OAuth app. Prints its client id and its secret, which is shown this once.",
  options: {
    ...workspaceOption,
    "--name <name>": "shown to the people who are asked",
    "--redirect-uri <uris>": "where they are sent back to; several with commas between",
    "--scopes <scopes>": `one or more, with commas between: ${allScopes.join(", ")}`,
    "--kind <kind>": "web (default) or native: a native app has no secret",
  },
  input: z.object({
    workspace,
    name: text("--name", 80),
    redirectUri: listed("--redirect-uri"),
    scopes: listed("--scopes").pipe(z.array(choice("scope", allScopes as [Scope, ...Scope[]]))),
    kind: choice("kind of app", ["web", "native"]).default("web"),
  }),
  run: async ({ workspace: wanted, name, redirectUri, scopes, kind }) => {
    const found = await findWorkspace(wanted);
    const parsed = oauthAppInput.safeParse({
      name,
      scopes,
      kind,
      redirect_uris: redirectUri,
      authentication: kind === "native" ? "none" : "secret",
    });
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw new CliError(
        `${String(issue?.path[0] ?? "input")}: ${issue?.message ?? "is not usable"}`,
      );
    }
    const app = await createOAuthApp(adminContext(found), parsed.data);
    return {
      text: [app.clientId, app.clientSecret].filter(Boolean).join("\n"),
      json: {
        client_id: app.clientId,
        client_secret: app.clientSecret,
        name,
        workspace_id: found.id,
      },
    };
  },
});

export const setPlanCommand = defineCommand({
  name: "plan set",
  description: "Move a workspace to a plan; holds from the next request on.",
  options: {
    ...workspaceOption,
    "--plan <plan>": planNames.join(", "),
    "--rate-limit <perMinute>":
      "API requests a minute instead of the plan's; without it the plan's",
  },
  input: z.object({ workspace, plan, rateLimit }),
  run: async ({ workspace: wanted, plan, rateLimit }) => {
    const found = await findWorkspace(wanted);
    const limit = rateLimit ?? null;
    await db().transaction(async (tx) => {
      const [before] = await tx
        .select({ plan: workspaces.plan, limit: workspaces.rateLimitPerMinute })
        .from(workspaces)
        .where(eq(workspaces.id, found.id))
        .for("update");
      if (before?.plan === plan && before.limit === limit) return;
      await tx
        .update(workspaces)
        .set({ plan, rateLimitPerMinute: limit })
        .where(eq(workspaces.id, found.id));
      await recordAudit(tx, adminContext(found), {
        category: "members",
        action: "workspace.plan_changed",
        target: { type: "workspace", id: found.id, label: found.name },
        metadata: {
          from: before?.plan ?? null,
          to: plan,
          rate_limit_per_minute: { from: before?.limit ?? null, to: limit },
        },
      });
    });
    const perMinute = limit ?? PLANS[plan].requestsPerMinute;
    return {
      text: `"${found.name}" is on the ${PLANS[plan].label} plan: ${perMinute} API requests a minute.`,
      json: { id: found.id, slug: found.slug, plan, requests_per_minute: perMinute },
    };
  },
});
