import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { and, eq, isNull, sql } from "drizzle-orm";
import type { InteractionResults } from "oidc-provider";
import { db, pool, type Tx } from "@/db/client";
import { oauthApprovals, oauthGrants } from "@/db/schema/oauth";
import { recordAudit } from "@/lib/audit/record-audit";
import type { Context } from "@/lib/auth/principal";
import { type Grants, grantsOfRole, hasGrant, type RoleKey } from "@/lib/auth/roles";
import { allScopes, SCOPES, type Scope } from "@/lib/auth/scopes";
import { sessionTokenOf } from "@/lib/auth/session";
import { sha256 } from "@/lib/core/crypto";
import { AppError, invalidRequest } from "@/lib/core/errors";
import { notify } from "@/lib/notify/notify";
import { identityScopes } from "@/lib/oauth-server/clients";
import { oauthProvider, ownAddressHeaders } from "@/lib/oauth-server/provider";
import { logoUrlOf } from "@/lib/oauth-server/schema";
import { endGrant } from "@/lib/oauth-server/store";

// The consent page's service: what an app asks for, and what the person says to it. The library's signed cookie, which
// only this page's address receives, says which request it is about.

interface Interaction {
  readonly uid: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly redirectUri: string;
  /** Unix seconds: a sign-in before this is too old for what the app asks (OpenID Connect Core, 3.1.2.1). */
  readonly signedInSince: number;
}

/** Pages and actions have no raw request; the library needs one to check its cookie. */
function pair(cookie: string): { request: IncomingMessage; response: ServerResponse } {
  const request = new IncomingMessage(new Socket());
  request.headers = { cookie, ...ownAddressHeaders() };
  return { request, response: new ServerResponse(request) };
}

/** The person on whose page this is. */
function personOf(ctx: Context): string {
  const { userId } = ctx.principal;
  if (userId === null) throw new AppError("unauthorized", "You are signed out");
  return userId;
}

const expired = () =>
  new AppError("not_found", "This request of the app is no longer open", {
    fix: "Go back to the app and connect it again.",
  });

async function detailsOf(cookie: string, uid: string) {
  const { request, response } = pair(cookie);
  const provider = await oauthProvider();
  const details = await provider.interactionDetails(request, response).catch(() => null);
  if (!details || details.uid !== uid) throw expired();
  return details;
}

async function interactionOf(cookie: string, uid: string): Promise<Interaction> {
  const details = await detailsOf(cookie, uid);
  const { client_id: clientId, scope, redirect_uri: redirectUri } = details.params;
  if (typeof clientId !== "string" || typeof redirectUri !== "string") throw expired();
  const scopes = typeof scope === "string" ? scope.split(" ").filter(Boolean) : [];
  return { uid, clientId, scopes, redirectUri, signedInSince: signedInSince(details) };
}

/** `prompt=login` asks for a sign-in of this very request, `max_age` for one that is not older than so many seconds. */
function signedInSince({
  iat,
  params: { prompt, max_age: maxAge },
}: Awaited<ReturnType<typeof detailsOf>>): number {
  if (
    String(prompt ?? "")
      .split(" ")
      .includes("login")
  )
    return iat;
  return maxAge === undefined ? 0 : iat - Number(maxAge);
}

/** When the person signed in to our pages, in Unix seconds; 0 when that session is gone. */
async function signedInAt(cookie: string): Promise<number> {
  const token = sessionTokenOf(cookie);
  const [session] = token
    ? await pool()<
        { at: number }[]
      >`select extract(epoch from created_at)::float8 as at from sessions
        where session_token = ${sha256(token)}`
    : [];
  return Math.floor(session?.at ?? 0);
}

export interface ConsentWorkspace {
  readonly id: string;
  readonly name: string;
  /** What the person's role opens of what is asked for. */
  readonly scopes: readonly Scope[];
  /** `ask`: an admin has to approve the app first; `asked`: that is under way; `blocked`: nobody may connect it. */
  readonly verdict: "allowed" | "ask" | "asked" | "blocked" | "not_shared";
  readonly teams: readonly { readonly id: string; readonly name: string }[];
  /** Of the person's own: what each kind of access opens. */
  readonly samples: {
    readonly meeting: string | null;
    readonly contact: string | null;
    readonly insight: string | null;
  };
}

export interface ConsentRequest {
  readonly uid: string;
  readonly app: {
    readonly id: string;
    readonly name: string;
    readonly description: string;
    readonly publisher: string;
    readonly publisherId: string;
    readonly logoUrl: string | null;
  };
  /** What the app asks for, of the API. */
  readonly scopes: readonly Scope[];
  readonly wantsIdentity: boolean;
  /** Unix seconds. */
  readonly signedInAt: number;
  /** The app wants a newer sign-in than that. */
  readonly mustSignInAgain: boolean;
  /** Where the person is sent back to. */
  readonly returnsTo: string;
  readonly workspaces: readonly ConsentWorkspace[];
}

interface AppRow {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly logo_hash: string | null;
  readonly workspace_id: string;
  readonly publisher: string;
  readonly is_shared: boolean;
  readonly scopes: Scope[];
}

interface MembershipRow {
  readonly id: string;
  readonly name: string;
  readonly oauth_policy: "open" | "approval" | "off";
  readonly role_key: RoleKey | null;
  readonly role_permissions: string[];
  readonly approval: "pending" | "approved" | "blocked" | null;
  readonly teams: { id: string; name: string }[];
  readonly meeting: string | null;
  readonly contact: string | null;
  readonly insight: string | null;
}

/** Which workspaces may use which app (handbook D-72, and the workspace's own policy). */
function verdictOf(
  app: Pick<AppRow, "workspace_id" | "is_shared">,
  row: Pick<MembershipRow, "id" | "oauth_policy" | "approval">,
  grants: Grants,
): ConsentWorkspace["verdict"] {
  const isPublisher = row.id === app.workspace_id;
  if (row.approval === "blocked" || row.oauth_policy === "off") return "blocked";
  if (!isPublisher && !app.is_shared) return "not_shared";
  if (row.approval === "approved" || hasGrant(grants, "organization:update", "all"))
    return "allowed";
  if (isPublisher && row.oauth_policy === "open") return "allowed";
  return row.approval === "pending" ? "asked" : "ask";
}

const workspacesMax = 100;

async function workspacesOf(
  app: AppRow,
  userId: string,
  asked: readonly Scope[],
): Promise<ConsentWorkspace[]> {
  const rows = await pool()<MembershipRow[]>`
    select w.id, w.name, w.oauth_policy, r.key as role_key, r.permissions as role_permissions, o.status as approval,
      coalesce((select jsonb_agg(jsonb_build_object('id', t.id, 'name', t.name) order by t.name) from teams t
        where t.workspace_id = w.id), '[]'::jsonb) as teams,
      (select x.title from meetings x where x.workspace_id = w.id and x.user_id = m.user_id
        order by x.date desc limit 1) as meeting,
      (select c.name from meetings x join meeting_contacts mc on mc.meeting_id = x.id
        join contacts c on c.id = mc.contact_id and c.workspace_id = w.id
        where x.workspace_id = w.id and x.user_id = m.user_id order by x.date desc limit 1) as contact,
      (select i.name from meetings x join insight_results ir on ir.meeting_id = x.id
        join insights i on i.id = ir.insight_id
        where x.workspace_id = w.id and x.user_id = m.user_id order by x.date desc limit 1) as insight
    from memberships m join workspaces w on w.id = m.workspace_id join roles r on r.id = m.role_id
    left join oauth_approvals o on o.workspace_id = w.id and o.app_id = ${app.id}
    where m.user_id = ${userId} and m.removed_at is null order by w.name limit ${workspacesMax}`;
  return rows.map((row) => {
    const grants = grantsOfRole({ key: row.role_key, permissions: row.role_permissions });
    return {
      id: row.id,
      name: row.name,
      scopes: asked.filter((scope) => hasGrant(grants, SCOPES[scope].permission)),
      verdict: verdictOf(app, row, grants),
      teams: row.teams,
      samples: { meeting: row.meeting, contact: row.contact, insight: row.insight },
    };
  });
}

async function appOf(clientId: string): Promise<AppRow> {
  const [app] = await pool()<AppRow[]>`
    select a.id, a.name, a.description, a.logo_hash, a.workspace_id, w.name as publisher, a.is_shared, a.scopes
    from oauth_apps a join workspaces w on w.id = a.workspace_id
    where a.id = ${clientId} and a.status = 'active' and a.deleted_at is null`;
  if (!app) throw expired();
  return app;
}

/** What the page shows; `not_found` when the request has ended or belongs to another browser. */
export async function readConsent(
  ctx: Context,
  cookie: string,
  uid: string,
): Promise<ConsentRequest> {
  const interaction = await interactionOf(cookie, uid);
  const [app, signedIn] = await Promise.all([appOf(interaction.clientId), signedInAt(cookie)]);
  // Without a scope an app gets what it registered.
  const wanted: readonly string[] = interaction.scopes.length > 0 ? interaction.scopes : app.scopes;
  const scopes = allScopes.filter((scope) => wanted.includes(scope));
  return {
    uid,
    app: {
      id: app.id,
      name: app.name,
      description: app.description,
      publisher: app.publisher,
      publisherId: app.workspace_id,
      logoUrl: logoUrlOf({ id: app.id, logoHash: app.logo_hash }),
    },
    scopes,
    wantsIdentity: identityScopes.some((scope) => wanted.includes(scope)),
    signedInAt: signedIn,
    mustSignInAgain: signedIn < interaction.signedInSince,
    returnsTo: new URL(interaction.redirectUri).host,
    workspaces: await workspacesOf(app, personOf(ctx), scopes),
  };
}

/** Whether the server still remembers this very person in the browser where the request began. */
async function remembers(sessionUid: string | undefined, userId: string): Promise<boolean> {
  const [known] = await pool()`select 1 from oauth_payloads
    where model = 'Session' and uid = ${sessionUid ?? ""} and account_id = ${userId}`;
  return known !== undefined;
}

/**
 * Ends the interaction; the browser goes to the returned address, and from there back to the app. Where somebody else
 * has signed in since the request began, the server forgets whom it remembered: the person on this page answers.
 */
async function finish(
  cookie: string,
  uid: string,
  userId: string,
  result: InteractionResults,
): Promise<string> {
  const interaction = await detailsOf(cookie, uid);
  const sessionUid = interaction.session?.uid;
  if (sessionUid && !(await remembers(sessionUid, userId))) {
    delete interaction.session;
    await pool()`delete from oauth_payloads where model = 'Session' and uid = ${sessionUid}`;
  }
  // The first answer counts.
  interaction.result ??= result;
  await interaction.persist();
  return interaction.returnTo;
}

export interface Allowed {
  readonly workspaceId: string;
  readonly scopes: readonly Scope[];
  /** Null: whatever the person may see. */
  readonly teamIds: readonly string[] | null;
}

/**
 * Gives the app what the person chose: never more than it asked for, nor than their role opens. A former grant of the
 * same app in the same workspace ends. Pressed twice, it gives once. @returns where the browser goes.
 */
export async function allowApp(
  ctx: Context,
  cookie: string,
  uid: string,
  allowed: Allowed,
): Promise<string> {
  const asked = await readConsent(ctx, cookie, uid);
  if (asked.mustSignInAgain) {
    throw new AppError("forbidden", "The app asks you to sign in again", {
      fix: "Sign out here, sign in, and press Allow.",
    });
  }
  const workspace = asked.workspaces.find(({ id }) => id === allowed.workspaceId);
  if (workspace?.verdict !== "allowed") throw notAllowed();
  const scopes = workspace.scopes.filter((scope) => allowed.scopes.includes(scope));
  // An app may ask for nothing but who the person is.
  if (scopes.length === 0 && (asked.scopes.length > 0 || !asked.wantsIdentity)) {
    throw invalidRequest("Nothing is left that the app may do", {
      scopes: "Leave at least one kind of access ticked, or cancel.",
    });
  }
  const known = new Set(workspace.teams.map(({ id }) => id));
  const teamIds = allowed.teamIds?.filter((id) => known.has(id)) ?? null;
  if (teamIds?.length === 0) throw invalidRequest("No team is chosen", { teams: "Choose one." });
  const principal = { ...ctx.principal, workspaceId: workspace.id };
  const grantId = await storeGrant({ ...ctx, principal }, asked, { scopes, teamIds });
  return finish(
    cookie,
    uid,
    personOf(ctx),
    allowedResult(personOf(ctx), grantId, asked.signedInAt),
  );
}

const notAllowed = () =>
  new AppError("forbidden", "This workspace does not let you connect the app", {
    fix: "Ask an admin of the workspace to approve it, or choose another workspace.",
  });

const allowedResult = (
  userId: string,
  grantId: string,
  signedInAt: number,
): InteractionResults => ({
  login: { accountId: userId, remember: false, ts: signedInAt },
  consent: { grantId },
});

/**
 * Holds what the answer depends on until it is stored: a member who is removed, an app that is disabled, a kill switch
 * that is pulled come before it, and then it is refused, or after it, and then they see the grant.
 */
async function requireStillAllowed(tx: Tx, ctx: Context, appId: string): Promise<void> {
  const { workspaceId } = ctx.principal;
  await tx.execute(sql`select 1 from workspaces where id = ${workspaceId} for share`);
  await tx.execute(sql`select 1 from oauth_apps where id = ${appId} for share`);
  const [row] = await tx.execute<StandingRow>(sql`
    select w.id, w.oauth_policy, r.key as role_key, r.permissions as role_permissions, o.status as approval,
      a.workspace_id, a.is_shared
    from memberships m join workspaces w on w.id = m.workspace_id join roles r on r.id = m.role_id
    join oauth_apps a on a.id = ${appId} and a.status = 'active' and a.deleted_at is null
    left join oauth_approvals o on o.workspace_id = w.id and o.app_id = a.id
    where m.workspace_id = ${workspaceId} and m.user_id = ${personOf(ctx)} and m.removed_at is null
    for no key update of m`);
  if (!row) throw expired();
  const grants = grantsOfRole({ key: row.role_key, permissions: row.role_permissions });
  if (verdictOf(row, row, grants) !== "allowed") throw notAllowed();
}

type StandingRow = Pick<
  MembershipRow,
  "id" | "oauth_policy" | "role_key" | "role_permissions" | "approval"
> &
  Pick<AppRow, "workspace_id" | "is_shared"> &
  Record<string, unknown>;

/** Writes the answer into the request. @returns the grant that an earlier press of the same button gave, or null. */
async function claimInteraction(
  tx: Tx,
  uid: string,
  result: InteractionResults,
): Promise<string | null> {
  const key = sha256(uid);
  const [row] = await tx.execute<{ grant_id: string | null }>(sql`
    select payload #>> '{result,consent,grantId}' as grant_id from oauth_payloads
    where model = 'Interaction' and key = ${key} and expires_at > now() for update`);
  if (!row) throw expired();
  if (row.grant_id !== null) return row.grant_id;
  await tx.execute(sql`update oauth_payloads
    set payload = jsonb_set(payload, '{result}', ${JSON.stringify(result)}::text::jsonb)
    where model = 'Interaction' and key = ${key}`);
  return null;
}

/** @param ctx in the workspace that the person chose. */
async function storeGrant(
  ctx: Context,
  asked: ConsentRequest,
  { scopes, teamIds }: Pick<Allowed, "scopes" | "teamIds">,
): Promise<string> {
  const { Grant } = await oauthProvider();
  const grant = new Grant({ accountId: personOf(ctx), clientId: asked.app.id });
  grant.addOIDCScope([...identityScopes, ...scopes].join(" "));
  // What was unticked is refused, so that the app is not asked about it again and again.
  const refused = asked.scopes.filter((scope) => !scopes.includes(scope));
  if (refused.length > 0) grant.rejectOIDCScope(refused.join(" "));
  const grantId = await grant.save();
  const stored = await insertGrant(ctx, asked, { scopes, teamIds, grantId }).catch(
    async (error: unknown) => {
      await grant.destroy();
      throw error;
    },
  );
  if (stored.earlier !== null) {
    await grant.destroy();
    return stored.earlier;
  }
  for (const { id } of stored.former) await endGrant(id, "replaced");
  return grantId;
}

interface Stored {
  /** The grant that the same button gave before; then nothing was stored. */
  readonly earlier: string | null;
  /** What the person allowed the app here until now. */
  readonly former: readonly { readonly id: string }[];
}

async function insertGrant(
  ctx: Context,
  asked: ConsentRequest,
  given: Pick<Allowed, "scopes" | "teamIds"> & { readonly grantId: string },
): Promise<Stored> {
  const { workspaceId } = ctx.principal;
  const { scopes, teamIds, grantId } = given;
  return db().transaction(async (tx) => {
    const earlier = await claimInteraction(
      tx,
      asked.uid,
      allowedResult(personOf(ctx), grantId, asked.signedInAt),
    );
    if (earlier !== null) return { earlier, former: [] };
    await requireStillAllowed(tx, ctx, asked.app.id);
    const open = await tx
      .select({ id: oauthGrants.id })
      .from(oauthGrants)
      .where(
        and(
          eq(oauthGrants.workspaceId, workspaceId),
          eq(oauthGrants.appId, asked.app.id),
          eq(oauthGrants.userId, personOf(ctx)),
          isNull(oauthGrants.revokedAt),
        ),
      );
    await tx.insert(oauthGrants).values({
      id: grantId,
      workspaceId,
      appId: asked.app.id,
      userId: personOf(ctx),
      scopes: [...scopes],
      teamIds: teamIds === null ? null : [...teamIds],
    });
    await recordAudit(tx, ctx, {
      category: "api_access",
      action: "oauth.authorized",
      target: { type: "oauth_app", id: asked.app.id, label: asked.app.name },
      metadata: { scopes, team_ids: teamIds, grant_id: grantId },
    });
    return { earlier, former: open };
  });
}

/** The person said no; the app hears `access_denied` (RFC 6749, 4.1.2.1). */
export async function refuseApp(ctx: Context, cookie: string, uid: string): Promise<string> {
  await detailsOf(cookie, uid);
  return finish(cookie, uid, personOf(ctx), {
    error: "access_denied",
    error_description: "The person did not allow the access",
  });
}

const permissionOfAdmins = "organization:update:all";

/** Writes down that the person waits for the decision, and on which page: the last one counts. */
async function waitFor(
  tx: Tx,
  ctx: Context,
  page: { readonly workspaceId: string; readonly appId: string; readonly uid: string },
): Promise<void> {
  await tx.execute(sql`
    insert into oauth_approval_requests as r (workspace_id, app_id, user_id, interaction_uid)
    select o.workspace_id, o.app_id, ${personOf(ctx)}, ${page.uid} from oauth_approvals o
    where o.workspace_id = ${page.workspaceId} and o.app_id = ${page.appId} and o.status = 'pending'
    on conflict (workspace_id, app_id, user_id) do update set interaction_uid = excluded.interaction_uid
      where r.interaction_uid <> excluded.interaction_uid`);
}

/** Asks the workspace's admins to look at the app; asking twice asks once, and everybody who asked is told. */
export async function requestApproval(
  ctx: Context,
  cookie: string,
  uid: string,
  workspaceId: string,
): Promise<void> {
  const asked = await readConsent(ctx, cookie, uid);
  const workspace = asked.workspaces.find(({ id }) => id === workspaceId);
  if (workspace?.verdict !== "ask") return;
  const now = ctx.now();
  await db().transaction(async (tx) => {
    const made = await tx
      .insert(oauthApprovals)
      .values({
        workspaceId,
        appId: asked.app.id,
        status: "pending",
        requestedBy: personOf(ctx),
        scopes: [...asked.scopes],
      })
      .onConflictDoNothing()
      .returning({ appId: oauthApprovals.appId });
    await waitFor(tx, ctx, { workspaceId, appId: asked.app.id, uid });
    if (made.length === 0) return;
    await notify(tx, {
      workspaceId,
      to: { permission: permissionOfAdmins },
      type: "oauth_app_requested",
      severity: "info",
      title: `${ctx.principal.label} asks to connect ${asked.app.name}`,
      body: `Published by ${asked.app.publisher}. It asks for: ${asked.scopes.map((scope) => SCOPES[scope].title).join("; ")}.`,
      link: "/settings/integrations/api/authorised-apps",
      now,
    });
  });
}

/**
 * What the workspace says now, for the page of somebody who waits for an admin, also where another asked first. Of a
 * person's pages the one that waits last is the one that an approval leads back to.
 */
export async function followRequest(
  ctx: Context,
  cookie: string,
  uid: string,
  workspaceId: string,
): Promise<ConsentWorkspace["verdict"]> {
  const asked = await readConsent(ctx, cookie, uid);
  const workspace = asked.workspaces.find(({ id }) => id === workspaceId);
  if (!workspace) throw expired();
  if (workspace.verdict === "asked")
    await db().transaction((tx) => waitFor(tx, ctx, { workspaceId, appId: asked.app.id, uid }));
  return workspace.verdict;
}
