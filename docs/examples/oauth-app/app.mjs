// A small web app that reads a person's meetings with OAuth 2.0, on Node.js 20.19 or later:
//
//   CLIENT_ID=hcl_... CLIENT_SECRET=hsk_... node app.mjs
//
// HARMONY_URL is where Harmony runs (http://localhost:3000), PORT where this listens on 127.0.0.1 (8788).

import { randomBytes, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import * as oauth from "openid-client";

const { CLIENT_ID = "", CLIENT_SECRET = "", HARMONY_URL = "http://localhost:3000" } = process.env;
const port = Number(process.env.PORT ?? 8788);
const origin = `http://127.0.0.1:${port}`;
const redirectUri = `${origin}/callback`;
const harmony = new URL(HARMONY_URL);
const scope = "openid profile meetings:read";

/** https, but for a Harmony on this very machine. */
const isLocal = ["localhost", "127.0.0.1", "[::1]"].includes(harmony.hostname);
const config = await oauth.discovery(harmony, CLIENT_ID, CLIENT_SECRET, undefined, {
  execute: isLocal ? [oauth.allowInsecureRequests] : [],
});

// --- Sessions: in memory here; in a table, with the tokens encrypted, in production --------------------------

const sessions = new Map();
const sessionsMax = 1000;
const cookieName = "meeting_list_session";
const randomId = () => randomBytes(32).toString("base64url");

/** A new session under a new id; the oldest one makes room. */
function startSession(content) {
  const id = randomId();
  if (sessions.size >= sessionsMax) sessions.delete(sessions.keys().next().value);
  const session = { id, formToken: randomId(), ...content };
  sessions.set(id, session);
  return session;
}

function sessionOf(request) {
  const cookies = (request.headers.cookie ?? "").split(/; */);
  const own = cookies.find((one) => one.startsWith(`${cookieName}=`));
  return own ? sessions.get(own.slice(cookieName.length + 1)) : undefined;
}

// Behind https add Secure and name it __Host-…
const cookieOf = (id) => `${cookieName}=${id}; HttpOnly; SameSite=Lax; Path=/`;

// --- Tokens ---------------------------------------------------------------------------------------------------

function keepTokens(session, answer) {
  session.accessToken = answer.access_token;
  // Rotated with every refresh: the old one is used up.
  session.refreshToken = answer.refresh_token;
  session.expiresAt = Date.now() + (answer.expires_in ?? 3600) * 1000;
}

/** One refresh at a time for each session, however many pages ask for it. */
function refresh(session) {
  session.refreshing ??= oauth
    .refreshTokenGrant(config, session.refreshToken)
    .then((answer) => keepTokens(session, answer))
    .finally(() => {
      session.refreshing = null;
    });
  return session.refreshing;
}

/** Calls the API for the person; gets a new access token when the old one is about to end, or was refused. */
async function callApi(session, path) {
  if (Date.now() > session.expiresAt - 60_000) await refresh(session);
  const call = () =>
    fetch(new URL(path, harmony), {
      headers: { authorization: `Bearer ${session.accessToken}` },
      signal: AbortSignal.timeout(10_000),
    });
  let answer = await call();
  if (answer.status === 401) {
    await refresh(session);
    answer = await call();
  }
  if (!answer.ok) throw new Error(`Harmony answered ${answer.status}`);
  return answer.json();
}

// --- Pages ----------------------------------------------------------------------------------------------------

const escapes = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escaped = (text) => String(text).replace(/[&<>"']/g, (letter) => escapes[letter]);

const button = (action, label, session) =>
  `<form method="post" action="${action}"><input type="hidden" name="form_token" value="${session?.formToken ?? ""}"><button>${label}</button></form>`;

function page(title, body) {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title><style>:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem}form{display:inline-block;margin:0 .5rem .5rem 0}button{font:inherit;padding:.4rem .9rem}li{overflow-wrap:anywhere}</style></head>
<body><main><h1>${escaped(title)}</h1>${body}</main></body></html>`;
}

function send(response, status, html, headers = {}) {
  response.writeHead(status, {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    // The form of Connect is redirected to Harmony.
    "content-security-policy": `default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' ${harmony.origin}`,
    ...headers,
  });
  response.end(html);
}

const goTo = (response, location, headers = {}) =>
  send(response, 303, "", { location: String(location), ...headers });

async function showHome(request, response) {
  const session = sessionOf(request);
  if (!session?.accessToken) {
    const text = "<p>See your latest Harmony meetings here.</p>";
    return send(response, 200, page("Meeting list", text + button("/connect", "Connect Harmony")));
  }
  const { data } = await callApi(session, "/v1/meetings?per_page=10");
  const rows = data.map(
    ({ title, date }) => `<li>${escaped(title)} <time>${escaped(date.slice(0, 10))}</time></li>`,
  );
  const list = rows.length > 0 ? `<ol>${rows.join("")}</ol>` : "<p>No meetings yet.</p>";
  const forms = `${button("/refresh", "Refresh access", session)}${button("/disconnect", "Disconnect", session)}`;
  const who = `<p>Connected as ${escaped(session.name)}.</p>`;
  return send(response, 200, page("Your latest meetings", who + list + forms));
}

/** Sends the browser to Harmony; what has to come back with it is kept in the session of this browser. */
async function connect(_request, response) {
  const session = startSession({
    state: oauth.randomState(),
    verifier: oauth.randomPKCECodeVerifier(),
  });
  const location = oauth.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope,
    state: session.state,
    code_challenge: await oauth.calculatePKCECodeChallenge(session.verifier),
    code_challenge_method: "S256",
  });
  goTo(response, location, { "set-cookie": cookieOf(session.id) });
}

/** The browser is back: state and issuer are checked, the code is exchanged, the session gets a new id. */
async function finishConnect(request, response) {
  const before = sessionOf(request);
  if (!before?.state) {
    return send(
      response,
      400,
      page("Not connected", "<p>Start with Connect, in this browser.</p>"),
    );
  }
  sessions.delete(before.id);
  const tokens = await oauth.authorizationCodeGrant(config, new URL(request.url, origin), {
    pkceCodeVerifier: before.verifier,
    expectedState: before.state,
    idTokenExpected: true,
  });
  const session = startSession({});
  keepTokens(session, tokens);
  const person = await oauth.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
  session.name = person.name ?? "somebody";
  goTo(response, "/", { "set-cookie": cookieOf(session.id) });
}

async function refreshNow(request, response) {
  await refresh(sessionOf(request));
  goTo(response, "/");
}

/** Harmony ends everything that the person gave; here nothing of it stays. */
async function disconnect(request, response) {
  const session = sessionOf(request);
  sessions.delete(session.id);
  await oauth.tokenRevocation(config, session.refreshToken);
  goTo(response, "/", { "set-cookie": `${cookieOf("")}; Max-Age=0` });
}

/** True for a form of our own page: it knows the token of this session. */
async function isOwnForm(request, session) {
  let body = "";
  for await (const chunk of request) {
    body += chunk;
    if (body.length > 10_000) return false;
  }
  const given = Buffer.from(new URLSearchParams(body).get("form_token") ?? "");
  const known = Buffer.from(session?.formToken ?? "");
  return session?.accessToken && given.length === known.length && timingSafeEqual(given, known);
}

const routes = {
  "GET /": showHome,
  "POST /connect": connect,
  "GET /callback": finishConnect,
  "POST /refresh": refreshNow,
  "POST /disconnect": disconnect,
};

async function answer(request, response) {
  const path = new URL(request.url, origin).pathname;
  const name = `${request.method} ${path}`;
  const route = Object.hasOwn(routes, name) ? routes[name] : null;
  if (!route) return send(response, 404, page("Not found", ""));
  const needsForm = request.method === "POST" && path !== "/connect";
  if (needsForm && !(await isOwnForm(request, sessionOf(request)))) {
    return send(response, 403, page("Not allowed", "<p>Go back and try again.</p>"));
  }
  return route(request, response);
}

/** What went wrong, for the person; the program's log gets the error's name and no token. */
function explain(request, response, error) {
  console.error("failed:", error.error ?? error.code ?? error.message);
  const session = sessionOf(request);
  if (error.error === "invalid_grant" && session) sessions.delete(session.id);
  const said = {
    access_denied: "You did not allow the access.",
    invalid_grant: "The access has ended. Connect again.",
  };
  const text = said[error.error] ?? "Harmony could not be reached, or did not accept the request.";
  send(response, 502, page("Not connected", `<p>${text}</p><p><a href="/">Start again</a></p>`));
}

createServer({ requestTimeout: 10_000 }, (request, response) => {
  answer(request, response).catch((error) => explain(request, response, error));
}).listen(port, "127.0.0.1", () => console.log(`Open ${origin}`));
