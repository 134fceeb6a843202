import { setTimeout as delay } from "node:timers/promises";
import { and, eq, gt, isNull } from "drizzle-orm";
import type { z } from "zod";
import { db } from "@/db/client";
import { connectStates, syncSettings } from "@/db/schema/integrations";
import { type Context, requirePermission } from "@/lib/auth/principal";
import { readSession, type Session as SignedIn } from "@/lib/auth/session";
import { systemClock } from "@/lib/core/clock";
import { seal, sha256, unseal } from "@/lib/core/crypto";
import { AppError, invalidRequest, notFound } from "@/lib/core/errors";
import { newId, randomBase62 } from "@/lib/core/ids";
import { log } from "@/lib/core/log";
import { connectionTo, reachFor, requireTool } from "@/lib/integrations/access";
import type { ConnectionRow } from "@/lib/integrations/connection-row";
import { type Provider, ProviderError, type TokenReply } from "@/lib/integrations/contract";
import { recordErrorOf } from "@/lib/integrations/error-catalogue";
import { endGrant } from "@/lib/integrations/grants";
import {
  authorizeUrl,
  exchangeCode,
  newState,
  newVerifier,
  type Registration,
  readCallback,
} from "@/lib/integrations/oauth-client";
import { registrationAt } from "@/lib/integrations/registration";
import type { beginConnectInput, ConnectOutcome } from "@/lib/integrations/schema";
import { defaultsOf, scopesFor } from "@/lib/integrations/scopes";
import { provisionalSession } from "@/lib/integrations/session";
import { type Arrival, storeArrival } from "@/lib/integrations/store-arrival";

// From Connect to a connection (handbook 4.1). Nothing of it is stored before the tool has said whose account it is;
// until then there is only a row of `connect_states`: single use, ten minutes, bound to session and browser.

const validSeconds = 600;
const finishMs = 25_000;

type StateRow = typeof connectStates.$inferSelect;
type Result = NonNullable<StateRow["result"]> & { readonly outcome: ConnectOutcome };

// --- Beginning ----------------------------------------------------------------------------------------------

/** What was asked before Connect; on a reconnect what is left out stays as it was. */
function checkedFields(
  provider: Provider,
  given: Readonly<Record<string, string>>,
  known: Readonly<Record<string, string>>,
): Record<string, string> {
  const asked = provider.connectFields ?? [];
  const wrong: Record<string, string> = {};
  const fields: Record<string, string> = {};
  for (const { key, label, pattern, choices } of asked) {
    const value = given[key] ?? known[key] ?? "";
    const isOffered = choices === undefined || choices.some(({ id }) => id === value);
    if (value === "") wrong[key] = `${label} is needed.`;
    else if (!isOffered || pattern?.test(value) === false) wrong[key] = `${label} is not valid.`;
    else fields[key] = value;
  }
  if (Object.keys(wrong).length > 0) {
    throw invalidRequest(`${provider.name} needs to know where to sign in`, wrong);
  }
  return fields;
}

/** The scopes that the connection's settings need; a first connection begins with the defaults. */
async function scopesToAsk(provider: Provider, known: ConnectionRow | null) {
  const [row] =
    known === null
      ? []
      : await db()
          .select()
          .from(syncSettings)
          .where(
            and(
              eq(syncSettings.connectionId, known.id),
              eq(syncSettings.workspaceId, known.workspaceId),
            ),
          );
  if (!row) return scopesFor(provider, defaultsOf(provider));
  const { meetingData, actionItems, contacts, notes, direction } = row;
  const data = { meeting_data: meetingData, action_items: actionItems, contacts, notes };
  return scopesFor(provider, { data, direction });
}

/** The cookie that ties a Connect to a browser; one for each, so that two tabs do not disturb each other. */
const cookieNameOf = (stateHash: string) => `harmony-connect-${stateHash.slice(0, 12)}`;

export interface BegunConnect {
  /** The tool's page, where the person signs in. */
  readonly url: string;
  /** To be set as an HttpOnly cookie of `/api/integrations`. */
  readonly cookie: {
    readonly name: string;
    readonly value: string;
    readonly maxAgeSeconds: number;
  };
}

export async function begin(
  ctx: Context,
  input: z.output<typeof beginConnectInput>,
  sessionToken: string,
): Promise<BegunConnect> {
  const provider = requireTool(input.slug);
  requirePermission(ctx, "integrations:create", reachFor(provider.scope));
  const { userId, workspaceId } = ctx.principal;
  if (userId === null) throw new AppError("forbidden", "Only a person can connect a tool");
  const known = await connectionTo(db(), ctx, provider);
  if (input.connectionId !== undefined && input.connectionId !== known?.id) {
    throw notFound("Connection");
  }
  const fields = checkedFields(provider, input.fields, known?.fields ?? {});
  const registration = registrationAt(provider, { tenant: null, fields });
  const scopes = await scopesToAsk(provider, known);
  const state = newState();
  const id = sha256(state);
  const verifier = provider.auth.pkce ? newVerifier() : null;
  const browser = randomBase62(43);
  await db()
    .insert(connectStates)
    .values({
      ...{ id, workspaceId, userId, fields },
      provider: provider.slug,
      sessionHash: sha256(sessionToken),
      browserHash: sha256(browser),
      verifierSealed: verifier === null ? null : seal(verifier, id),
      askedScopes: [...scopes],
      connectionId: known?.id ?? null,
      mayReplaceAccount: input.replaceAccount,
      createdAt: ctx.now(),
      expiresAt: new Date(ctx.now().getTime() + validSeconds * 1000),
    });
  const loginHint = input.replaceAccount ? null : (known?.accountLabel ?? null);
  return {
    url: await authorizeUrl(registration, { state, verifier, scopes, loginHint }),
    cookie: { name: cookieNameOf(id), value: browser, maxAgeSeconds: validSeconds },
  };
}

// --- Coming back --------------------------------------------------------------------------------------------

export interface ReturnFromTool {
  readonly slug: string;
  readonly query: URLSearchParams;
  readonly sessionToken: string | null;
  readonly cookie: (name: string) => string | null;
  readonly ip: string | null;
  readonly userAgent: string | null;
}

export interface Returned {
  /** A path of ours. */
  readonly location: string;
  /** The cookie that has served its purpose. */
  readonly endedCookie: string | null;
}

/** Takes the state for good: of two who come with it at once, one gets it. */
async function consume(
  id: string,
  slug: string,
  signedIn: SignedIn,
  proof: { readonly session: string; readonly browser: string },
): Promise<StateRow | null> {
  const now = new Date();
  const [row] = await db()
    .update(connectStates)
    .set({ usedAt: now })
    .where(
      and(
        eq(connectStates.id, id),
        eq(connectStates.provider, slug),
        eq(connectStates.userId, signedIn.user.id),
        eq(connectStates.workspaceId, signedIn.workspace.id),
        eq(connectStates.sessionHash, sha256(proof.session)),
        eq(connectStates.browserHash, sha256(proof.browser)),
        isNull(connectStates.usedAt),
        gt(connectStates.expiresAt, now),
      ),
    )
    .returning();
  return row ?? null;
}

/** Somebody comes with a state that was used: after Back, or twice at once. They see how it ended, if it was theirs. */
async function earlierResult(
  id: string,
  slug: string,
  session: string,
): Promise<NonNullable<StateRow["result"]> | null> {
  const deadline = performance.now() + finishMs;
  while (performance.now() < deadline) {
    const [row] = await db()
      .select({ result: connectStates.result, usedAt: connectStates.usedAt })
      .from(connectStates)
      .where(
        and(
          eq(connectStates.id, id),
          eq(connectStates.provider, slug),
          eq(connectStates.sessionHash, sha256(session)),
        ),
      );
    if (!row || row.usedAt === null) return null;
    if (row.result !== null) return row.result;
    // The other one is still talking to the tool; a minute later it is not any more.
    if (Date.now() - row.usedAt.getTime() > finishMs) return null;
    await delay(100);
  }
  return null;
}

const failed = (message: string): Result => ({ outcome: "failed", message });

function failureOf(error: unknown, provider: Provider): Result {
  if (error instanceof ProviderError) {
    const said = error.cause instanceof Error ? ` (${error.cause.message})` : "";
    const isOurs = error.fault.kind === "reauth" && error.fault.reason === "provider_auth_error";
    return failed(`${recordErrorOf(error.fault).message}${isOurs ? said : ""}`);
  }
  if (error instanceof AppError) return failed(`${error.message}. ${error.fix ?? ""}`.trim());
  log().error({ err: error, tool: provider.slug }, "a connect failed");
  return failed("Something went wrong on our side.");
}

/** Whose account it is, and what is granted: everything that is known before anything is stored. */
async function arrivalOf(
  registration: Registration,
  state: StateRow,
  reply: TokenReply,
  signal: AbortSignal,
): Promise<Arrival> {
  const given = { signal, tenant: null, fields: state.fields };
  const identity = await registration.provider.identify(
    provisionalSession(registration, reply, {
      ...given,
      grantedScopes: reply.scopes ?? state.askedScopes,
    }),
  );
  const grantedScopes = reply.scopes ?? identity.grantedScopes ?? state.askedScopes;
  const session = provisionalSession(registration, reply, {
    ...given,
    grantedScopes,
    accountId: identity.accountId,
    facts: identity.facts ?? {},
  });
  return { registration, state, reply, identity, grantedScopes, session };
}

interface Unstored {
  readonly registration: Registration;
  readonly reply: TokenReply;
}

/** What the tool has just given us is of no use: the grant is ended there. */
async function giveBack(
  { workspaceId, fields, askedScopes }: StateRow,
  { registration, reply }: Unstored,
  accountId: string | null,
): Promise<void> {
  const { accessToken, refreshToken } = reply;
  try {
    await endGrant(db(), workspaceId, {
      provider: registration.provider.slug,
      ...{ tenant: null, fields, facts: {}, grantedScopes: askedScopes, accountId, hooks: [] },
      tokens: { accessToken, refreshToken },
    });
  } catch (error) {
    // Without the database nothing was stored either; nobody has the key to what is left at the tool.
    log().error(
      { err: error, tool: registration.provider.slug },
      "a grant could not be given back",
    );
  }
}

async function settle(ctx: Context, state: StateRow, query: URLSearchParams): Promise<Result> {
  const provider = requireTool(state.provider);
  const signal = AbortSignal.timeout(finishMs);
  let tokens: Unstored | null = null;
  try {
    requirePermission(ctx, "integrations:create", reachFor(provider.scope));
    const registration = registrationAt(provider, { tenant: null, fields: state.fields });
    const answer = readCallback(registration, query, query.get("state") ?? "");
    if (answer.kind === "declined") return { outcome: "declined" };
    if (answer.kind === "error") return failed(answer.message);
    const verifier = state.verifierSealed === null ? null : unseal(state.verifierSealed, state.id);
    const reply = await exchangeCode(registration, answer.parameters, verifier, signal);
    tokens = { registration, reply };
    const arrival = await arrivalOf(registration, state, reply, signal);
    const result = await storeArrival(ctx, arrival);
    if (result.outcome === "other_account") {
      await giveBack(state, { registration, reply }, arrival.identity.accountId);
    }
    return result;
  } catch (error) {
    if (tokens) await giveBack(state, tokens, null);
    return failureOf(error, provider);
  }
}

function contextFor(signedIn: SignedIn, back: ReturnFromTool): Context {
  return {
    principal: signedIn.principal,
    requestId: newId("request"),
    now: systemClock,
    ip: back.ip,
    userAgent: back.userAgent,
    proof: { checked: true },
  };
}

function pageOf(slug: string, outcome: string, attempt: string | null): string {
  const query = new URLSearchParams({ outcome, ...(attempt === null ? {} : { attempt }) });
  // Set up what to sync is what comes after a Connect.
  if (outcome === "connected") query.set("tab", "sync");
  return `/settings/integrations/${slug}?${query}`;
}

/**
 * Ends a Connect: the person comes back from the tool. Every way leads to the tool's page with a short code of ours; the
 * rest is read there by `attempt`.
 */
export async function finish(back: ReturnFromTool): Promise<Returned> {
  const provider = requireTool(back.slug);
  const expired = { location: pageOf(provider.slug, "expired", null), endedCookie: null };
  const state = back.query.get("state");
  if (!state || state.length > 200 || back.sessionToken === null) return expired;
  const id = sha256(state);
  const signedIn = await readSession(back.sessionToken);
  if (!signedIn) return expired;
  const browser = back.cookie(cookieNameOf(id));
  const row =
    browser === null
      ? null
      : await consume(id, provider.slug, signedIn, { session: back.sessionToken, browser });
  if (!row) {
    const earlier = await earlierResult(id, provider.slug, back.sessionToken);
    return earlier
      ? { location: pageOf(provider.slug, earlier.outcome, id), endedCookie: null }
      : expired;
  }
  const result = await settle(contextFor(signedIn, back), row, back.query);
  await db().update(connectStates).set({ result }).where(eq(connectStates.id, id));
  return { location: pageOf(provider.slug, result.outcome, id), endedCookie: cookieNameOf(id) };
}
