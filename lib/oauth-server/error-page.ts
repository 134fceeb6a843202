import type { ErrorOut, KoaContextWithOIDC } from "oidc-provider";
import { pool } from "@/db/client";
import { hasGrant } from "@/lib/auth/roles";
import { readSession, sessionTokenOf } from "@/lib/auth/session";

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const escaped = (text: string) => text.replace(/[&<>"']/g, (letter) => escapes[letter] ?? letter);

/** The registered addresses, for a signed-in admin of the app's publisher and nobody else. */
async function registeredFor(ctx: KoaContextWithOIDC, clientId: string): Promise<string[] | null> {
  const token = sessionTokenOf(ctx.req.headers.cookie);
  const session = token ? await readSession(token) : null;
  if (!session || !hasGrant(session.grants, "api-keys:read", "all")) return null;
  const [app] = await pool()<{ redirect_uris: string[] }[]>`select redirect_uris from oauth_apps
    where id = ${clientId} and workspace_id = ${session.workspace.id} and deleted_at is null`;
  return app?.redirect_uris ?? null;
}

/** Where two addresses begin to differ, in words. */
export function difference(sent: string, registered: string): string {
  let at = 0;
  while (at < sent.length && sent[at] === registered[at]) at += 1;
  if (at === sent.length && at === registered.length) return "They are the same.";
  const rest = (text: string) => (at < text.length ? `“${text.slice(at, at + 40)}”` : "nothing");
  return `The same for ${at} characters; then ${rest(registered)} is registered and ${rest(sent)} was sent.`;
}

async function mismatch(ctx: KoaContextWithOIDC): Promise<string> {
  const sent = ctx.oidc?.params?.redirect_uri;
  const clientId = ctx.oidc?.params?.client_id;
  if (typeof sent !== "string" || typeof clientId !== "string") return "";
  const registered = await registeredFor(ctx, clientId);
  if (!registered) return "";
  const rows = registered
    .map((uri) => `<li><code>${escaped(uri)}</code><br>${escaped(difference(sent, uri))}</li>`)
    .join("");
  return `<h2>For you, as an admin of the app's publisher</h2><p>Sent: <code>${escaped(sent)}</code></p><p>Registered:</p><ul>${rows}</ul>`;
}

const style = `:root{color-scheme:light dark;--ink:#172024;--muted:#566166;--line:#dde2e4;--page:#f8fafa;--card:#fff}
@media (prefers-color-scheme:dark){:root{--ink:#eaeef0;--muted:#a3adb1;--line:#33393c;--page:#0d1011;--card:#141819}}
body{margin:0;padding:2rem 1rem;background:var(--page);color:var(--ink);font:1rem/1.5 system-ui,sans-serif}
main{box-sizing:border-box;max-width:38rem;margin:6vh auto 0;padding:1.5rem;background:var(--card);border:1px solid var(--line);border-radius:.5rem}
header{max-width:38rem;margin:auto;font-weight:600}h1{margin:0 0 .75rem;font-size:1.25rem;line-height:1.3}h2{margin:1.5rem 0 .5rem;font-size:1rem}
p{margin:.5rem 0}ul{padding-left:1.25rem}code{overflow-wrap:anywhere;font-size:.875rem}small{display:block;margin-top:1.25rem;color:var(--muted);font-size:.875rem}`;

const words: Readonly<Record<string, string>> = {
  invalid_redirect_uri:
    "The address that the app wants to be sent back to is not one that it registered, so nothing was sent there.",
  SessionNotFound:
    "The request is no longer open: it was answered already, has waited too long, or began in another browser.",
  invalid_client: "The app is not known here, or its publisher has disabled it.",
};

/**
 * The page of an error that cannot be sent to the app; a browser shows it, so it is HTML without scripts. Programs get
 * JSON whatever they accept (RFC 6749, 5.2): some HTTP libraries ask for HTML unless told otherwise.
 */
export async function errorPage(
  ctx: KoaContextWithOIDC,
  out: ErrorOut,
  error: Error,
): Promise<void> {
  if (!ctx.path.startsWith("/oauth/authorize")) {
    ctx.body = out;
    return;
  }
  const code = escaped(out.error);
  const isRedirect = error.message === "invalid_redirect_uri";
  const said =
    words[isRedirect ? "invalid_redirect_uri" : error.name] ??
    words[out.error] ??
    out.error_description ??
    "";
  const detail = isRedirect ? await mismatch(ctx) : "";
  ctx.type = "html";
  ctx.set(
    "content-security-policy",
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  );
  ctx.body = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>This app could not be connected · Harmony</title><style>${style}</style></head>
<body><header>Harmony</header><main><h1>This app could not be connected</h1><p>${escaped(said)}</p><p>Go back to the app and connect it again. If it stays, tell the app’s publisher.</p>${detail}<small>Code: <code>${code}</code></small></main></body></html>`;
}
