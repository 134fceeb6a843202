import { createHash, randomBytes } from "node:crypto";
import { db } from "@/db/client";
import { startSession } from "@/lib/auth/new-session";
import { readSession, sessionCookieName } from "@/lib/auth/session";
import { systemClock } from "@/lib/core/clock";
import { env } from "@/lib/core/env";
import { newId } from "@/lib/core/ids";
import { exitWithParent } from "@/lib/core/parent-watch";
import { createOAuthApp, type IssuedOAuthApp } from "@/lib/oauth-server/apps";
import { allowApp } from "@/lib/oauth-server/consent";
import { addMember, createUser, createWorkspace } from "@/lib/workspaces/create-workspace";
import { adminContext } from "../harmony/workspaces";
import type { Tokens } from "./oauth-stage";

// The process in which people connect the drill's app, over HTTP but for the consent page, whose service is called.

const redirectUri = "https://app.example/callback";
const askTimeoutMs = 60_000;
const lanes = 8;

export interface PeopleReady extends IssuedOAuthApp {
  readonly workspaceId: string;
}

export interface Connected {
  readonly tokens: readonly Tokens[];
}

/** Somebody with a browser that keeps cookies; every one of them is in the same workspace. */
async function makePerson(workspace: Awaited<ReturnType<typeof createWorkspace>>) {
  const workspaceId = workspace.id;
  const token = await db().transaction(async (tx) => {
    const email = `${randomBytes(8).toString("hex")}@drill.example`;
    const { id: userId } = await createUser(tx, { email, name: "Drill Person" });
    await addMember(tx, { workspaceId, userId, roleId: workspace.roleIds.admin });
    const visitor = { ip: null, userAgent: null, sessionToken: null };
    return (await startSession(tx, visitor, { userId, workspaceId })).token;
  });
  const session = await readSession(token);
  if (!session) throw new Error("nobody is signed in");
  const ctx = {
    principal: session.principal,
    requestId: newId("request"),
    now: systemClock,
    ip: null,
    userAgent: null,
    proof: { checked: true },
  };
  return { ctx, cookies: new Map([[sessionCookieName(), token]]), workspaceId };
}

type Person = Awaited<ReturnType<typeof makePerson>>;

const cookieOf = ({ cookies }: Person) =>
  [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");

async function browse(person: Person, url: string): Promise<string> {
  const answer = await fetch(url, {
    headers: { cookie: cookieOf(person) },
    redirect: "manual",
    signal: AbortSignal.timeout(askTimeoutMs),
  });
  for (const line of answer.headers.getSetCookie()) {
    const [pair = ""] = line.split(";");
    const at = pair.indexOf("=");
    person.cookies.set(pair.slice(0, at), pair.slice(at + 1));
  }
  const location = answer.headers.get("location");
  if (location === null) throw new Error(`${answer.status}: ${await answer.text()}`);
  return location;
}

async function connectPerson(person: Person, app: IssuedOAuthApp, url: string): Promise<Tokens> {
  const verifier = randomBytes(32).toString("hex");
  const query = new URLSearchParams({
    response_type: "code",
    client_id: app.clientId,
    redirect_uri: redirectUri,
    scope: "meetings:read",
    prompt: "consent",
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  });
  const consent = await browse(person, `${url}/oauth/authorize?${query}`);
  const uid = consent.split("/").at(-1) ?? "";
  const goTo = await allowApp(person.ctx, cookieOf(person), uid, {
    workspaceId: person.workspaceId,
    scopes: ["meetings:read"],
    teamIds: null,
  });
  const back = new URL(await browse(person, goTo));
  const secret = Buffer.from(`${app.clientId}:${app.clientSecret}`).toString("base64");
  const answer = await fetch(`${url}/oauth/token`, {
    method: "POST",
    headers: { authorization: `Basic ${secret}` },
    body: new URLSearchParams({
      grant_type: "authorization_code",
      code: back.searchParams.get("code") ?? "",
      redirect_uri: redirectUri,
      code_verifier: verifier,
    }),
    signal: AbortSignal.timeout(askTimeoutMs),
  });
  if (answer.status !== 200) throw new Error(`no tokens were given: ${answer.status}`);
  const body = (await answer.json()) as { access_token: string; refresh_token: string };
  return { access: body.access_token, refresh: body.refresh_token };
}

async function makeApp() {
  const plan = "enterprise" as const;
  const workspace = await createWorkspace({
    name: "Drill",
    plan,
    rateLimitPerMinute: 100_000_000,
  });
  const app = await createOAuthApp(adminContext({ id: workspace.id, plan }), {
    name: "Drill",
    description: "",
    kind: "web",
    authentication: "secret",
    jwks: null,
    redirect_uris: [redirectUri],
    scopes: ["meetings:read"],
    is_shared: false,
  });
  return { workspace, app };
}

const { workspace, app } = await makeApp();

async function connectAll(people: number): Promise<Tokens[]> {
  const tokens: Tokens[] = [];
  let begun = 0;
  const lane = async () => {
    for (; begun < people; ) {
      begun += 1;
      tokens.push(await connectPerson(await makePerson(workspace), app, env().appUrl));
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return tokens;
}

exitWithParent(() => process.exit(1));
process.on("message", async ({ people }: { readonly people: number }) => {
  const answer: Connected = { tokens: await connectAll(people) };
  process.send?.(answer);
});
const ready: PeopleReady = { ...app, workspaceId: workspace.id };
process.send?.(ready);
