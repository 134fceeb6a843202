import type { CodeSamples } from "@/components/ui/code-text";
import type { OAuthAppView } from "@/lib/oauth-server/schema";

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
    { label: "Authorize", code: authorize.join("\n") },
    { label: "Token", code: exchange.join(" \\\n  ") },
    {
      label: "API",
      code: `curl ${quoted(`${issuer}/v1/meetings`)} \\\n  -H "Authorization: Bearer $ACCESS_TOKEN"`,
    },
  ];
}
