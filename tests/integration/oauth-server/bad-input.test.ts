import { createHash, generateKeyPairSync, randomBytes } from "node:crypto";
import { request as httpRequest } from "node:http";
import * as client from "openid-client";
import { beforeAll, describe, expect, test } from "vitest";
import { pool } from "@/db/client";
import { sha256 } from "@/lib/core/crypto";
import type { IssuedOAuthApp } from "@/lib/oauth-server/apps";
import { allowApp, refuseApp } from "@/lib/oauth-server/consent";
import type { BrowserJar } from "@/tests/integration/auth/browser-jar";
import { makeMember, makeWorkspace, type TestWorkspace } from "@/tests/support/factories";
import {
  allow,
  connectApp,
  cookieHeader,
  discover,
  jarOf,
  makeApp,
  origin,
  readMeetings,
  redirectUri,
  signIn,
  start,
  uidOf,
} from "./oauth-client";

// Everything that can be wrong with a request: the right error of RFC 6749 (4.1.2.1, 5.2), never a way to an address
// that is not registered, never a fault of ours, never a secret said back.

let workspace: TestWorkspace;
let app: IssuedOAuthApp;
let other: IssuedOAuthApp;
let jar: BrowserJar;

beforeAll(async () => {
  workspace = await makeWorkspace();
  app = await makeApp(workspace.admin);
  other = await makeApp(workspace.admin, { name: "Other" });
  jar = jarOf(workspace.admin);
});

const verifier = "v".repeat(64);
const challenge = createHash("sha256").update(verifier).digest("base64url");

type Query = readonly (readonly [name: string, value: string])[];

const rightQuery = (): Query => [
  ["client_id", app.clientId],
  ["response_type", "code"],
  ["redirect_uri", redirectUri],
  ["scope", "openid meetings:read"],
  ["state", "kept"],
  ["code_challenge", challenge],
  ["code_challenge_method", "S256"],
];

const without = (name: string) => rightQuery().filter(([known]) => known !== name);
const changed = (changes: Readonly<Record<string, string>>): Query => [
  ...rightQuery().filter(([name]) => !(name in changes)),
  ...Object.entries(changes),
];
const doubled = (name: string, value = "x"): Query => [
  ...changed({ [name]: value }),
  [name, value],
];

const encoded = (query: Query) => new URLSearchParams(query.map(([name, value]) => [name, value]));

/**
 * What the server did with a request of a browser, in words: "consent", "app: <error>" for an error that went to the
 * registered address, "page: <status> <code>" for one that went nowhere.
 */
async function outcomeOf(response: Response, registered = redirectUri): Promise<string> {
  expect(response.status).toBeLessThan(500);
  const location = response.headers.get("location");
  if (location === null) {
    const text = await response.text();
    const code = /<small>Code: <code>([a-z_]+)<\/code>/.exec(text)?.[1];
    return `page: ${response.status} ${code ?? text.slice(0, 60)}`;
  }
  if (location.startsWith("/oauth/consent/")) return "consent";
  const target = new URL(location);
  // Never anywhere else.
  expect(`${target.origin}${target.pathname}`).toBe(registered);
  const answer = target.searchParams.has("iss")
    ? target.searchParams
    : new URLSearchParams(target.hash.slice(1));
  expect(answer.get("iss")).toBe(origin());
  return `app: ${answer.get("error") ?? "code"}`;
}

const authorize = (query: Query | string) =>
  jar.send(`/oauth/authorize?${typeof query === "string" ? query : encoded(query)}`);

describe("the authorization endpoint", () => {
  const cases: readonly (readonly [what: string, query: () => Query, outcome: string])[] = [
    ["nothing wrong", rightQuery, "consent"],
    ["no client_id", () => without("client_id"), "page: 400 invalid_request"],
    ["an empty client_id", () => changed({ client_id: "" }), "page: 400 invalid_request"],
    ["two client_ids", () => doubled("client_id", app.clientId), "page: 400 invalid_request"],
    [
      "an unknown client_id",
      () => changed({ client_id: `hcl_${"x".repeat(24)}` }),
      "page: 400 invalid_client",
    ],
    [
      "a client_id that is none",
      () => changed({ client_id: "' or 1=1 --" }),
      "page: 400 invalid_client",
    ],
    ["no response_type", () => without("response_type"), "app: invalid_request"],
    ["an empty response_type", () => changed({ response_type: "" }), "app: invalid_request"],
    ["two response_types", () => doubled("response_type", "code"), "app: invalid_request"],
    ...["token", "id_token", "code id_token", "code token", "none", "CODE", "password"].map(
      (type) =>
        [
          `response_type ${type}`,
          () => changed({ response_type: type, nonce: "n" }),
          "app: unsupported_response_type",
        ] as const,
    ),
    ["two redirect_uris", () => doubled("redirect_uri", redirectUri), "app: invalid_request"],
    ["two scopes", () => doubled("scope", "meetings:read"), "app: invalid_request"],
    ["a scope in quotes", () => changed({ scope: '"meetings:read"' }), "app: invalid_scope"],
    ["a doubled space", () => changed({ scope: "openid  meetings:read" }), "app: invalid_scope"],
    ["an unknown scope", () => changed({ scope: "meetings:read all" }), "app: invalid_scope"],
    ["a scope beyond the app's", () => changed({ scope: "insights:read" }), "app: invalid_scope"],
    ["no scope", () => without("scope"), "consent"],
    ["an empty scope", () => changed({ scope: "" }), "consent"],
    [
      "offline_access, which many clients ask for",
      () => changed({ scope: "openid offline_access meetings:read" }),
      "consent",
    ],
    ["no state", () => without("state"), "consent"],
    ["two states", () => doubled("state"), "app: invalid_request"],
    ["no code_challenge", () => without("code_challenge"), "app: invalid_request"],
    ["an empty code_challenge", () => changed({ code_challenge: "" }), "app: invalid_request"],
    ["two code_challenges", () => doubled("code_challenge", challenge), "app: invalid_request"],
    [
      "a short code_challenge",
      () => changed({ code_challenge: "a".repeat(42) }),
      "app: invalid_request",
    ],
    [
      "a long code_challenge",
      () => changed({ code_challenge: "a".repeat(129) }),
      "app: invalid_request",
    ],
    [
      "a code_challenge of other characters",
      () => changed({ code_challenge: `${"a".repeat(42)}+` }),
      "app: invalid_request",
    ],
    ["no code_challenge_method", () => without("code_challenge_method"), "app: invalid_request"],
    ...["plain", "s256", "S512", ""].map(
      (method) =>
        [
          `code_challenge_method ${method}`,
          () => changed({ code_challenge_method: method }),
          "app: invalid_request",
        ] as const,
    ),
    ...["query", "fragment"].map(
      (mode) =>
        [`response_mode ${mode}`, () => changed({ response_mode: mode }), "consent"] as const,
    ),
    ...["web_message", "jwt", "query.jwt", "constructor", "__proto__"].map(
      (mode) =>
        [
          `response_mode ${mode}`,
          () => changed({ response_mode: mode }),
          "app: unsupported_response_mode",
        ] as const,
    ),
    ["two response_modes", () => doubled("response_mode", "query"), "app: invalid_request"],
    ["prompt login", () => changed({ prompt: "login" }), "consent"],
    ["prompt consent", () => changed({ prompt: "consent" }), "consent"],
    ["prompt none of somebody unknown", () => changed({ prompt: "none" }), "app: login_required"],
    ...["none login", "create", "<script>"].map(
      (prompt) => [`prompt ${prompt}`, () => changed({ prompt }), "app: invalid_request"] as const,
    ),
    ["two prompts", () => doubled("prompt", "login"), "app: invalid_request"],
    ...["-1", "abc", "1.5", "1e400", "9007199254740993"].map(
      (age) => [`max_age ${age}`, () => changed({ max_age: age }), "app: invalid_request"] as const,
    ),
    ["max_age 0", () => changed({ max_age: "0" }), "consent"],
    ...["x", "a.b.c", "e30.e30."].map(
      (hint) =>
        [
          `id_token_hint ${hint}`,
          () => changed({ id_token_hint: hint }),
          "app: invalid_request",
        ] as const,
    ),
    [
      "a request object",
      () => changed({ request: "eyJhbGciOiJub25lIn0.e30." }),
      "app: request_not_supported",
    ],
    [
      "a request_uri, which is not fetched",
      () => changed({ request_uri: "http://127.0.0.1:1/request" }),
      "app: request_uri_not_supported",
    ],
    ["registration", () => changed({ registration: "{}" }), "app: registration_not_supported"],
    ["parameters that nobody knows", () => changed({ claims: "{", foo: "bar" }), "consent"],
    ["a long state", () => changed({ state: "s".repeat(8000) }), "consent"],
  ];

  test.each(cases)("%s", async (_what, query, outcome) => {
    expect(await outcomeOf(await authorize(query()))).toBe(outcome);
  });

  test("the state comes back as it was sent, whatever is in it", async () => {
    const state = `<script>"'&=#%20 ü\u{1F600}\\`;
    const response = await authorize(changed({ state, response_type: "token" }));
    const location = new URL(response.headers.get("location") ?? "");
    expect(new URLSearchParams(location.hash.slice(1)).get("state")).toBe(state);
  });

  test("form_post says the error in a form, with everything in it escaped", async () => {
    const response = await authorize(
      changed({ response_mode: "form_post", state: `"><script>x</script>`, max_age: "-1" }),
    );
    expect(response.status).toBe(400);
    const html = await response.text();
    expect(html).toContain(`action="${redirectUri}"`);
    expect(html).not.toContain("<script>x");
  });

  test.each([
    "client_id",
    "response_type",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "prompt",
    "login_hint",
    "ui_locales",
    "acr_values",
  ])(
    "%s with a NUL, bytes that are no UTF-8, or a broken escape is no fault of ours",
    async (name) => {
      for (const junk of ["a%00b", "%ff%fe", "%", "%ED%A0%80"]) {
        const response = await authorize(`${encoded(without(name))}&${name}=${junk}`);
        await outcomeOf(response);
      }
    },
  );

  test("64 KiB of query are refused before they are read", async () => {
    const response = await authorize(changed({ state: "s".repeat(65_536) }));
    expect(response.status).toBe(431);
  });

  test.each(["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])("%s is answered 405", async (method) => {
    const response = await jar.send(`/oauth/authorize?${encoded(rightQuery())}`, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("GET, HEAD");
    expect(response.headers.get("location")).toBeNull();
  });

  test("an app that was made for any scope it registered gets those when it names none", async () => {
    const started = await start(jarOf(workspace.admin), await discover(app), { scope: "" });
    expect(started.location.pathname).toMatch(/^\/oauth\/consent\//);
    const { tokens } = await connectApp(workspace.admin, app, { parameters: { scope: "" } });
    expect(tokens.scope?.split(" ").sort()).toEqual(["contacts:read", "meetings:read"]);
  });
});

describe("an address that is not registered is never led to", () => {
  const near = [
    "https://app.example/callback/",
    "https://app.example/callback?",
    "https://app.example/callback?next=https://evil.example",
    "https://app.example/callback#",
    "https://app.example/callback#https://evil.example",
    "https://app.example/callback/../evil",
    "https://app.example/./callback",
    "https://app.example//callback",
    "https://app.example/callback;a=b",
    "https://app.example/callback%2f",
    "https://app.example/%63allback",
    "https://app.example/callback%0d%0aLocation:%20https://evil.example",
    "https://app.example/callback\r\nLocation: https://evil.example",
    "https://app.example/CALLBACK",
    "https://APP.example/callback",
    "HTTPS://app.example/callback",
    "https://app.example./callback",
    "https://app.example:443/callback",
    "https://app.example:8443/callback",
    "https://app.example.evil.example/callback",
    "https://evil.example/callback",
    "https://evil.example/https://app.example/callback",
    "https://app.example@evil.example/callback",
    "https://user:pass@app.example/callback",
    "https://app.example\\@evil.example/callback",
    "https://evil.example\\.app.example/callback",
    "https://xapp.example/callback",
    "https://аpp.example/callback",
    "http://app.example/callback",
    "//app.example/callback",
    "///evil.example",
    "/callback",
    "app.example/callback",
    " https://app.example/callback",
    "https://app.example/callback ",
    "javascript:alert(1)//https://app.example/callback",
    "data:text/html,x",
    "https:app.example/callback",
    "https://app.example/*",
    `https://app.example/callback${"a".repeat(8000)}`,
  ];

  test.each(near)("%s", async (uri) => {
    expect(await outcomeOf(await authorize(changed({ redirect_uri: uri })))).toBe(
      "page: 400 invalid_redirect_uri",
    );
    // Nor by an error that comes first, in whatever form the answer is asked for.
    for (const changes of [
      { response_type: "token" },
      { response_type: "token", response_mode: "form_post" },
      { scope: "junk" },
      { prompt: "none" },
      { request: "x" },
    ]) {
      const response = await authorize(changed({ redirect_uri: uri, ...changes }));
      expect(await outcomeOf(response)).toBe("page: 400 invalid_redirect_uri");
    }
  });

  test("a web app's loopback address keeps its port", async () => {
    const web = await makeApp(workspace.admin, { redirect_uris: ["http://localhost:3000/cb"] });
    const at = (uri: string) => authorize(changed({ client_id: web.clientId, redirect_uri: uri }));
    expect(await outcomeOf(await at("http://localhost:3000/cb"))).toBe("consent");
    for (const uri of ["http://localhost:3001/cb", "http://localhost/cb"]) {
      expect(await outcomeOf(await at(uri))).toBe("page: 400 invalid_redirect_uri");
    }
  });

  test("nor through the page of an error: it has no link, no script and no frame", async () => {
    const uri = `https://evil.example/"><script>alert(1)</script>`;
    const response = await authorize(changed({ redirect_uri: uri }));
    const html = await response.text();
    expect(html).not.toContain("<script");
    expect(html).not.toContain("<a ");
    const policy = response.headers.get("content-security-policy");
    for (const part of ["default-src 'none'", "form-action 'none'", "frame-ancestors 'none'"]) {
      expect(policy).toContain(part);
    }
    expect(response.headers.get("cache-control")).toContain("no-store");
  });
});

describe("a native app", () => {
  const registered = ["http://127.0.0.1/cb", "http://[::1]/cb", "http://localhost/cb"];
  let native: IssuedOAuthApp;

  beforeAll(async () => {
    native = await makeApp(workspace.admin, {
      kind: "native",
      authentication: "none",
      redirect_uris: registered,
    });
  });

  const at = async (uri: string) => {
    const response = await authorize(changed({ client_id: native.clientId, redirect_uri: uri }));
    return outcomeOf(response);
  };

  test.each([
    "http://127.0.0.1:1/cb",
    "http://127.0.0.1:65535/cb",
    "http://[::1]:49152/cb",
    "http://localhost:8080/cb",
    ...["http://127.0.0.1/cb", "http://[::1]/cb", "http://localhost/cb"],
  ])("is sent back to %s: any port of the loopback address", async (uri) => {
    expect(await at(uri)).toBe("consent");
  });

  test.each([
    "http://127.0.0.1:5000/other",
    "http://127.0.0.1:5000/cb/",
    "http://127.0.0.1:5000/cb?x=1",
    "http://127.0.0.1:5000/cb#x",
    "http://127.0.0.1:5000/x/../cb",
    "https://127.0.0.1:5000/cb",
    "http://127.0.0.2:5000/cb",
    "http://127.1:5000/cb",
    "http://2130706433:5000/cb",
    "http://0.0.0.0:5000/cb",
    "http://[::ffff:127.0.0.1]:5000/cb",
    "http://user@127.0.0.1:5000/cb",
    "http://127.0.0.1:5000@evil.example/cb",
    "http://127.0.0.1:@evil.example/cb",
    "http://localhost.evil.example:5000/cb",
    "http://localhost.:5000/cb",
    "http://127.0.0.1:99999/cb",
    "http://127.0.0.1:5000\\@evil.example/cb",
  ])("is not sent to %s", async (uri) => {
    expect(await at(uri)).toBe("page: 400 invalid_redirect_uri");
  });
});

// --- The endpoints that programs call -----------------------------------------------------------------------

interface Call {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | URLSearchParams;
}

interface Said {
  readonly status: number;
  readonly error: string | undefined;
  readonly headers: Headers;
  readonly text: string;
}

const basic = (id: string, secret: string) =>
  `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`;

/** Calls an endpoint; whatever it says is no fault of ours and repeats no secret. */
async function call({ path = "/oauth/token", method = "POST", headers = {}, body }: Call) {
  const response = await fetch(`${origin()}${path}`, {
    method,
    headers,
    redirect: "manual",
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  expect(response.status).toBeLessThan(500);
  for (const secret of [app.clientSecret, other.clientSecret, verifier]) {
    expect(text).not.toContain(secret);
  }
  const isJson = response.headers.get("content-type")?.startsWith("application/json") ?? false;
  const error = isJson ? (JSON.parse(text) as { error?: string }).error : undefined;
  return { status: response.status, error, headers: response.headers, text } satisfies Said;
}

const said = ({ status, error }: Said) => `${status} ${error}`;

/** A code of the app, given to the browser and not used yet. */
async function freshCode(of: IssuedOAuthApp = app): Promise<string> {
  const browser = jarOf(workspace.admin);
  const response = await browser.send(
    `/oauth/authorize?${encoded(changed({ client_id: of.clientId }))}`,
  );
  const location = new URL(response.headers.get("location") ?? "", origin());
  const back = await allow(browser, workspace.admin, { verifier, state: "kept", location });
  return back.searchParams.get("code") ?? "";
}

describe("the token endpoint, for a code", () => {
  let code = "";
  const form = (changes: Readonly<Record<string, string | null>> = {}) => {
    const fields = {
      grant_type: "authorization_code",
      code,
      redirect_uri: redirectUri,
      code_verifier: verifier,
      ...changes,
    };
    return new URLSearchParams(
      Object.entries(fields).flatMap(([name, value]) =>
        value === null ? [] : [[name, value] as [string, string]],
      ),
    );
  };
  const twice = (name: string) => {
    const body = form();
    body.append(name, body.get(name) ?? "x");
    return body;
  };
  const own = () => ({ authorization: basic(app.clientId, app.clientSecret ?? "") });
  const as = (authorization: string) => ({ headers: { authorization }, body: form() });

  beforeAll(async () => {
    code = await freshCode();
  });

  const cases: readonly (readonly [what: string, call: () => Call, answer: string])[] = [
    [
      "no grant_type",
      () => ({ headers: own(), body: form({ grant_type: null }) }),
      "400 invalid_request",
    ],
    [
      "an empty grant_type",
      () => ({ headers: own(), body: form({ grant_type: "" }) }),
      "400 invalid_request",
    ],
    [
      "two grant_types",
      () => ({ headers: own(), body: twice("grant_type") }),
      "400 invalid_request",
    ],
    ...[
      "password",
      "implicit",
      "urn:ietf:params:oauth:grant-type:device_code",
      "urn:ietf:params:oauth:grant-type:jwt-bearer",
      "urn:ietf:params:oauth:grant-type:token-exchange",
      "urn:openid:params:grant-type:ciba",
      "constructor",
      "AUTHORIZATION_CODE",
    ].map(
      (type) =>
        [
          `grant_type ${type}`,
          () => ({
            headers: own(),
            body: form({ grant_type: type, username: "a", password: "b" }),
          }),
          "400 unsupported_grant_type",
        ] as const,
    ),
    ["no code", () => ({ headers: own(), body: form({ code: null }) }), "400 invalid_request"],
    ["an empty code", () => ({ headers: own(), body: form({ code: "" }) }), "400 invalid_request"],
    ["two codes", () => ({ headers: own(), body: twice("code") }), "400 invalid_request"],
    [
      "an unknown code",
      () => ({ headers: own(), body: form({ code: "x".repeat(43) }) }),
      "400 invalid_grant",
    ],
    [
      "a code with a NUL",
      () => ({ headers: own(), body: form({ code: "a\0b" }) }),
      "400 invalid_grant",
    ],
    [
      "a code of 50,000 characters",
      () => ({ headers: own(), body: form({ code: "x".repeat(50_000) }) }),
      "400 invalid_grant",
    ],
    [
      "another redirect_uri",
      () => ({ headers: own(), body: form({ redirect_uri: `${redirectUri}/` }) }),
      "400 invalid_grant",
    ],
    [
      "two redirect_uris",
      () => ({ headers: own(), body: twice("redirect_uri") }),
      "400 invalid_request",
    ],
    [
      "no code_verifier",
      () => ({ headers: own(), body: form({ code_verifier: null }) }),
      "400 invalid_grant",
    ],
    [
      "another code_verifier",
      () => ({ headers: own(), body: form({ code_verifier: "w".repeat(64) }) }),
      "400 invalid_grant",
    ],
    [
      "the challenge as verifier",
      () => ({ headers: own(), body: form({ code_verifier: challenge }) }),
      "400 invalid_grant",
    ],
    [
      "a short code_verifier",
      () => ({ headers: own(), body: form({ code_verifier: "v" }) }),
      "400 invalid_request",
    ],
    [
      "two code_verifiers",
      () => ({ headers: own(), body: twice("code_verifier") }),
      "400 invalid_request",
    ],
    ["no client at all", () => ({ body: form() }), "400 invalid_request"],
    [
      "a confidential app without its secret",
      () => ({ body: form({ client_id: app.clientId }) }),
      "401 invalid_client",
    ],
    [
      "an empty secret",
      () => ({ body: form({ client_id: app.clientId, client_secret: "" }) }),
      "401 invalid_client",
    ],
    ["a wrong secret", () => as(basic(app.clientId, "hsk_wrong")), "401 invalid_client"],
    [
      "a wrong secret in the body",
      () => ({ body: form({ client_id: app.clientId, client_secret: "hsk_wrong" }) }),
      "401 invalid_client",
    ],
    [
      "the placeholder of the library",
      () => as(basic(app.clientId, `hashed:${app.clientId}`)),
      "401 invalid_client",
    ],
    [
      "the secret of another app",
      () => as(basic(app.clientId, other.clientSecret ?? "")),
      "401 invalid_client",
    ],
    [
      "an unknown client",
      () => as(basic(`hcl_${"x".repeat(24)}`, app.clientSecret ?? "")),
      "401 invalid_client",
    ],
    [
      "a client id with a NUL",
      () => ({ body: form({ client_id: "a\0b", client_secret: "x" }) }),
      "401 invalid_client",
    ],
    [
      "a code of another app",
      () => as(basic(other.clientId, other.clientSecret ?? "")),
      "400 invalid_grant",
    ],
    [
      "both ways of authenticating",
      () => ({ headers: own(), body: form({ client_secret: app.clientSecret }) }),
      "400 invalid_request",
    ],
    [
      "another client_id in the body",
      () => ({ headers: own(), body: form({ client_id: other.clientId }) }),
      "400 invalid_request",
    ],
    [
      "two client_ids",
      () => ({
        body: new URLSearchParams(`${form()}&client_id=${app.clientId}&client_id=${app.clientId}`),
      }),
      "400 invalid_request",
    ],
    [
      "two secrets",
      () => ({
        body: new URLSearchParams(
          `${form({ client_id: app.clientId })}&client_secret=a&client_secret=b`,
        ),
      }),
      "400 invalid_request",
    ],
    ["Basic that is no base64", () => as("Basic %%%"), "400 invalid_request"],
    [
      "Basic without a colon",
      () => as(`Basic ${Buffer.from("nothing").toString("base64")}`),
      "400 invalid_request",
    ],
    ["Basic without a secret", () => as(basic(app.clientId, "")), "400 invalid_request"],
    ["Basic with a broken escape", () => as(basic(app.clientId, "%zz")), "400 invalid_request"],
    ["Basic and nothing", () => as("Basic"), "400 invalid_request"],
    [
      "a bearer token as authentication",
      () => as(`Bearer hat_${"x".repeat(40)}`),
      "400 invalid_request",
    ],
    [
      "an assertion that is none",
      () => ({
        body: form({
          client_assertion: "x",
          client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        }),
      }),
      "400 invalid_request",
    ],
    [
      "JSON",
      () => ({
        headers: { ...own(), "content-type": "application/json" },
        body: JSON.stringify(Object.fromEntries(form())),
      }),
      "400 invalid_request",
    ],
    [
      "text",
      () => ({ headers: { ...own(), "content-type": "text/plain" }, body: String(form()) }),
      "400 invalid_request",
    ],
    [
      "a form with parts",
      () => ({
        headers: { ...own(), "content-type": "multipart/form-data; boundary=x" },
        body: "--x--",
      }),
      "400 invalid_request",
    ],
    ["no body", () => ({ headers: own() }), "400 invalid_request"],
    [
      "a body of 1 MiB",
      () => ({ headers: own(), body: form({ junk: "x".repeat(1_048_576) }) }),
      "400 invalid_request",
    ],
    [
      "everything in the query, where logs see it",
      () => ({ path: `/oauth/token?${form()}`, headers: own() }),
      "400 invalid_request",
    ],
  ];

  test.each(cases)("%s", async (_what, made, answer) => {
    const heard = await call(made());
    expect(said(heard)).toBe(answer);
    expect(heard.headers.get("cache-control")).toContain("no-store");
    if (heard.status === 401 && made().headers)
      expect(heard.headers.get("www-authenticate")).toMatch(/^Basic /);
  });

  test("an error is JSON also for a program whose library asks for HTML", async () => {
    const accept = "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2";
    for (const path of ["/oauth/token", "/oauth/revoke", "/oauth/introspect", "/oauth/userinfo"]) {
      const heard = await call({ path, headers: { accept }, body: form() });
      expect(heard.headers.get("content-type")).toMatch(/^application\/json/);
      expect(heard.error).toBeDefined();
    }
  });

  test.each(["GET", "PUT", "PATCH", "DELETE"])("%s is answered 405", async (method) => {
    const heard = await call({ method, headers: own() });
    expect(said(heard)).toBe("405 invalid_request");
    expect(heard.headers.get("allow")).toBe("POST, OPTIONS");
  });

  test("after all of that the right request gets its tokens: no guess of others ended the code", async () => {
    // Percent-encoding is part of Basic here (RFC 6749, 2.3.1).
    const percentEncoded = (text: string) =>
      [...text].map((letter) => `%${letter.charCodeAt(0).toString(16)}`).join("");
    const heard = await call(
      as(basic(percentEncoded(app.clientId), percentEncoded(app.clientSecret ?? ""))),
    );
    expect(heard.status).toBe(200);
  });

  test("an expired code gives nothing", async () => {
    const late = await freshCode();
    await pool()`update oauth_payloads set expires_at = now() - interval '1 minute',
      payload = jsonb_set(payload, '{exp}', to_jsonb(extract(epoch from now())::bigint - 60))
      where model = 'AuthorizationCode' and key = ${sha256(late)}`;
    expect(said(await call({ headers: own(), body: form({ code: late }) }))).toBe(
      "400 invalid_grant",
    );
  });
});

describe("the token endpoint, for a refresh token", () => {
  const refresh = (fields: Readonly<Record<string, string>>, of = app) =>
    call({
      headers: { authorization: basic(of.clientId, of.clientSecret ?? "") },
      body: new URLSearchParams({ grant_type: "refresh_token", ...fields }),
    });

  test("missing, empty, doubled, unknown, an access token, an API key: each its error", async () => {
    const { tokens } = await connectApp(workspace.admin, app);
    expect(said(await refresh({}))).toBe("400 invalid_request");
    expect(said(await refresh({ refresh_token: "" }))).toBe("400 invalid_request");
    for (const junk of [
      "x",
      tokens.access_token,
      `hk_live_${"x".repeat(36)}`,
      "a\0b",
      "é".repeat(9),
    ]) {
      expect(said(await refresh({ refresh_token: junk }))).toBe("400 invalid_grant");
    }
    const token = tokens.refresh_token ?? "";
    const body = new URLSearchParams({ grant_type: "refresh_token", refresh_token: token });
    body.append("refresh_token", token);
    const headers = { authorization: basic(app.clientId, app.clientSecret ?? "") };
    expect(said(await call({ headers, body }))).toBe("400 invalid_request");
    // None of that used it up.
    expect((await refresh({ refresh_token: token })).status).toBe(200);
  });

  test("a wider scope than was given is refused, a narrower one is given", async () => {
    const { tokens } = await connectApp(workspace.admin, app);
    const token = tokens.refresh_token ?? "";
    for (const scope of ["meetings:read insights:read", "junk", '"']) {
      expect(said(await refresh({ refresh_token: token, scope }))).toBe("400 invalid_scope");
    }
    const narrow = await refresh({ refresh_token: token, scope: "contacts:read" });
    const { access_token: access, scope } = JSON.parse(narrow.text);
    expect(scope).toBe("contacts:read");
    expect((await readMeetings(access)).status).toBe(403);
  });
});

describe("revocation and introspection", () => {
  const ask = (path: string, fields: Readonly<Record<string, string>>, of: IssuedOAuthApp = app) =>
    call({
      path,
      headers: { authorization: basic(of.clientId, of.clientSecret ?? "") },
      body: new URLSearchParams(fields),
    });

  test.each(["/oauth/revoke", "/oauth/introspect"])(
    "%s refuses what is no request",
    async (path) => {
      expect(said(await ask(path, {}))).toBe("400 invalid_request");
      expect(said(await ask(path, { token: "" }))).toBe("400 invalid_request");
      const headers = { authorization: basic(app.clientId, app.clientSecret ?? "") };
      const body = new URLSearchParams("token=a&token=b");
      expect(said(await call({ path, headers, body }))).toBe("400 invalid_request");
      expect(said(await call({ path, body: new URLSearchParams({ token: "a" }) }))).toBe(
        "400 invalid_request",
      );
      const wrong = { authorization: basic(app.clientId, "hsk_wrong") };
      const one = new URLSearchParams({ token: "a" });
      expect(said(await call({ path, headers: wrong, body: one }))).toBe("401 invalid_client");
      for (const method of ["GET", "PUT", "DELETE"]) {
        expect((await call({ path: `${path}?token=a`, method, headers })).status).toBe(405);
      }
      expect(said(await call({ path, headers, body: "{}" }))).toBe("400 invalid_request");
    },
  );

  test("a token that nobody knows is revoked already, and not active", async () => {
    for (const token of ["x", `hat_${"x".repeat(40)}`, "a\0b", "ü"]) {
      for (const hint of ["access_token", "refresh_token", "junk"]) {
        const fields = { token, token_type_hint: hint };
        expect(await ask("/oauth/revoke", fields)).toMatchObject({ status: 200, text: "" });
        expect((await ask("/oauth/introspect", fields)).text).toBe('{"active":false}');
      }
    }
  });

  test("another app learns nothing of a token and cannot revoke it", async () => {
    const { tokens } = await connectApp(workspace.admin, app);
    for (const token of [tokens.access_token, tokens.refresh_token ?? ""]) {
      expect((await ask("/oauth/introspect", { token }, other)).text).toBe('{"active":false}');
      expect((await ask("/oauth/revoke", { token }, other)).status).toBe(200);
    }
    expect((await readMeetings(tokens.access_token)).status).toBe(200);
  });

  test("a wrong hint changes nothing", async () => {
    const { tokens } = await connectApp(workspace.admin, app);
    const fields = { token: tokens.access_token, token_type_hint: "refresh_token" };
    expect(JSON.parse((await ask("/oauth/introspect", fields)).text)).toMatchObject({
      active: true,
    });
    await ask("/oauth/revoke", fields);
    expect((await readMeetings(tokens.access_token)).status).toBe(401);
  });
});

describe("userinfo", () => {
  const path = "/oauth/userinfo";

  test("a missing, wrong, expired or foreign token, and one in the address, open nothing", async () => {
    const { tokens } = await connectApp(workspace.admin, app, {
      parameters: { scope: "openid email meetings:read" },
    });
    const get = (headers: Record<string, string>, query = "") =>
      call({ path: `${path}${query}`, method: "GET", headers });
    const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
    expect((await get(bearer(tokens.access_token))).status).toBe(200);
    const none = await get({});
    expect(none.status).toBe(401);
    expect(none.headers.get("www-authenticate")).toMatch(/^Bearer /);
    for (const token of ["x", `hat_${"x".repeat(40)}`, tokens.refresh_token ?? "", "a%00"]) {
      const heard = await get(bearer(token));
      expect(said(heard)).toBe("401 invalid_token");
      expect(heard.headers.get("www-authenticate")).toMatch(/^Bearer .*error="invalid_token"/);
    }
    expect((await get({}, `?access_token=${tokens.access_token}`)).status).toBe(400);
    const both = await call({
      path,
      headers: bearer(tokens.access_token),
      body: new URLSearchParams({ access_token: tokens.access_token }),
    });
    expect(said(both)).toBe("400 invalid_request");
    await pool()`update oauth_payloads set expires_at = now() - interval '1 minute',
      payload = jsonb_set(payload, '{exp}', to_jsonb(extract(epoch from now())::bigint - 60))
      where model = 'AccessToken' and key = ${sha256(tokens.access_token)}`;
    expect(said(await get(bearer(tokens.access_token)))).toBe("401 invalid_token");
  });
});

describe("the API", () => {
  test("takes a token from the header alone, never from the address or a form", async () => {
    const { tokens } = await connectApp(workspace.admin, app);
    const query = `?access_token=${tokens.access_token}`;
    expect((await fetch(`${origin()}/v1/meetings${query}`)).status).toBe(401);
    expect((await readMeetings(tokens.refresh_token ?? "")).status).toBe(401);
  });
});

describe("the metadata", () => {
  const documents = [
    "/.well-known/oauth-authorization-server",
    "/.well-known/openid-configuration",
    "/.well-known/oauth-protected-resource",
    "/.well-known/oauth-protected-resource/v1",
    "/oauth/jwks",
  ];

  test.each(documents)("%s is read from anywhere and only read", async (path) => {
    const headers = { origin: "https://elsewhere.example" };
    const heard = await call({ path, method: "GET", headers });
    expect(heard.status).toBe(200);
    expect(heard.headers.get("content-type")).toMatch(/^application\/(jwk-set\+)?json/);
    expect(["*", headers.origin]).toContain(heard.headers.get("access-control-allow-origin"));
    expect(heard.headers.get("access-control-allow-credentials")).toBeNull();
    for (const method of ["POST", "PUT", "DELETE"]) {
      expect((await call({ path, method })).status).toBe(405);
    }
  });

  test("names the address of the configuration, whatever host and scheme a request claims", async () => {
    const headers = { "x-forwarded-host": "evil.example", "x-forwarded-proto": "ftp" };
    for (const path of documents.slice(0, 4)) {
      const heard = await call({ path, method: "GET", headers });
      expect(heard.text).toContain(origin());
      expect(heard.text).not.toContain("evil.example");
    }
  });

  test("another host is not served at all", async () => {
    const { hostname, port } = new URL(origin());
    const status = await new Promise((resolve, reject) => {
      const sent = httpRequest(
        { hostname, port, path: "/oauth/authorize", headers: { host: "evil.example" } },
        (response) => resolve(response.resume().statusCode),
      );
      sent.on("error", reject);
      sent.end();
    });
    expect(status).toBe(421);
  });

  test("publishes public keys only", async () => {
    const { text } = await call({ path: "/oauth/jwks", method: "GET" });
    const { keys } = JSON.parse(text) as { keys: Record<string, unknown>[] };
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys)
      for (const secret of ["d", "p", "q", "dp", "dq", "qi", "k"])
        expect(key).not.toHaveProperty(secret);
  });
});

describe("pages of other origins", () => {
  test("read no answer of a confidential app, and never with cookies", async () => {
    const headers = {
      origin: "https://evil.example",
      authorization: basic(app.clientId, app.clientSecret ?? ""),
    };
    const fields = new URLSearchParams({ grant_type: "refresh_token", refresh_token: "x" });
    for (const path of ["/oauth/token", "/oauth/revoke", "/oauth/introspect"]) {
      const heard = await call({ path, headers, body: fields });
      expect(heard.status).toBe(400);
      expect(heard.headers.get("access-control-allow-origin")).toBeNull();
      expect(heard.headers.get("access-control-allow-credentials")).toBeNull();
    }
  });

  test("the authorization endpoint has no CORS", async () => {
    const response = await jar.send(`/oauth/authorize?${encoded(rightQuery())}`, {
      headers: { origin: "https://evil.example" },
    });
    expect(response.headers.get("access-control-allow-origin")).toBeNull();
  });
});

// --- The browser between ------------------------------------------------------------------------------------

describe("going on after the consent page", () => {
  const choice = () => ({
    workspaceId: workspace.id,
    scopes: ["meetings:read" as const],
    teamIds: null,
  });

  test("without the cookie of this very request, or with an address that is made up, it ends on a page", async () => {
    const started = await start(jarOf(workspace.admin), await discover(app));
    const stranger = jarOf(workspace.admin);
    for (const uid of [uidOf(started.location), "x", "_".repeat(64)]) {
      const response = await stranger.send(`/oauth/authorize/${uid}`);
      expect(await outcomeOf(response)).toBe("page: 400 invalid_request");
    }
    const response = await stranger.send(`/oauth/authorize/${uidOf(started.location)}`, {
      headers: { cookie: "_interaction_resume=x; _interaction_resume.sig=x; _session=%00" },
    });
    expect(await outcomeOf(response)).toBe("page: 400 invalid_request");
  });

  test("an answered request is answered once: going back to it gives no second code", async () => {
    const browser = jarOf(workspace.admin);
    const started = await start(browser, await discover(app));
    const goTo = await allowApp(
      await workspace.admin.ctx(),
      cookieHeader(browser),
      uidOf(started.location),
      choice(),
    );
    const before = new Map(browser.cookies);
    expect(await outcomeOf(await browser.send(goTo))).toBe("app: code");
    for (const [name, value] of before) browser.cookies.set(name, value);
    expect(await outcomeOf(await browser.send(goTo))).toBe("page: 400 invalid_request");
  });

  test("Allow after Cancel, and Cancel after Allow: the answer that was sent stands", async () => {
    const browser = jarOf(workspace.admin);
    const ctx = await workspace.admin.ctx();
    const started = await start(browser, await discover(app));
    const [cookie, uid] = [cookieHeader(browser), uidOf(started.location)];
    const goTo = await refuseApp(ctx, cookie, uid);
    expect(await outcomeOf(await browser.send(goTo))).toBe("app: access_denied");
    await expect(allowApp(ctx, cookie, uid, choice())).rejects.toMatchObject({
      code: "not_found",
    });
  });

  test("somebody else who signs in in the same browser connects the app for themselves", async () => {
    const mine = await makeApp(workspace.admin, { name: "Shared computer" });
    const { jar: browser, config } = await connectApp(workspace.admin, mine);
    const second = await makeMember(workspace, { role: "user" });
    signIn(browser, second);
    const started = await start(browser, config);
    expect(started.location.pathname).toMatch(/^\/oauth\/consent\//);
    const back = await allow(browser, second, started, { scopes: ["meetings:read"] });
    const tokens = await client.authorizationCodeGrant(config, back, {
      pkceCodeVerifier: started.verifier,
      expectedState: started.state,
    });
    expect(await client.tokenIntrospection(config, tokens.access_token)).toMatchObject({
      active: true,
      sub: second.userId,
    });
  });

  test("who changes in the middle of a request answers for nobody else", async () => {
    const browser = jarOf(workspace.admin);
    const started = await start(browser, await discover(app));
    const goTo = await allowApp(
      await workspace.admin.ctx(),
      cookieHeader(browser),
      uidOf(started.location),
      choice(),
    );
    signIn(browser, await makeMember(workspace, { role: "user" }));
    // The other one is asked in their own name.
    expect(await outcomeOf(await browser.send(goTo))).toBe("consent");
  });
});

// --- Clocks -------------------------------------------------------------------------------------------------

describe("clocks that differ", () => {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const kid = "assertions";
  let keyed: IssuedOAuthApp;
  let signing: CryptoKey;

  beforeAll(async () => {
    keyed = await makeApp(workspace.admin, { name: "Keyed" });
    const jwk = { ...publicKey.export({ format: "jwk" }), kid, use: "sig", alg: "RS256" };
    await pool()`update oauth_apps set authentication = 'private_key_jwt',
      jwks = ${JSON.stringify({ keys: [jwk] })}::text::jsonb where id = ${keyed.clientId}`;
    signing = await crypto.subtle.importKey(
      "pkcs8",
      privateKey.export({ format: "der", type: "pkcs8" }),
      { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
      false,
      ["sign"],
    );
  });

  /** "passed" when the assertion was believed: then only the refresh token is wrong. */
  async function authenticate(
    change: (claims: Record<string, unknown>, now: number, header: Record<string, unknown>) => void,
  ): Promise<string> {
    const auth = client.PrivateKeyJwt(
      { key: signing, kid },
      {
        [client.modifyAssertion]: (header, payload) =>
          change(payload, Math.floor(Date.now() / 1000), header as never),
      },
    );
    const config = await client.discovery(new URL(origin()), keyed.clientId, undefined, auth, {
      execute: [client.allowInsecureRequests],
    });
    const error = await client.refreshTokenGrant(config, "unknown").catch((one: unknown) => one);
    const name = (error as { error?: string }).error ?? String(error);
    return name === "invalid_grant" ? "passed" : name;
  }

  test.each([
    ["none", () => undefined, "passed"],
    ["ten seconds slow", (c, now) => Object.assign(c, { exp: now - 10 }), "passed"],
    ["ten seconds fast", (c, now) => Object.assign(c, { iat: now + 10, nbf: now + 10 }), "passed"],
    ["a minute slow", (c, now) => Object.assign(c, { exp: now - 60 }), "invalid_client"],
    ["a minute fast", (c, now) => Object.assign(c, { nbf: now + 60 }), "invalid_client"],
    ["no exp", (c) => Object.assign(c, { exp: undefined }), "invalid_client"],
    ["no jti", (c) => Object.assign(c, { jti: undefined }), "invalid_client"],
    ["of another client", (c) => Object.assign(c, { iss: "other" }), "invalid_client"],
    [
      "to another server",
      (c) => Object.assign(c, { aud: "https://other.example" }),
      "invalid_client",
    ],
  ] satisfies readonly (readonly [
    string,
    (claims: Record<string, unknown>, now: number) => unknown,
    string,
  ])[])("an assertion with a clock %s", async (_what, change, expected) => {
    expect(await authenticate((claims, now) => void change(claims, now))).toBe(expected);
  });

  test.each(["none", "HS256", "PS512"])("an assertion that says alg %s", async (alg) => {
    expect(await authenticate((_claims, _now, header) => void Object.assign(header, { alg }))).toBe(
      "invalid_client",
    );
  });

  test("an assertion is for one use", async () => {
    const jti = randomBytes(12).toString("hex");
    const once = (claims: Record<string, unknown>) => void Object.assign(claims, { jti });
    expect(await authenticate(once)).toBe("passed");
    expect(await authenticate(once)).toBe("invalid_client");
  });

  test("an ID token is of now and for an hour", async () => {
    const { tokens } = await connectApp(workspace.admin, app, {
      parameters: { scope: "openid meetings:read" },
    });
    const claims = tokens.claims();
    const now = Date.now() / 1000;
    expect(Math.abs((claims?.iat ?? 0) - now)).toBeLessThan(10);
    expect((claims?.exp ?? 0) - (claims?.iat ?? 0)).toBe(3600);
  });
});
