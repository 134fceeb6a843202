import Link from "next/link";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { CodeBlock } from "@/components/ui/code-block";
import type { CodeSamples } from "@/components/ui/code-text";
import { CopyButton } from "@/components/ui/copy-button";
import { DataList } from "@/components/ui/data-list";
import type { OAuthAppView } from "@/lib/oauth-server/schema";

interface ConnectionFactsProps {
  readonly app: OAuthAppView;
  readonly issuer: string;
}

/** Where the app's developer points it, and a first flow by hand. */
export function ConnectionFacts({ app, issuer }: ConnectionFactsProps) {
  const facts = [
    { term: "Client ID", value: app.id },
    { term: "Issuer", value: issuer },
    { term: "Authorization endpoint", value: `${issuer}/oauth/authorize` },
    { term: "Token endpoint", value: `${issuer}/oauth/token` },
    { term: "Discovery", value: `${issuer}/.well-known/openid-configuration` },
  ];
  return (
    <Card>
      <CardHeader
        title="Connect"
        description={
          <>
            Authorization code with PKCE (S256). A library that knows OpenID Connect needs the
            issuer and the client ID alone.{" "}
            <Link
              href="/docs"
              className="rounded-sm text-brand-ink underline decoration-brand-line underline-offset-4 hover:decoration-current"
            >
              API documentation
            </Link>
          </>
        }
      />
      <CardBody className="flex flex-col gap-4">
        <DataList
          items={facts.map(({ term, value }) => ({
            term,
            value: (
              <span className="flex min-w-0 items-center gap-1">
                <code className="min-w-0 break-all font-mono text-sm">{value}</code>
                <CopyButton value={value} label={`Copy ${term}`} />
              </span>
            ),
          }))}
        />
        <CodeBlock label="A flow by hand" samples={samplesOf(app, issuer)} />
      </CardBody>
    </Card>
  );
}

/** In single quotes for a shell. */
const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** How the app proves itself at the token endpoint, as lines of curl. */
const proofs: Readonly<Record<OAuthAppView["authentication"], (id: string) => readonly string[]>> =
  {
    secret: (id) => [`-u "${id}:$CLIENT_SECRET"`],
    none: (id) => [`-d client_id=${id}`],
    private_key_jwt: (id) => [
      `-d client_id=${id}`,
      "-d client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      '-d client_assertion="$SIGNED_JWT"',
    ],
  };

/** The address to open, and what is sent for the code that comes back. */
export function samplesOf(app: OAuthAppView, issuer: string): CodeSamples {
  const [redirectUri = ""] = app.redirectUris;
  const query = new URLSearchParams({
    response_type: "code",
    client_id: app.id,
    redirect_uri: redirectUri,
    scope: app.scopes.join(" "),
  });
  const authorize = [
    "VERIFIER=$(openssl rand -hex 32)",
    `CHALLENGE=$(printf %s "$VERIFIER" | openssl dgst -sha256 -binary | openssl base64 | tr '+/' '-_' | tr -d '=')`,
    "STATE=$(openssl rand -hex 16)",
    `echo ${quoted(`${issuer}/oauth/authorize?${query}`)}"&state=$STATE&code_challenge=$CHALLENGE&code_challenge_method=S256"`,
  ];
  const exchange = [
    `curl ${quoted(`${issuer}/oauth/token`)}`,
    ...proofs[app.authentication](app.id),
    "-d grant_type=authorization_code",
    '-d code="$CODE"',
    '-d code_verifier="$VERIFIER"',
    `--data-urlencode ${quoted(`redirect_uri=${redirectUri}`)}`,
  ];
  return [
    { label: "1. Open this address", code: authorize.join("\n") },
    { label: "2. Code for tokens", code: exchange.join(" \\\n  ") },
    {
      label: "3. Call the API",
      code: `curl ${quoted(`${issuer}/v1/meetings`)} \\\n  -H "Authorization: Bearer $ACCESS_TOKEN"`,
    },
  ];
}
