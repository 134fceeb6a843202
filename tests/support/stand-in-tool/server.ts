import { createHash, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

// A tool of nobody: OAuth with PKCE and rotating refresh tokens, and an API that does what a test tells it to. It keeps
// each refresh token for one use and treats a second use as theft, as strict tools do. What it cannot prove: anything
// about how a real tool departs from the standard.

export const clientId = "harmony-stand-in";
export const clientSecret = "stand-in-secret";

export interface ToolCall {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
  /** `performance.now()` when it came. */
  readonly at: number;
}

type Answer = (response: ServerResponse, call: ToolCall) => void;

interface Grant {
  readonly account: string;
  readonly scopes: readonly string[];
  access: string;
  refresh: string;
  isDead: boolean;
}

interface Code {
  readonly account: string;
  readonly scopes: readonly string[];
  readonly challenge: string | null;
  readonly redirectUri: string;
}

export interface StandInTool {
  readonly url: string;
  readonly calls: ToolCall[];
  readonly grants: Grant[];
  /** Seconds that access tokens hold. */
  expiresIn: number;
  /** Answers calls of a path, such as `POST /api/post`, from now on. */
  readonly script: (what: string, answer: Answer) => void;
  readonly unscript: (what: string) => void;
  /** What a person does on the authorize page; returns the query of the callback. */
  readonly consent: (
    authorizeUrl: string,
    as: { readonly account: string; readonly scopes?: readonly string[] },
  ) => URLSearchParams;
  readonly callsOf: (what: string) => ToolCall[];
  readonly stop: () => Promise<void>;
}

export const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(body));
  };

const send = (response: ServerResponse, call: ToolCall, status: number, body: unknown) =>
  json(status, body)(response, call);

export async function startStandInTool(): Promise<StandInTool> {
  const codes = new Map<string, Code>();
  const scripts = new Map<string, Answer>();
  const usedRefresh = new Map<string, Grant>();

  function issue(response: ServerResponse, call: ToolCall, grant: Grant): void {
    usedRefresh.set(grant.refresh, grant);
    grant.access = `at-${randomUUID()}`;
    grant.refresh = `rt-${randomUUID()}`;
    send(response, call, 200, {
      access_token: grant.access,
      refresh_token: grant.refresh,
      token_type: "bearer",
      expires_in: tool.expiresIn,
      scope: grant.scopes.join(" "),
    });
  }

  function exchange(response: ServerResponse, call: ToolCall, form: URLSearchParams): void {
    const code = codes.get(form.get("code") ?? "");
    codes.delete(form.get("code") ?? "");
    const verifier = form.get("code_verifier");
    const challenge =
      verifier === null ? null : createHash("sha256").update(verifier).digest("base64url");
    const isRight =
      code && code.challenge === challenge && code.redirectUri === form.get("redirect_uri");
    if (!isRight) {
      send(response, call, 400, { error: "invalid_grant" });
      return;
    }
    const { account, scopes } = code;
    const grant: Grant = { account, scopes, access: "", refresh: "", isDead: false };
    tool.grants.push(grant);
    issue(response, call, grant);
  }

  function refresh(response: ServerResponse, call: ToolCall, form: URLSearchParams): void {
    const token = form.get("refresh_token") ?? "";
    const grant = tool.grants.find((one) => one.refresh === token && !one.isDead);
    if (grant) {
      issue(response, call, grant);
      return;
    }
    // A refresh token that comes a second time was stolen from somebody: the whole grant ends.
    const reused = usedRefresh.get(token);
    if (reused) reused.isDead = true;
    send(response, call, 400, { error: "invalid_grant" });
  }

  const standard: Readonly<Record<string, Answer>> = {
    "POST /token": (response, call) => {
      const form = new URLSearchParams(call.body);
      if (form.get("client_id") !== clientId || form.get("client_secret") !== clientSecret) {
        send(response, call, 401, { error: "invalid_client" });
      } else if (form.get("grant_type") === "refresh_token") refresh(response, call, form);
      else exchange(response, call, form);
    },
    "POST /revoke": (response, call) => {
      const token = new URLSearchParams(call.body).get("token");
      for (const grant of tool.grants) if (grant.access === token) grant.isDead = true;
      send(response, call, 200, {});
    },
    "GET /api/me": (response, call) => {
      const grant = grantOf(call);
      if (grant) send(response, call, 200, { id: grant.account, name: `Account ${grant.account}` });
      else send(response, call, 401, { error: "no" });
    },
    "GET /api/rooms": (response, call) => {
      if (grantOf(call)) send(response, call, 200, { rooms: ["R1", "R2"] });
      else send(response, call, 401, { error: "no" });
    },
  };

  function grantOf(call: ToolCall): Grant | undefined {
    const token = call.headers.authorization?.replace("Bearer ", "");
    return tool.grants.find((grant) => grant.access === token && !grant.isDead);
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("error", () => undefined);
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const url = new URL(request.url ?? "/", tool.url);
      const call: ToolCall = {
        method: request.method ?? "GET",
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
        at: performance.now(),
      };
      tool.calls.push(call);
      const what = `${call.method} ${call.path}`;
      const answer = scripts.get(what) ?? standard[what];
      if (answer) answer(response, call);
      else send(response, call, 404, { error: "not here" });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;

  const tool: StandInTool = {
    url: `http://127.0.0.1:${port}`,
    calls: [],
    grants: [],
    expiresIn: 3600,
    script: (what, answer) => void scripts.set(what, answer),
    unscript: (what) => void scripts.delete(what),
    consent: (authorizeUrl, { account, scopes }) => {
      const { searchParams: asked } = new URL(authorizeUrl);
      const code = randomUUID();
      codes.set(code, {
        account,
        scopes: scopes ?? (asked.get("scope") ?? "").split(" "),
        challenge: asked.get("code_challenge"),
        redirectUri: asked.get("redirect_uri") ?? "",
      });
      return new URLSearchParams({ code, state: asked.get("state") ?? "" });
    },
    callsOf: (what) => tool.calls.filter((call) => `${call.method} ${call.path}` === what),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return tool;
}
