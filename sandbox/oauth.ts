import { createHash, randomBytes } from "node:crypto";
import { z } from "zod";
import { safeEqual, sha256 } from "@/lib/core/crypto";
import { html, page } from "./html";
import { type Answer, basicOf, type Call, formOf, seeOther } from "./http";
import { type Command, command, type Host, type Route } from "./tool";

// One authorization server for all stand-ins. How a tool departs from RFC 6749 is data (`OAuthQuirks`); what its
// token endpoint looks like from outside is the tool's own business (`exchange`, `refresh` return facts).

const CODE_SECONDS = 600;
const REQUEST_SECONDS = 1_800;
/** An expired access token is known as such for a day; then it is as unknown as a made-up one. */
const TOKEN_KEPT_MS = 86_400_000;

export interface Account {
  readonly id: string;
  /** What a person recognises, such as an address or a workspace. */
  readonly label: string;
  readonly detail?: string;
}

export interface OAuthQuirks {
  readonly authorizePath: string;
  /** The heading's words for an account: "Google account", "workspace". */
  readonly accountWord: string;
  readonly appName: string;
  readonly scopeSeparator: "," | " ";
  readonly needsResponseType: boolean;
  /** `refused`: an error at the token endpoint, as with Slack's confidential clients. */
  readonly pkce: "refused" | "optional" | "required";
  /** Every scope that the tool knows, in the words of its consent screen. */
  readonly scopes: Readonly<Record<string, string>>;
  /** May the person take this one back? */
  readonly isOptional: (scope: string) => boolean;
  readonly accounts: () => readonly Account[];
  /** Makes an account that was typed; null when it is not a possible one. */
  readonly typed: (text: string) => Account | null;
  readonly typedLabel: string;
  /** The parameter that names the account to offer. */
  readonly hintParam: string;
  /** Whether a second consent only adds to the first. */
  readonly accumulates: boolean;
  /** The person is asked again although everything was granted before. */
  readonly asksAgain: (query: Readonly<Record<string, string>>) => boolean;
  /** Adds to a successful return, such as Google's `scope`. */
  readonly returns: (scopes: readonly string[]) => Readonly<Record<string, string>>;
  readonly codePrefix: string;
}

export interface Grant {
  readonly id: string;
  readonly clientId: string;
  readonly accountId: string;
  scopes: string[];
  /** Why it is dead, in a word of the tool; null while it lives. */
  ended: string | null;
}

interface AuthorizeRequest {
  readonly query: Readonly<Record<string, string>>;
  readonly scopes: readonly string[];
  readonly expiresAt: number;
}

interface Code {
  readonly grantId: string;
  readonly scopes: readonly string[];
  readonly redirectUri: string | null;
  readonly challenge: string | null;
  readonly expiresAt: number;
  /** This consent followed no earlier one. */
  readonly isFirst: boolean;
  readonly query: Readonly<Record<string, string>>;
  isUsed: boolean;
}

export interface AccessToken {
  readonly grantId: string;
  scopes: string[];
  /** Milliseconds since 1970; null: never. */
  expiresAt: number | null;
}

interface RefreshToken {
  readonly grantId: string;
  readonly scopes: string[];
  usedAt: number | null;
}

/** Secrets are kept as SHA-256, as a careful tool would. */
export interface OAuthState {
  readonly requests: Record<string, AuthorizeRequest>;
  readonly codes: Record<string, Code>;
  readonly grants: Record<string, Grant>;
  readonly accessTokens: Record<string, AccessToken>;
  readonly refreshTokens: Record<string, RefreshToken>;
}

export type ExchangeError =
  | "unknown_client"
  | "bad_secret"
  | "bad_code"
  | "bad_redirect_uri"
  | "bad_verifier"
  | "pkce_refused"
  | "bad_refresh_token"
  | "dead_grant";

export interface Exchanged {
  readonly grant: Grant;
  readonly scopes: readonly string[];
  readonly isFirst: boolean;
  readonly query: Readonly<Record<string, string>>;
}

type Outcome<T> = { readonly value: T } | { readonly error: ExchangeError };

export type TokenCheck =
  | { readonly grant: Grant; readonly token: AccessToken }
  | { readonly failure: "unknown" | "expired" | "ended"; readonly ended: string | null };

export interface OAuthServer {
  readonly state: OAuthState;
  /** The authorize page and its forms. */
  readonly route: (call: Call) => Route | null;
  /** Who the client is, by Basic or by the body. */
  readonly client: (call: Call, form: URLSearchParams) => ExchangeError | null;
  readonly exchange: (form: URLSearchParams) => Outcome<Exchanged>;
  /** Rotation follows the settings; `replaced`: the token presented was for one use. */
  readonly refresh: (token: string) => Outcome<Exchanged & { readonly isRotated: boolean }>;
  readonly issueAccess: (
    exchanged: Pick<Exchanged, "grant" | "scopes">,
    prefix: string,
    seconds: number | null,
  ) => string;
  readonly issueRefresh: (exchanged: Pick<Exchanged, "grant" | "scopes">, prefix: string) => string;
  readonly check: (token: string) => TokenCheck;
  /** The grant behind an access or refresh token. */
  readonly grantOf: (token: string) => Grant | null;
  readonly end: (grant: Grant, how: string) => void;
  readonly commands: Readonly<Record<string, Command>>;
  readonly describe: () => unknown;
}

export function emptyOAuth(): OAuthState {
  return { requests: {}, codes: {}, grants: {}, accessTokens: {}, refreshTokens: {} };
}

const randomToken = (prefix: string) => prefix + randomBytes(24).toString("base64url");

const s256 = (verifier: string) => createHash("sha256").update(verifier).digest("base64url");

const consentSchema = z.object({
  account: z.string().optional(),
  decline: z.boolean().default(false),
  error: z.string().optional(),
  withhold: z.array(z.string()).default([]),
});

/** An authorization server over its state; `ended` names the death of a grant that the control API revokes. */
export function openOAuth(
  host: Host,
  state: OAuthState,
  quirks: OAuthQuirks,
  onEnded: (grant: Grant) => void,
): OAuthServer {
  const { settings, url } = host;
  const nextConsents: z.infer<typeof consentSchema>[] = [];
  const now = () => host.now().getTime();

  // --- The authorize page ---------------------------------------------------------------------------------------

  const scopeFlaw = (scopes: readonly string[]) => {
    if (scopes.length === 0) return "invalid_scope: no scope was asked for.";
    const unknown = scopes.filter((scope) => !(scope in quirks.scopes));
    return unknown.length > 0 ? `invalid_scope: ${unknown.join(", ")}` : null;
  };

  /** What is wrong with an authorize request; the person sees it, and nobody is redirected. */
  const flawOf = (query: Readonly<Record<string, string>>, scopes: readonly string[]) => {
    const { client_id: clientId, redirect_uri: redirectUri } = query;
    if (clientId !== settings.clientId) return "invalid_client: this app is not known here.";
    if (redirectUri === undefined || !settings.redirectUris.includes(redirectUri)) {
      return `redirect_uri_mismatch: ${redirectUri ?? "none"} is not registered for this app. Registered: ${settings.redirectUris.join(", ")}`;
    }
    if (quirks.needsResponseType && query.response_type !== "code") {
      return "invalid_request: response_type must be code.";
    }
    if (quirks.pkce === "required" && query.code_challenge_method !== "S256") {
      return "invalid_request: a code_challenge with the method S256 is required.";
    }
    return scopeFlaw(scopes);
  };

  const refusal = (words: string, status = 400): Answer =>
    page({
      title: "Request refused",
      status,
      isNarrow: true,
      body: html`<h1>This request cannot be answered</h1><p>${words}</p>`,
    });

  const originOf = (request: AuthorizeRequest) => new URL(request.query.redirect_uri ?? url).origin;

  const finish = (request: AuthorizeRequest, params: Readonly<Record<string, string>>): Answer => {
    const target = new URL(request.query.redirect_uri ?? url);
    for (const [name, value] of Object.entries(params)) target.searchParams.set(name, value);
    if (request.query.state !== undefined) target.searchParams.set("state", request.query.state);
    return seeOther(target.href);
  };

  const liveGrant = (accountId: string) =>
    Object.values(state.grants).find(
      (grant) => grant.accountId === accountId && grant.ended === null,
    );

  const agree = (request: AuthorizeRequest, account: Account, scopes: readonly string[]) => {
    const earlier = liveGrant(account.id);
    const grant: Grant = earlier ?? {
      id: randomToken("gr_"),
      clientId: settings.clientId,
      accountId: account.id,
      scopes: [],
      ended: null,
    };
    grant.scopes = [...new Set([...grant.scopes, ...scopes])];
    state.grants[grant.id] = grant;
    const code = randomToken(quirks.codePrefix);
    state.codes[sha256(code)] = {
      grantId: grant.id,
      scopes: quirks.accumulates ? grant.scopes : scopes,
      redirectUri: request.query.redirect_uri ?? null,
      challenge: request.query.code_challenge ?? null,
      expiresAt: now() + CODE_SECONDS * 1_000,
      isFirst: earlier === undefined,
      query: request.query,
      isUsed: false,
    };
    return finish(request, { code, ...quirks.returns(scopes) });
  };

  const accountPage = (id: string, request: AuthorizeRequest, problem: string | null): Answer =>
    page({
      title: `Choose your ${quirks.accountWord}`,
      isNarrow: true,
      formTargets: [originOf(request)],
      body: html`<h1>Choose your ${quirks.accountWord}</h1>
<p class="muted">to continue to ${quirks.appName}</p>
${problem === null ? null : html`<p role="alert"><strong>${problem}</strong></p>`}
<form class="card" method="post" action="${url}${quirks.authorizePath}/account">
<input type="hidden" name="request" value="${id}">
<ul class="plain">${quirks
        .accounts()
        .map(
          ({ id: accountId, label, detail }) =>
            html`<li class="choice"><button class="grow" name="account" value="${accountId}">${label}${detail === undefined ? null : html` <span class="muted small">${detail}</span>`}</button></li>`,
        )}</ul></form>
<form class="card" method="post" action="${url}${quirks.authorizePath}/account">
<input type="hidden" name="request" value="${id}">
<label for="typed">${quirks.typedLabel}</label><input id="typed" name="typed" type="text" autocomplete="off" required maxlength="200">
<p><button>Use this one</button></p></form>`,
    });

  const scopeChoice = (scope: string) => {
    const words = html`<span>${quirks.scopes[scope] ?? scope}<br><code class="small muted">${scope}</code></span>`;
    return quirks.isOptional(scope)
      ? html`<label class="choice"><input type="checkbox" name="scope" value="${scope}" checked>${words}</label>`
      : html`<div class="choice"><input type="hidden" name="scope" value="${scope}">${words}</div>`;
  };

  const consentPage = (id: string, request: AuthorizeRequest, account: Account): Answer =>
    page({
      title: `${quirks.appName} asks for access`,
      isNarrow: true,
      formTargets: [originOf(request)],
      body: html`<h1>${quirks.appName} asks for access</h1>
<p>${quirks.accountWord.charAt(0).toUpperCase() + quirks.accountWord.slice(1)}: <strong>${account.label}</strong></p>
<form class="card" method="post" action="${url}${quirks.authorizePath}/decision">
<input type="hidden" name="request" value="${id}"><input type="hidden" name="account" value="${account.id}">
<fieldset><legend>This will allow ${quirks.appName} to:</legend>${request.scopes.map(scopeChoice)}</fieldset>
<div class="row"><button class="primary" name="decision" value="allow">Allow</button>
<button name="decision" value="cancel">Cancel</button>
<button name="decision" value="switch">Use another ${quirks.accountWord}</button></div></form>`,
    });

  /** The page after the account is known: consent, or straight back when nothing new is asked. */
  const afterAccount = (id: string, request: AuthorizeRequest, account: Account): Answer => {
    const granted = new Set(liveGrant(account.id)?.scopes);
    const isKnown = request.scopes.every((scope) => granted.has(scope));
    if (!isKnown || quirks.asksAgain(request.query)) return consentPage(id, request, account);
    delete state.requests[id];
    return agree(request, account, request.scopes);
  };

  const accountById = (id: string | undefined) =>
    quirks.accounts().find((account) => account.id === id || account.label === id);

  const answerAtOnce = (
    request: AuthorizeRequest,
    { account: wanted, decline, error, withhold }: z.infer<typeof consentSchema>,
  ): Answer => {
    if (decline || error !== undefined) return finish(request, { error: error ?? "access_denied" });
    const named = wanted ?? settings.autoConsent ?? request.query[quirks.hintParam];
    const account = accountById(named) ?? quirks.accounts()[0];
    if (account === undefined) return refusal("There is no account.");
    const scopes = request.scopes.filter((scope) => !withhold.includes(scope));
    return agree(request, account, scopes);
  };

  /** Forgets requests and codes that nobody can use any more. */
  const sweep = () => {
    for (const kept of [state.requests, state.codes]) {
      for (const [key, { expiresAt }] of Object.entries(kept)) {
        if (expiresAt <= now()) delete kept[key];
      }
    }
    for (const [key, { expiresAt }] of Object.entries(state.accessTokens)) {
      if (expiresAt !== null && expiresAt <= now() - TOKEN_KEPT_MS) delete state.accessTokens[key];
    }
  };

  const authorize = (call: Call): Answer => {
    sweep();
    const query = Object.fromEntries(call.query);
    const scopes = [
      ...new Set((query.scope ?? "").split(quirks.scopeSeparator).filter((scope) => scope !== "")),
    ];
    const flaw = flawOf(query, scopes);
    if (flaw !== null) return refusal(flaw);
    const request = { query, scopes, expiresAt: now() + REQUEST_SECONDS * 1_000 };
    const ordered = nextConsents.shift();
    if (ordered !== undefined) return answerAtOnce(request, ordered);
    if (settings.autoConsent !== null) return answerAtOnce(request, consentSchema.parse({}));
    const id = randomToken("");
    state.requests[id] = request;
    const hinted = accountById(query[quirks.hintParam]);
    return hinted ? afterAccount(id, request, hinted) : accountPage(id, request, null);
  };

  const pending = (form: URLSearchParams): [string, AuthorizeRequest] | null => {
    const id = form.get("request") ?? "";
    const request = Object.hasOwn(state.requests, id) ? state.requests[id] : undefined;
    return request !== undefined && request.expiresAt > now() ? [id, request] : null;
  };

  const chooseAccount = (form: URLSearchParams): Answer => {
    const found = pending(form);
    if (found === null) return refusal("This sign-in was used already or is too old. Start again.");
    const [id, request] = found;
    const typed = form.get("typed")?.trim();
    const account =
      typed === undefined ? accountById(form.get("account") ?? "") : quirks.typed(typed);
    if (!account) return accountPage(id, request, `That is no ${quirks.accountWord}.`);
    return afterAccount(id, request, account);
  };

  const decide = (form: URLSearchParams): Answer => {
    const found = pending(form);
    if (found === null) return refusal("This sign-in was used already or is too old. Start again.");
    const [id, request] = found;
    if (form.get("decision") === "switch") return accountPage(id, request, null);
    delete state.requests[id];
    const account = accountById(form.get("account") ?? "");
    if (form.get("decision") !== "allow" || account === undefined) {
      return finish(request, { error: "access_denied" });
    }
    const kept = form.getAll("scope");
    const scopes = request.scopes.filter(
      (scope) => kept.includes(scope) || !quirks.isOptional(scope),
    );
    return agree(request, account, scopes);
  };

  const route = (call: Call): Route | null => {
    const post = (run: (form: URLSearchParams) => Answer): Route | null =>
      call.method === "POST"
        ? { operation: "authorize", kind: "page", isRead: false, run: () => run(formOf(call)) }
        : null;
    switch (call.path) {
      case quirks.authorizePath:
        return call.method === "GET"
          ? { operation: "authorize", kind: "page", isRead: false, run: () => authorize(call) }
          : null;
      case `${quirks.authorizePath}/account`:
        return post(chooseAccount);
      case `${quirks.authorizePath}/decision`:
        return post(decide);
      default:
        return null;
    }
  };

  // --- The token endpoint ---------------------------------------------------------------------------------------

  const client = (call: Call, form: URLSearchParams): ExchangeError | null => {
    const basic = basicOf(call);
    const id = basic?.id ?? form.get("client_id") ?? "";
    const secret = basic?.secret ?? form.get("client_secret") ?? "";
    if (id !== settings.clientId) return "unknown_client";
    return safeEqual(secret, settings.clientSecret) ? null : "bad_secret";
  };

  const verifierFlaw = (challenge: string | null, verifier: string | null) => {
    if (quirks.pkce === "refused") return verifier === null ? null : "pkce_refused";
    if (challenge === null) return verifier === null ? null : "bad_verifier";
    return verifier !== null && s256(verifier) === challenge ? null : "bad_verifier";
  };

  const exchange = (form: URLSearchParams): Outcome<Exchanged> => {
    const key = sha256(form.get("code") ?? "");
    const code = state.codes[key];
    if (code === undefined || code.expiresAt <= now()) return { error: "bad_code" };
    const grant = state.grants[code.grantId];
    if (code.isUsed || grant === undefined || grant.ended !== null) return { error: "bad_code" };
    if (code.redirectUri !== form.get("redirect_uri")) return { error: "bad_redirect_uri" };
    const flaw = verifierFlaw(code.challenge, form.get("code_verifier"));
    if (flaw !== null) return { error: flaw };
    code.isUsed = true;
    return { value: { grant, scopes: code.scopes, isFirst: code.isFirst, query: code.query } };
  };

  const refresh = (presented: string): Outcome<Exchanged & { isRotated: boolean }> => {
    const token = state.refreshTokens[sha256(presented)];
    if (token === undefined) return { error: "bad_refresh_token" };
    const grant = state.grants[token.grantId];
    if (grant === undefined || grant.ended !== null) return { error: "dead_grant" };
    const graceMs = settings.refreshGraceSeconds * 1_000;
    if (token.usedAt !== null && now() - token.usedAt > graceMs) {
      return { error: "bad_refresh_token" };
    }
    if (settings.rotation) token.usedAt ??= now();
    const scopes = token.scopes.filter((scope) => grant.scopes.includes(scope));
    return { value: { grant, scopes, isFirst: false, query: {}, isRotated: settings.rotation } };
  };

  const issueAccess: OAuthServer["issueAccess"] = ({ grant, scopes }, prefix, seconds) => {
    const token = randomToken(prefix);
    const expiresAt = seconds === null ? null : now() + seconds * 1_000;
    state.accessTokens[sha256(token)] = { grantId: grant.id, scopes: [...scopes], expiresAt };
    return token;
  };

  const issueRefresh: OAuthServer["issueRefresh"] = ({ grant, scopes }, prefix) => {
    const token = randomToken(prefix);
    state.refreshTokens[sha256(token)] = { grantId: grant.id, scopes: [...scopes], usedAt: null };
    return token;
  };

  const check = (presented: string): TokenCheck => {
    const token = state.accessTokens[sha256(presented)];
    const grant = token && state.grants[token.grantId];
    if (token === undefined || grant === undefined) return { failure: "unknown", ended: null };
    if (grant.ended !== null) return { failure: "ended", ended: grant.ended };
    if (token.expiresAt !== null && token.expiresAt <= now()) {
      return { failure: "expired", ended: null };
    }
    return { grant, token };
  };

  const end = (grant: Grant, how: string) => {
    if (grant.ended !== null) return;
    grant.ended = how;
    onEnded(grant);
  };

  // --- Control --------------------------------------------------------------------------------------------------

  const chosen = (account: string | undefined) =>
    Object.values(state.grants).filter(
      (grant) =>
        grant.ended === null &&
        (account === undefined || grant.accountId === accountById(account)?.id),
    );
  const ofGrants = <T extends { grantId: string }>(tokens: Record<string, T>, grants: Grant[]) =>
    Object.values(tokens).filter(({ grantId }) => grants.some(({ id }) => id === grantId));
  const byAccount = z.object({ account: z.string().optional() });

  const commands = {
    expire_access_tokens: command(byAccount, ({ account }) => {
      const tokens = ofGrants(state.accessTokens, chosen(account));
      for (const token of tokens) token.expiresAt = now();
      return { expired: tokens.length };
    }),
    revoke_grants: command(
      byAccount.extend({ how: z.string().default("revoked"), quiet: z.boolean().default(false) }),
      ({ account, how, quiet }) => {
        const grants = chosen(account);
        for (const grant of grants) {
          if (quiet) grant.ended = how;
          else end(grant, how);
        }
        return { revoked: grants.length };
      },
    ),
    remove_scope: command(byAccount.extend({ scope: z.string() }), ({ account, scope }) => {
      const grants = chosen(account);
      const without = (scopes: readonly string[]) => scopes.filter((one) => one !== scope);
      for (const grant of grants) grant.scopes = without(grant.scopes);
      for (const token of ofGrants(state.accessTokens, grants)) {
        token.scopes = without(token.scopes);
      }
      return { changed: grants.length };
    }),
    /** The next authorize request is answered like this, without a page. */
    next_consent: command(consentSchema, (consent) => {
      nextConsents.push(consent);
      return { waiting: nextConsents.length };
    }),
  };

  const describe = () => ({
    grants: Object.values(state.grants).map(({ id, accountId, scopes, ended }) => ({
      id,
      account: accountById(accountId)?.label ?? accountId,
      scopes,
      ended,
      accessTokens: ofGrants(state.accessTokens, [state.grants[id] as Grant]).length,
    })),
  });

  return {
    state,
    route,
    client,
    exchange,
    refresh,
    issueAccess,
    issueRefresh,
    check,
    grantOf: (token) => {
      const found = state.accessTokens[sha256(token)] ?? state.refreshTokens[sha256(token)];
      return (found && state.grants[found.grantId]) ?? null;
    },
    end,
    commands,
    describe,
  };
}
