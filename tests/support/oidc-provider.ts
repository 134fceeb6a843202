import { createHash, createSign, generateKeyPairSync, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

// A small OpenID provider on loopback: discovery, authorization code with PKCE, RS256 id tokens and keys, so that
// sign-in with Google runs for real through next-auth. It checks the client, the redirect address, the code (once)
// and the verifier. It cannot prove what Google's own pages, consent and account chooser do.

export interface OidcPerson {
  readonly sub: string;
  readonly email: string;
  readonly email_verified: boolean;
  readonly name: string;
}

export interface OidcProvider {
  readonly wellKnown: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Who is signed in at the provider from now on. */
  become(person: OidcPerson): void;
  /** The tokens handed out so far, to look for them where they must not be. */
  readonly issued: readonly string[];
  readonly stop: () => Promise<void>;
}

interface Grant {
  readonly person: OidcPerson;
  readonly challenge: string;
  readonly redirectUri: string;
  readonly nonce: string | null;
}

async function bodyOf(request: IncomingMessage): Promise<URLSearchParams> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return new URLSearchParams(Buffer.concat(parts).toString("utf8"));
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** Starts the provider for one client. */
export async function startOidcProvider(): Promise<OidcProvider> {
  const clientId = "harmony-under-test";
  const clientSecret = randomBytes(16).toString("hex");
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const kid = "key-1";
  const grants = new Map<string, Grant>();
  const issued: string[] = [];
  let person: OidcPerson | null = null;
  let origin = "";

  function idToken(grant: Grant): string {
    const now = Math.floor(Date.now() / 1000);
    const head = encoded({ alg: "RS256", kid, typ: "JWT" });
    const claims = encoded({
      iss: origin,
      aud: clientId,
      iat: now,
      exp: now + 300,
      ...grant.person,
      ...(grant.nonce === null ? {} : { nonce: grant.nonce }),
    });
    const signature = createSign("RSA-SHA256").update(`${head}.${claims}`).sign(privateKey);
    return `${head}.${claims}.${signature.toString("base64url")}`;
  }

  function authorize(url: URL, response: ServerResponse): void {
    const query = url.searchParams;
    const challenge = query.get("code_challenge");
    const redirectUri = query.get("redirect_uri");
    const wrong =
      query.get("client_id") !== clientId ||
      query.get("response_type") !== "code" ||
      query.get("code_challenge_method") !== "S256" ||
      !query.get("scope")?.split(" ").includes("openid");
    if (wrong || !challenge || !redirectUri || !person) {
      json(response, 400, { error: "invalid_request" });
      return;
    }
    const code = randomBytes(16).toString("hex");
    grants.set(code, { person, challenge, redirectUri, nonce: query.get("nonce") });
    const back = new URL(redirectUri);
    back.searchParams.set("code", code);
    back.searchParams.set("state", query.get("state") ?? "");
    response.writeHead(302, { location: back.toString() });
    response.end();
  }

  async function token(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const basic = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`;
    if (request.headers.authorization !== basic) {
      return json(response, 401, { error: "invalid_client" });
    }
    const code = body.get("code") ?? "";
    const grant = grants.get(code);
    grants.delete(code);
    const verifier = createHash("sha256").update(body.get("code_verifier") ?? "");
    if (
      grant?.challenge !== verifier.digest("base64url") ||
      grant.redirectUri !== body.get("redirect_uri")
    ) {
      return json(response, 400, { error: "invalid_grant" });
    }
    const answer = {
      access_token: randomBytes(24).toString("hex"),
      refresh_token: randomBytes(24).toString("hex"),
      id_token: idToken(grant),
      token_type: "Bearer",
      expires_in: 300,
      scope: "openid email profile",
    };
    issued.push(answer.access_token, answer.refresh_token, answer.id_token);
    json(response, 200, answer);
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", origin);
    if (url.pathname === "/.well-known/openid-configuration") {
      return json(response, 200, {
        issuer: origin,
        authorization_endpoint: `${origin}/authorize`,
        token_endpoint: `${origin}/token`,
        jwks_uri: `${origin}/jwks`,
        response_types_supported: ["code"],
        subject_types_supported: ["public"],
        id_token_signing_alg_values_supported: ["RS256"],
        code_challenge_methods_supported: ["S256"],
      });
    }
    if (url.pathname === "/jwks") {
      const key = { ...publicKey.export({ format: "jwk" }), kid, use: "sig", alg: "RS256" };
      return json(response, 200, { keys: [key] });
    }
    if (url.pathname === "/authorize") return authorize(url, response);
    if (url.pathname === "/token" && request.method === "POST") return token(request, response);
    json(response, 404, { error: "not_found" });
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => json(response, 500, { error: "server_error" }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    wellKnown: `${origin}/.well-known/openid-configuration`,
    clientId,
    clientSecret,
    become: (next) => {
      person = next;
    },
    issued,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
