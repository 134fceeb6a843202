import * as client from "openid-client";
import { expect, test } from "vitest";
import { pool } from "@/db/client";
import { removeMember } from "@/lib/members/service";
import { setOAuthAppStatus } from "@/lib/oauth-server/apps";
import { allowApp, readConsent, refuseApp } from "@/lib/oauth-server/consent";
import { type Member, makeMember, makeWorkspace } from "@/tests/support/factories";
import { waitFor } from "@/tests/support/wait-for";
import {
  allow,
  connectApp,
  cookieHeader,
  discover,
  jarOf,
  makeApp,
  readMeetings,
  redirectUri,
  signIn,
  start,
  uidOf,
} from "./oauth-client";

// The consent page under double presses, changes in the middle, and people who take turns in one browser.

const everything = { scopes: ["meetings:read", "contacts:read"], teamIds: null } as const;

async function opened(by?: Member) {
  const workspace = await makeWorkspace();
  const person = by ?? workspace.admin;
  const app = await makeApp(workspace.admin);
  const config = await discover(app);
  const jar = jarOf(person);
  const started = await start(jar, config);
  const press = async () =>
    allowApp(await person.ctx(), cookieHeader(jar), uidOf(started.location), {
      workspaceId: person.workspaceId,
      ...everything,
    });
  const exchange = async (goTo: string) => {
    const back = new URL((await jar.send(goTo)).headers.get("location") ?? "");
    return client.authorizationCodeGrant(config, back, {
      pkceCodeVerifier: started.verifier,
      expectedState: started.state,
    });
  };
  const grants = () =>
    pool()`select id, revoked_reason from oauth_grants where app_id = ${app.clientId}`;
  return { workspace, person, app, config, jar, started, press, exchange, grants };
}

const notFound = { code: "not_found" };

test("Allow pressed five times at once gives one grant and one address, and the app gets working tokens", async () => {
  const { press, exchange, grants } = await opened();
  const answers = await Promise.all(Array.from({ length: 5 }, press));
  expect(new Set(answers).size).toBe(1);
  expect(await grants()).toEqual([expect.objectContaining({ revoked_reason: null })]);
  const tokens = await exchange(answers[0] ?? "");
  expect((await readMeetings(tokens.access_token)).status).toBe(200);
});

test("Allow pressed again after the browser has left says so and takes nothing back", async () => {
  const { press, exchange, grants } = await opened();
  const tokens = await exchange(await press());
  await expect(press()).rejects.toMatchObject(notFound);
  expect(await grants()).toHaveLength(1);
  expect((await readMeetings(tokens.access_token)).status).toBe(200);
});

test("Cancel right after Allow does not undo the answer that was given first", async () => {
  const { person, jar, started, press, exchange } = await opened();
  const goTo = await press();
  const again = await refuseApp(await person.ctx(), cookieHeader(jar), uidOf(started.location));
  expect(again).toBe(goTo);
  expect((await readMeetings((await exchange(goTo)).access_token)).status).toBe(200);
});

test("an app that is disabled while the page is open gets nothing", async () => {
  const { workspace, app, press, grants } = await opened();
  const ctx = await workspace.admin.ctx();
  await setOAuthAppStatus(ctx, { id: app.clientId, status: "disabled" });
  await expect(press()).rejects.toMatchObject(notFound);
  expect(await grants()).toEqual([]);
});

test("a request that has expired cannot be answered", async () => {
  const { person, jar, started, press } = await opened();
  await pool()`update oauth_payloads set expires_at = now() - interval '60 s',
      payload = jsonb_set(payload, '{exp}', to_jsonb(extract(epoch from now())::bigint - 60))
    where model = 'Interaction' and payload ->> 'returnTo' like ${`%${uidOf(started.location)}`}`;
  await expect(press()).rejects.toMatchObject(notFound);
  const read = readConsent(await person.ctx(), cookieHeader(jar), uidOf(started.location));
  await expect(read).rejects.toMatchObject(notFound);
});

/** Presses Allow while somebody else's change of the workspace is not committed yet. */
async function pressDuring(
  change: (sql: ReturnType<typeof pool>) => Promise<unknown>,
  opening: Awaited<ReturnType<typeof opened>>,
): Promise<unknown> {
  const { workspace, press } = opening;
  let answer: Promise<unknown> = Promise.resolve();
  await pool().begin(async (tx) => {
    await tx`select 1 from workspaces where id = ${workspace.id} for no key update`;
    await change(tx as unknown as ReturnType<typeof pool>);
    answer = press().catch((error: unknown) => error);
    await waitFor("the press to wait for the change", async () => {
      const waiting = await pool()`select 1 from pg_stat_activity
        where wait_event_type = 'Lock' and query like 'select 1 from workspaces%for share%'`;
      return waiting.length > 0;
    });
  });
  return answer;
}

test("a policy that is closed in the middle of Allow lets no grant through", async () => {
  const opening = await opened();
  const { workspace, grants } = opening;
  const answer = await pressDuring(
    (sql) => sql`update workspaces set oauth_policy = 'off' where id = ${workspace.id}`,
    opening,
  );
  expect(answer).toMatchObject({ code: "forbidden" });
  expect(await grants()).toEqual([]);
  const payloads = await pool()`select 1 from oauth_payloads
    where model = 'Grant' and payload ->> 'clientId' = ${opening.app.clientId}`;
  expect(payloads).toEqual([]);
});

test("a member who is removed in the middle of Allow gives nothing", async () => {
  const opening = await opened();
  const answer = await pressDuring(
    (sql) =>
      sql`update memberships set removed_at = now() where id = ${opening.person.membershipId}`,
    opening,
  );
  expect(answer).toMatchObject(notFound);
  expect(await opening.grants()).toEqual([]);
});

test("a removed member's open page is closed", async () => {
  const workspace = await makeWorkspace();
  const member = await makeMember(workspace, { role: "user" });
  const app = await makeApp(workspace.admin);
  const jar = jarOf(member);
  const started = await start(jar, await discover(app));
  const ctx = await member.ctx();
  await removeMember(await workspace.admin.ctx(), { memberId: member.membershipId });
  const pressed = allowApp(ctx, cookieHeader(jar), uidOf(started.location), {
    workspaceId: workspace.id,
    ...everything,
  });
  await expect(pressed).rejects.toMatchObject({ code: "forbidden" });
});

test("two consents of one person at the same moment leave one grant", async () => {
  const workspace = await makeWorkspace();
  const app = await makeApp(workspace.admin);
  await Promise.all(
    [connectApp(workspace.admin, app), connectApp(workspace.admin, app)].map((flow) =>
      flow.catch(() => null),
    ),
  );
  const live = await pool()`select 1 from oauth_grants
    where app_id = ${app.clientId} and revoked_at is null`;
  expect(live).toHaveLength(1);
});

test("somebody else who signs in on the open page answers for themselves", async () => {
  const workspace = await makeWorkspace();
  const other = await makeMember(workspace, { role: "user" });
  const app = await makeApp(workspace.admin);
  const { jar, config } = await connectApp(workspace.admin, app);
  const started = await start(jar, config, { prompt: "consent" });
  signIn(jar, other);
  const callback = await allow(jar, other, started);
  expect(callback.origin + callback.pathname).toBe(redirectUri);
  const tokens = await client.authorizationCodeGrant(config, callback, {
    pkceCodeVerifier: started.verifier,
    expectedState: started.state,
  });
  expect((await readMeetings(tokens.access_token)).status).toBe(200);
  const [grant] = await pool()`select user_id from oauth_grants
    where app_id = ${app.clientId} order by created_at desc limit 1`;
  expect(grant?.user_id).toBe(other.userId);
});

test("with the policy “off” nobody connects anything, not even an admin an own app", async () => {
  const workspace = await makeWorkspace();
  const app = await makeApp(workspace.admin);
  await pool()`update workspaces set oauth_policy = 'off' where id = ${workspace.id}`;
  await expect(connectApp(workspace.admin, app)).rejects.toMatchObject({ code: "forbidden" });
});

test("an app that asks for a new sign-in gets one: not with the session from before, and auth_time tells the truth", async () => {
  const workspace = await makeWorkspace();
  const app = await makeApp(workspace.admin);
  const config = await discover(app);
  const signedInAgo = (seconds: number) => pool()`update sessions
    set created_at = now() + make_interval(secs => ${-seconds}) where user_id = ${workspace.admin.userId}`;
  for (const asked of [{ prompt: "login" }, { max_age: "60" }]) {
    await signedInAgo(3600);
    const jar = jarOf(workspace.admin);
    const started = await start(jar, config, { scope: "openid meetings:read", ...asked });
    await expect(allow(jar, workspace.admin, started)).rejects.toMatchObject({ code: "forbidden" });
    await signedInAgo(-1);
    const callback = await allow(jar, workspace.admin, started);
    const tokens = await client.authorizationCodeGrant(config, callback, {
      pkceCodeVerifier: started.verifier,
      expectedState: started.state,
      ...("max_age" in asked ? { maxAge: 60 } : {}),
    });
    expect(tokens.claims()?.sub).toBe(workspace.admin.userId);
  }
  await signedInAgo(1800);
  const { tokens } = await connectApp(workspace.admin, app, {
    parameters: { scope: "openid meetings:read", max_age: "3600" },
    checks: { maxAge: 3600 },
  });
  const age = Date.now() / 1000 - Number(tokens.claims()?.auth_time);
  expect(age).toBeGreaterThan(1790);
  expect(age).toBeLessThan(1900);
});
