import { readFileSync } from "node:fs";
import { join } from "node:path";
import { singleton } from "@/lib/core/singleton";

// What the page about OAuth prints. A test runs the shell lines in this order, and another the program.

/** The example app of `docs/examples/oauth-app`, read once per process. */
export function exampleApp(): string {
  return singleton("docs.oauth-app", () => ({
    code: readFileSync(
      join(process.cwd(), "docs", "examples", "oauth-app", "app.mjs"),
      "utf8",
    ).trimEnd(),
  })).code;
}

/** What a program does that acts for nobody; a test runs each line. */
export function machineSteps(origin: string) {
  return {
    token: `curl -sS "${origin}/oauth/token" -u "$CLIENT_ID:$CLIENT_SECRET" \\
  -d grant_type=client_credentials \\
  -d scope=meetings:read`,
    register: `curl -sS "${origin}/oauth/register" \\
  -H "Authorization: Bearer $REGISTRATION_TOKEN" \\
  -H "Content-Type: application/json" \\
  -d '{"client_name":"Meeting list","redirect_uris":["https://app.example/callback"],"scope":"meetings:read"}'`,
  } as const;
}

/** The flow by hand, a step for each; they share their variables. */
export function steps(origin: string) {
  return {
    prepare: `export CLIENT_ID=hcl_... CLIENT_SECRET=hsk_...
REDIRECT_URI=https://app.example/callback
STATE=$(openssl rand -hex 16)
VERIFIER=$(openssl rand -hex 32)
CHALLENGE=$(printf %s "$VERIFIER" | openssl dgst -sha256 -binary | openssl base64 | tr '+/' '-_' | tr -d '=\\n')`,
    authorize: `echo "${origin}/oauth/authorize?response_type=code&client_id=$CLIENT_ID&redirect_uri=$REDIRECT_URI&scope=meetings:read&state=$STATE&code_challenge=$CHALLENGE&code_challenge_method=S256"`,
    exchange: `curl -sS "${origin}/oauth/token" -u "$CLIENT_ID:$CLIENT_SECRET" \\
  -d grant_type=authorization_code \\
  -d "code=$CODE" \\
  -d "redirect_uri=$REDIRECT_URI" \\
  -d "code_verifier=$VERIFIER"`,
    call: `curl -sS "${origin}/v1/meetings?per_page=5" -H "Authorization: Bearer $ACCESS_TOKEN"`,
    refresh: `curl -sS "${origin}/oauth/token" -u "$CLIENT_ID:$CLIENT_SECRET" \\
  -d grant_type=refresh_token \\
  -d "refresh_token=$REFRESH_TOKEN"`,
    introspect: `curl -sS "${origin}/oauth/introspect" -u "$CLIENT_ID:$CLIENT_SECRET" -d "token=$ACCESS_TOKEN"`,
    revoke: `curl -sS "${origin}/oauth/revoke" -u "$CLIENT_ID:$CLIENT_SECRET" -d "token=$REFRESH_TOKEN"`,
  } as const;
}
