// What RFC 9700 (Best Current Practice for OAuth 2.0 Security) demands of an authorization server and of a resource
// server, what is done about each, and which tests prove it. The reference prints it; a test holds it against the
// files that it names.

interface Proof {
  /** Below the project's folder. */
  readonly file: string;
  /** As it stands in the file. */
  readonly test: string;
}

export interface Practice {
  /** Of RFC 9700. */
  readonly section: string;
  readonly level: "MUST" | "MUST NOT" | "SHOULD" | "SHOULD NOT" | "RECOMMENDED";
  readonly demand: string;
  /** Sentences; what stands between backticks is code. */
  readonly done: string;
  /** `partly` and `no` say in `done` what is missing and why. */
  readonly kept: "yes" | "partly" | "no";
  readonly proofs: readonly Proof[];
}

const folder = "tests/integration/oauth-server";
const flow = (test: string): Proof => ({ file: `${folder}/flow.test.ts`, test });
const refresh = (test: string): Proof => ({ file: `${folder}/refresh.test.ts`, test });
const races = (test: string): Proof => ({ file: `${folder}/races.test.ts`, test });
const input = (test: string): Proof => ({ file: `${folder}/bad-input.test.ts`, test });
const client = (test: string): Proof => ({ file: `${folder}/oauth4webapi.test.ts`, test });
const own = (test: string): Proof => ({ file: `${folder}/rfc9700.test.ts`, test });
const address = (test: string): Proof => ({ file: "lib/oauth-server/schema.test.ts", test });

const rotation = refresh(
  "every refresh gives a new pair, and the old refresh token the same pair again for thirty seconds",
);
const replay = refresh("later, the old token ends the whole family, and the person is told");

/** In the order of the RFC. */
export const practices: readonly Practice[] = [
  {
    section: "2.1",
    level: "MUST",
    demand:
      "Compare redirect URIs by exact string matching, but for the port of loopback addresses of native apps.",
    done: "One string comparison. For apps of type Native the port of `127.0.0.1`, `[::1]` and `localhost` is left out of it.",
    kept: "yes",
    proofs: [
      input("a web app's loopback address keeps its port"),
      input("is sent back to %s: any port of the loopback address"),
      input("is not sent to %s"),
    ],
  },
  {
    section: "2.1",
    level: "MUST NOT",
    demand: "Forward a browser to an address that comes from a query parameter.",
    done: "An address that is not registered gets a page, whatever else is wrong with the request.",
    kept: "yes",
    proofs: [
      input("nor through the page of an error: it has no link, no script and no frame"),
      flow(
        "an address that is not registered gets nothing; only the publisher's admin sees the difference",
      ),
    ],
  },
  {
    section: "2.1.1",
    level: "MUST",
    demand: "Support PKCE.",
    done: "Every flow needs it, of every app, with `S256` alone.",
    kept: "yes",
    proofs: [
      flow("discovery, PKCE, consent, code, token, userinfo and the API with it"),
      flow("without PKCE, or with its plain method, there is no flow"),
    ],
  },
  {
    section: "2.1.1",
    level: "MUST",
    demand:
      "Enforce the right `code_verifier` at the token endpoint when there was a `code_challenge`.",
    done: "A missing, wrong or foreign verifier is `invalid_grant`.",
    kept: "yes",
    proofs: [
      client("a verifier of another flow gives nothing"),
      input(
        "after all of that the right request gets its tokens: no guess of others ended the code",
      ),
    ],
  },
  {
    section: "2.1.1, 4.8.2",
    level: "MUST",
    demand: "Prevent PKCE downgrade: no verifier is taken where there was no challenge.",
    done: "No code is given without a challenge, so there is nothing to downgrade to.",
    kept: "yes",
    proofs: [flow("without PKCE, or with its plain method, there is no flow")],
  },
  {
    section: "2.1.1",
    level: "MUST",
    demand: "Let clients find out that PKCE is supported.",
    done: "`code_challenge_methods_supported` in the metadata.",
    kept: "yes",
    proofs: [
      client("both metadata documents name the same server, its endpoints and what it can do"),
    ],
  },
  {
    section: "2.1.2",
    level: "SHOULD NOT",
    demand: "Give access tokens in the authorization response (implicit grant).",
    done: "`code` is the only response type.",
    kept: "yes",
    proofs: [own("no access token is ever in an address: only the code flow is offered")],
  },
  {
    section: "2.2.1, 4.10.1",
    level: "SHOULD",
    demand: "Bind access tokens to their sender (mTLS, DPoP).",
    done: "Not offered: no third-party client of today needs it. Instead access tokens live one hour, are checked against their grant with every request, and end with the next one after it is revoked.",
    kept: "no",
    proofs: [flow("revoking either token ends the grant with the next request")],
  },
  {
    section: "2.2.2, 4.14.2",
    level: "MUST",
    demand:
      "Bind refresh tokens of public clients to their sender, or rotate them and detect replays.",
    done: "Refresh tokens of all apps are rotated with every use. The old one gets the same answer again for thirty seconds, since the first may have been lost on its way; after that it ends the whole family and the person is told.",
    kept: "yes",
    proofs: [
      rotation,
      replay,
      own("a public app's refresh token is rotated, and its replay ends the family"),
    ],
  },
  {
    section: "2.3",
    level: "SHOULD",
    demand: "Restrict the privileges of access tokens to the least that is needed.",
    done: "The scopes that the person left ticked, within their role, and within teams where they chose some.",
    kept: "yes",
    proofs: [
      flow("rights are what both the scope and the person's role allow"),
      flow("an unticked scope is not given, and the app is told"),
      flow("limited to teams, an app sees no other team's meetings"),
    ],
  },
  {
    section: "2.3, 4.10.2",
    level: "SHOULD",
    demand: "Restrict access tokens to one resource server, which refuses those of others.",
    done: "There is one API, its tokens are opaque and mean something to this server alone. Tokens of others are unknown here; introspection tells an app of its own tokens only, so another API cannot take ours for its own.",
    kept: "yes",
    proofs: [input("another app learns nothing of a token and cannot revoke it")],
  },
  {
    section: "2.4",
    level: "MUST NOT",
    demand: "Use the password grant.",
    done: "It is an `unsupported_grant_type`.",
    kept: "yes",
    proofs: [own("there is no password grant")],
  },
  {
    section: "2.5",
    level: "SHOULD",
    demand: "Authenticate clients where that is feasible.",
    done: "Web apps have to; only Native apps may be public.",
    kept: "yes",
    proofs: [
      flow("a wrong secret, and a secret that was removed, are refused"),
      own("a web app without a secret or key cannot be made"),
    ],
  },
  {
    section: "2.5",
    level: "RECOMMENDED",
    demand: "Asymmetric client authentication (mTLS, `private_key_jwt`).",
    done: "`private_key_jwt` is offered beside secrets, of which only SHA-256 is kept.",
    kept: "yes",
    proofs: [
      input("an assertion with a clock %s"),
      input("an assertion is for one use"),
      flow("what the database keeps opens nothing: no code, token or secret is in it"),
    ],
  },
  {
    section: "2.6",
    level: "SHOULD",
    demand: "Publish metadata (RFC 8414).",
    done: "`/.well-known/oauth-authorization-server`, `/.well-known/openid-configuration`, and RFC 9728 for the API.",
    kept: "yes",
    proofs: [
      client("both metadata documents name the same server, its endpoints and what it can do"),
      client("a client that knows only the API finds the server that gives its tokens"),
    ],
  },
  {
    section: "2.6",
    level: "MUST NOT",
    demand: "Allow `http` redirect URIs but for native apps on the loopback interface.",
    done: "`http` is taken for `127.0.0.1`, `[::1]` and `localhost` only. Web apps may have those too, with their exact port, for the machine of their developer: the answer does not leave it.",
    kept: "partly",
    proofs: [
      address("an app may not be sent back to %s"),
      input("a web app's loopback address keeps its port"),
    ],
  },
  {
    section: "2.6",
    level: "MUST NOT",
    demand: "Support CORS at the authorization endpoint.",
    done: "It has none. Metadata and keys are readable from everywhere; token endpoints by pages of a public app's own origin.",
    kept: "yes",
    proofs: [
      input("the authorization endpoint has no CORS"),
      input("read no answer of a confidential app, and never with cookies"),
    ],
  },
  {
    section: "2.6, 4.15.1",
    level: "SHOULD NOT",
    demand: "Let clients influence their `client_id` or `sub` so that they are taken for a person.",
    done: "Client ids are made here (`hcl_…`); `sub` is the id of a person (`usr_…`).",
    kept: "yes",
    proofs: [own("a client id cannot be taken for a person")],
  },
  {
    section: "4.1.3",
    level: "MUST",
    demand: "Allow any port for loopback redirect URIs of native apps.",
    done: "With `127.0.0.1`, `[::1]` and `localhost` (RFC 8252, 7.3).",
    kept: "yes",
    proofs: [
      flow("a public native app needs no secret and takes any port of the loopback address"),
    ],
  },
  {
    section: "4.2.4",
    level: "SHOULD NOT",
    demand: "Have third-party resources or outside links on pages of the authorization endpoint.",
    done: "The consent page loads nothing from elsewhere and its policy would not let it; pages of errors have neither scripts nor links. `Referrer-Policy: no-referrer` on all of them.",
    kept: "yes",
    proofs: [
      own("the consent page loads nothing from elsewhere, cannot be framed and sends no referrer"),
      input("nor through the page of an error: it has no link, no script and no frame"),
    ],
  },
  {
    section: "4.2.4, 4.5.3",
    level: "MUST",
    demand: "Invalidate a code after its first use.",
    done: "It is used up under the lock of its row. A second use ends what the first one gave.",
    kept: "yes",
    proofs: [
      flow("a code is for one use: the second ends what the first one gave"),
      flow("a code that is used ten times at once gives tokens at most once"),
      races(
        "one code in two processes at the same moment: one answer at most, and the replay ends what it gave",
      ),
    ],
  },
  {
    section: "4.3.2",
    level: "MUST NOT",
    demand: "Take access tokens from the query of an address.",
    done: "The API and userinfo read the header `Authorization` alone.",
    kept: "yes",
    proofs: [
      input("takes a token from the header alone, never from the address or a form"),
      input("a missing, wrong, expired or foreign token, and one in the address, open nothing"),
    ],
  },
  {
    section: "4.4.2",
    level: "MUST",
    demand: "Give clients a means against mix-up: the issuer in the answer (RFC 9207).",
    done: "`iss` is in every answer, also of errors, and the metadata says so.",
    kept: "yes",
    proofs: [
      client("an answer of another server or to another request is told apart by iss and state"),
    ],
  },
  {
    section: "4.9.3",
    level: "MUST",
    demand: "Treat access tokens as secrets: neither keep nor pass them in plain text.",
    done: "SHA-256 is kept; logs and errors have none.",
    kept: "yes",
    proofs: [flow("what the database keeps opens nothing: no code, token or secret is in it")],
  },
  {
    section: "4.11.2",
    level: "MUST",
    demand:
      "Authenticate the person before redirecting to an app, also with an error, but for `prompt=none`.",
    done: "Somebody who is not signed in goes to the sign-in page first.",
    kept: "yes",
    proofs: [own("an error is not sent to the app before the person has signed in")],
  },
  {
    section: "4.11.2",
    level: "SHOULD",
    demand: "Redirect by itself only to addresses that are trusted.",
    done: "Apps are made by admins of a workspace and are private to it; for others an admin approves them, and the consent page says where the person is sent.",
    kept: "yes",
    proofs: [flow("a private app is its publisher's alone; a disabled one is nobody's")],
  },
  {
    section: "4.12",
    level: "MUST NOT",
    demand: "Redirect with 307 where a request may carry credentials; 303 should be used.",
    done: "303 everywhere.",
    kept: "yes",
    proofs: [own("every redirect of the server is a 303")],
  },
  {
    section: "4.13",
    level: "MUST",
    demand: "Behind a proxy, trust no header that a client could have set.",
    done: "Scheme and host are those of `APP_URL`; foreign hosts are refused.",
    kept: "yes",
    proofs: [
      input("names the address of the configuration, whatever host and scheme a request claims"),
      input("another host is not served at all"),
    ],
  },
  {
    section: "4.14.2",
    level: "MUST",
    demand: "Bind refresh tokens to the scope and resources that the person allowed.",
    done: "A refresh may narrow the scope, never widen it.",
    kept: "yes",
    proofs: [input("a wider scope than was given is refused, a narrower one is given")],
  },
  {
    section: "4.14.2",
    level: "SHOULD",
    demand: "Let refresh tokens expire when an app is not used for some time.",
    done: "After 30 days without a refresh.",
    kept: "yes",
    proofs: [refresh("a grant that is used lives on: refreshed on day 20 and again on day 40")],
  },
  {
    section: "4.14.2",
    level: "MUST",
    demand: "Detect the replay of a refresh token, whoever comes first.",
    done: "The whole family ends, also when both come at the same moment in different processes.",
    kept: "yes",
    proofs: [
      replay,
      races(
        "two thieves with two old tokens of one family end it once, and nobody waits for the other",
      ),
    ],
  },
  {
    section: "4.16",
    level: "MUST",
    demand: "Prevent clickjacking.",
    done: "`frame-ancestors 'none'` and `X-Frame-Options: DENY` on the consent page and on pages of errors.",
    kept: "yes",
    proofs: [
      own("the consent page loads nothing from elsewhere, cannot be framed and sends no referrer"),
    ],
  },
  {
    section: "4.17.2",
    level: "MUST",
    demand: "With in-browser messages, check sender and receiver strictly.",
    done: "Such response modes are not offered.",
    kept: "yes",
    proofs: [own("no answer is sent by a message between windows")],
  },
];
