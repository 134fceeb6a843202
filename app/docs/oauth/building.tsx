import { machineSteps, steps } from "@/app/docs/oauth/samples";
import { FactTable } from "@/components/docs/fact-table";
import { Code } from "@/components/docs/rich-text";
import { Prose, Section } from "@/components/docs/section";
import { CodeBlock } from "@/components/ui/code-block";
import { allScopes, SCOPES } from "@/lib/auth/scopes";

// What the developer of an app does, in the order in which it is done.

interface ChapterProps {
  /** "https://harmony.example" */
  readonly origin: string;
}

export function Building({ origin }: ChapterProps) {
  return (
    <Section id="start" title="Before you start">
      <Prose>
        <p>
          Any OAuth 2.0 or OpenID Connect client works: give it the issuer <Code>{origin}</Code> and
          it finds everything else in the <a href="#endpoints">metadata</a>. To use your own data
          from your own program, an <a href="/docs#authentication">API key</a> is simpler.
        </p>
        <ol>
          <li>
            Make an app under{" "}
            <a href="/settings/integrations/api/oauth-apps">
              Settings → Integrations → API → OAuth apps
            </a>
            , or with <Code>npm run -s harmony -- oauth-app create</Code> where Harmony runs.
          </li>
          <li>
            Choose its type. <strong>Web</strong>: it has a server that keeps a secret.{" "}
            <strong>Native</strong>: a desktop program or command line, which has none; any port of
            the loopback address is then taken.
          </li>
          <li>
            List the addresses that people may be sent back to. They are compared letter by letter.
          </li>
          <li>
            Copy the client id and the secret. The secret is shown once. A second one can live
            beside it while you change over.
          </li>
        </ol>
        <p>What an app can ask for:</p>
      </Prose>
      <FactTable
        label="Scopes"
        columns={[{ title: "Scope" }, { title: "Lets the app" }]}
        rows={[
          ...allScopes.map((scope) => ({
            key: scope,
            cells: [`\`${scope}\``, SCOPES[scope].title],
          })),
          {
            key: "openid",
            cells: [
              "`openid`, `profile`, `email`",
              "Learn who the person is, by ID token and `/oauth/userinfo`. Every app may ask for these beside its own scopes.",
            ],
          },
        ]}
      />
      <Prose>
        <p>
          An app gets what the person leaves ticked, within their role in the workspace that they
          choose. Read <Code>scope</Code> in the answer: it can be less than you asked for.
        </p>
      </Prose>
    </Section>
  );
}

export function Connecting({ origin }: ChapterProps) {
  const { prepare, authorize, exchange, call } = steps(origin);
  return (
    <Section id="flow" title="The flow, step by step">
      <Prose>
        <p>
          These lines show what travels. In a program let a library do it: it also checks{" "}
          <Code>state</Code>, <Code>iss</Code> and ID tokens.
        </p>
        <p>
          <strong>1. Prepare.</strong> A <Code>state</Code> that belongs to this browser, and a PKCE
          verifier, of which only the hash is sent. Every flow needs PKCE with <Code>S256</Code>.
        </p>
      </Prose>
      <Block label="Prepare" code={prepare} />
      <Prose>
        <p>
          <strong>2. Send the browser to Harmony.</strong> The person signs in, sees what you ask
          for and presses Allow.
        </p>
      </Prose>
      <Block label="Authorize" code={authorize} />
      <Prose>
        <p>
          <strong>3. Take the answer.</strong> The browser comes back to your address with{" "}
          <Code>code</Code>, <Code>state</Code> and <Code>iss</Code>, or with <Code>error</Code>.
          Refuse it unless <Code>state</Code> is the one of this browser and <Code>iss</Code> is{" "}
          <Code>{origin}</Code>.
        </p>
        <p>
          <strong>4. Exchange the code</strong> within ten minutes, once. Your secret goes into the{" "}
          <Code>Authorization</Code> header; a Native app sends <Code>client_id</Code> as a field
          instead.
        </p>
      </Prose>
      <Block label="Exchange the code" code={exchange} />
      <Prose>
        <p>
          <strong>5. Call the API</strong> for the person. Each app has its own{" "}
          <a href="/docs#rate-limits">rate limit</a> in each workspace.
        </p>
      </Prose>
      <Block label="Call the API" code={call} />
    </Section>
  );
}

export function Keeping({ origin }: ChapterProps) {
  const { refresh, introspect, revoke } = steps(origin);
  return (
    <Section id="tokens" title="Keep the access">
      <Prose>
        <ul>
          <li>
            An access token (<Code>hat_…</Code>) lives one hour. A refresh token (<Code>hrt_…</Code>
            ) lives 30 days from its last use; every app gets one, without a scope for it.
          </li>
          <li>
            Each refresh gives a new pair and uses the old refresh token up. Store the new one
            before you use it.
          </li>
          <li>
            If the answer got lost, ask again with the old token within 30 seconds: you get the same
            pair. Later, an old token counts as stolen: everything that the person gave your app
            ends, and they are told.
          </li>
          <li>
            When the API answers 401, refresh once and try again. When the refresh answers{" "}
            <Code>invalid_grant</Code>, forget the tokens and offer Connect.
          </li>
          <li>
            When the person disconnects in your app, revoke. Either token ends both, and holds with
            the next request.
          </li>
        </ul>
      </Prose>
      <Block label="Refresh" code={refresh} />
      <Block label="Is it still active?" code={introspect} />
      <Block label="Revoke" code={revoke} />
    </Section>
  );
}

export function Machines({ origin }: ChapterProps) {
  const { token, register } = machineSteps(origin);
  return (
    <Section id="machines" title="Without a person">
      <Prose>
        <p>
          A program of your own workspace acts under the name of a{" "}
          <a href="/settings/integrations/api/service-accounts">service account</a> (Enterprise),
          with an API token or with an OAuth client of the account. Such a client has no redirect
          address: it asks for a token by itself (RFC 6749, 4.4), which lives one hour and comes
          without a refresh token.
        </p>
      </Prose>
      <Block label="Client credentials" code={token} />
      <Prose>
        <p>
          Instead of a secret, apps and these clients can prove themselves with a key of their own:{" "}
          <Code>private_key_jwt</Code> (RFC 7523) with RS256, PS256, ES256 or EdDSA. Harmony keeps
          the public key; each assertion works once and ends at most one hour ahead.
        </p>
        <p>
          Where an admin allows it, a program makes apps by itself (RFC 7591), with a registration
          token (<Code>hrg_…</Code>) from the page of OAuth apps. The answer has the client id and,
          once, the secret.
        </p>
      </Prose>
      <Block label="Register an app" code={register} />
    </Section>
  );
}

function Block({ label, code }: { readonly label: string; readonly code: string }) {
  return (
    <div className="mt-4 max-w-3xl">
      <CodeBlock samples={[{ label, code }]} />
    </div>
  );
}

const endpointRows: readonly (readonly [path: string, what: string])[] = [
  [
    "/.well-known/oauth-authorization-server",
    "Metadata (RFC 8414). The same as OpenID Connect's `/.well-known/openid-configuration`.",
  ],
  [
    "/.well-known/oauth-protected-resource/v1",
    "Who gives tokens for the API (RFC 9728). A 401 of the API leads to it.",
  ],
  [
    "/oauth/authorize",
    "`GET`. Response type `code`, PKCE with `S256`, `state`; `iss` in the answer (RFC 9207).",
  ],
  [
    "/oauth/token",
    "`POST`. Grant types `authorization_code` and `refresh_token`, and `client_credentials` for service accounts. The client authenticates by `client_secret_basic`, `client_secret_post`, `private_key_jwt`, or not at all if it is public.",
  ],
  ["/oauth/revoke", "`POST` (RFC 7009). Answers 200 also for a token that nobody knows."],
  ["/oauth/introspect", "`POST` (RFC 7662). Of your own tokens; all others are not active."],
  ["/oauth/userinfo", "`GET` or `POST` with a token that has `openid`."],
  ["/oauth/jwks", "The keys of ID tokens (RS256)."],
  [
    "/oauth/register",
    "`POST` (RFC 7591) with a registration token; JSON. Off until an admin allows it.",
  ],
];

export function Endpoints({ origin }: ChapterProps) {
  return (
    <Section id="endpoints" title="Endpoints">
      <Prose>
        <p>
          Behind <Code>{origin}</Code>. Read them from the metadata rather than writing them down.
          Requests are forms unless said otherwise, answers JSON.
        </p>
      </Prose>
      <FactTable
        label="Endpoints"
        columns={[{ title: "Path" }, { title: "What it is" }]}
        rows={endpointRows.map(([path, what]) => ({ key: path, cells: [`\`${path}\``, what] }))}
      />
    </Section>
  );
}
