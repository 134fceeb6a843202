import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { closePool, pool } from "@/db/client";
import { sha256 } from "@/lib/core/crypto";
import { deliverPendingMail } from "@/lib/mail/deliver-mail";
import { inviteMember } from "@/lib/members/invitations";
import { type BrowserJar, browserJar } from "@/tests/integration/auth/browser-jar";
import { makeWorkspace, useOwnDatabase } from "@/tests/integration/auth/fixtures";
import { type OidcProvider, startOidcProvider } from "@/tests/support/oidc-provider";
import { type RunningWeb, startWeb } from "@/tests/support/stack";
import { waitFor } from "@/tests/support/wait-for";

const letters: { readonly to: string; readonly text: string }[] = [];
let smtp: SMTPServer;
let oidc: OidcProvider;
let web: RunningWeb;
let drop: () => Promise<void>;

beforeAll(async () => {
  smtp = new SMTPServer({
    disabledCommands: ["STARTTLS"],
    authOptional: true,
    logger: false,
    onData: (stream, session, callback) => {
      const parts: Buffer[] = [];
      stream.on("data", (part: Buffer) => parts.push(part));
      stream.on("end", () => {
        // Undoes quoted-printable, which the long links need.
        const text = Buffer.concat(parts)
          .toString("utf8")
          .replace(/=\r\n/g, "")
          .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number(`0x${hex}`)));
        letters.push({ to: session.envelope.rcptTo[0]?.address ?? "", text });
        callback();
      });
    },
  });
  smtp.listen(0, "127.0.0.1");
  await once(smtp.server, "listening");
  const smtpUrl = `smtp://127.0.0.1:${(smtp.server.address() as AddressInfo).port}`;
  process.env.SMTP_URL = smtpUrl;
  oidc = await startOidcProvider();
  const own = await useOwnDatabase();
  drop = own.drop;
  web = await startWeb(inject("serverEnv"), {
    DATABASE_URL: own.url,
    SMTP_URL: smtpUrl,
    TRUSTED_PROXIES: "127.0.0.1",
    AUTH_GOOGLE_CLIENT_ID: oidc.clientId,
    AUTH_GOOGLE_CLIENT_SECRET: oidc.clientSecret,
    AUTH_GOOGLE_WELL_KNOWN: oidc.wellKnown,
  });
});

afterAll(async () => {
  await web.stop();
  await oidc.stop();
  await new Promise<void>((resolve) => smtp.close(resolve));
  await closePool();
  await drop();
});

const cookieName = "next-auth.session-token";
const readMeetings = async (jar: BrowserJar) => (await jar.send("/api/v1/meetings")).status;

/** The newest letter to an address, delivered for real. */
async function letterTo(email: string): Promise<string> {
  return waitFor(`a letter to ${email}`, async () => {
    await deliverPendingMail();
    return letters.findLast(({ to }) => to === email)?.text;
  });
}

/** The link in a letter, as the path that its page's button opens. */
function callbackIn(text: string): string {
  const link = /http:\/\/\S+\/login\/link\?\S+/.exec(text)?.[0] ?? "";
  return `/api/auth/callback/email${new URL(link).search}`;
}

async function google(jar: BrowserJar, fields: Record<string, string> = {}): Promise<string> {
  const { url } = await jar.start("google", fields);
  const back = await jar.follow(url);
  return jar.follow(back);
}

const verified = (email: string, sub = `sub-${email}`) => ({
  sub,
  email,
  email_verified: true,
  name: "Google Person",
});

describe("a mailed link", () => {
  test("signs a member in once, and its cookie reads the API", async () => {
    const { people } = await makeWorkspace({ ada: "admin" });
    const jar = browserJar(web.url);
    const { url } = await jar.start("email", {
      email: ` ${people.ada.email.toUpperCase()}`,
      callbackUrl: "/meetings?page=2",
    });
    expect(url).toContain("/api/auth/verify-request");
    const callback = callbackIn(await letterTo(people.ada.email));
    expect(await jar.follow(callback)).toBe(`${web.url}/meetings?page=2`);
    expect(await readMeetings(jar)).toBe(200);
    const [row] = await pool()`select session_token, ip, user_agent from sessions
      where session_token = ${sha256(jar.cookies.get(cookieName) ?? "")}`;
    expect(row).toMatchObject({ ip: jar.ip });
    const again = browserJar(web.url);
    expect(await again.follow(callback)).toContain("error=Verification");
    expect(await readMeetings(again)).toBe(401);
  });

  test("is not used up by a mail scanner that only opens it", async () => {
    const { people } = await makeWorkspace({ ada: "admin" });
    await browserJar(web.url).start("email", { email: people.ada.email });
    const text = await letterTo(people.ada.email);
    const link = /http:\/\/\S+\/login\/link\?\S+/.exec(text)?.[0] ?? "";
    const page = await fetch(link);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain(people.ada.email);
    const jar = browserJar(web.url);
    expect(await jar.follow(callbackIn(text))).toBe(`${web.url}/`);
    expect(await readMeetings(jar)).toBe(200);
  });

  test("is answered the same for members and strangers, and only members get mail", async () => {
    const { people } = await makeWorkspace({ ada: "admin" });
    const unknown = `nobody-${Date.now()}@example.test`;
    const known = await browserJar(web.url).start("email", { email: people.ada.email });
    const stranger = await browserJar(web.url).start("email", { email: unknown });
    expect(stranger).toEqual(known);
    await letterTo(people.ada.email);
    const [row] = await pool()`select count(*)::int n from mail_messages where "to" = ${unknown}`;
    expect(row?.n).toBe(0);
  });

  test("makes an account for an invited person, who joins as the invitation says", async () => {
    const { workspace, people } = await makeWorkspace({ ada: "admin" });
    const email = `guest-${Date.now()}@example.test`;
    await inviteMember(await people.ada.ctx(), {
      email,
      roleId: workspace.roleIds.manager,
      teamIds: [],
    });
    await browserJar(web.url).start("email", { email });
    const text = await waitFor("the sign-in letter", async () => {
      await deliverPendingMail();
      return letters.findLast((one) => one.to === email && one.text.includes("/login/link"))?.text;
    });
    const jar = browserJar(web.url);
    await jar.follow(callbackIn(text));
    expect(await readMeetings(jar)).toBe(200);
    const [member] = await pool()`select r.key, u.id from memberships m
      join users u on u.id = m.user_id join roles r on r.id = m.role_id
      where m.workspace_id = ${workspace.id} and u.email = ${email}`;
    expect(member).toMatchObject({ key: "manager", id: expect.stringMatching(/^usr_/) });
  });

  test("no longer lets in somebody who was removed after it was sent", async () => {
    const { people } = await makeWorkspace({ ada: "admin" });
    await browserJar(web.url).start("email", { email: people.ada.email });
    const callback = callbackIn(await letterTo(people.ada.email));
    await pool()`update memberships set removed_at = now() where user_id = ${people.ada.userId}`;
    const jar = browserJar(web.url);
    expect(await jar.follow(callback)).toBe(`${web.url}/login?error=NotInvited`);
    expect(jar.cookies.has(cookieName)).toBe(false);
  });
});

describe("Google", () => {
  test("signs in the member with the verified address, links the account and keeps no token", async () => {
    const { people } = await makeWorkspace({ ada: "admin" });
    oidc.become(verified(people.ada.email.toUpperCase()));
    const jar = browserJar(web.url);
    expect(await google(jar, { callbackUrl: "/contacts" })).toBe(`${web.url}/contacts`);
    expect(await readMeetings(jar)).toBe(200);
    const accounts = await pool()`select * from accounts where user_id = ${people.ada.userId}`;
    expect(accounts).toHaveLength(1);
    const stored = JSON.stringify([
      accounts,
      await pool()`select * from users where id = ${people.ada.userId}`,
      await pool()`select * from sessions where user_id = ${people.ada.userId}`,
      await pool()`select * from audit_events where actor_id = ${people.ada.userId}`,
    ]);
    expect(oidc.issued.length).toBeGreaterThan(2);
    for (const token of oidc.issued) expect(stored).not.toContain(token);
    expect(stored).not.toContain(jar.cookies.get(cookieName));
    expect(stored).toContain('"method":"google"');
  });

  test("follows the linked account when its address changes", async () => {
    const { people } = await makeWorkspace({ ada: "admin" });
    oidc.become(verified(people.ada.email, "stable-sub"));
    await google(browserJar(web.url));
    oidc.become(verified(`renamed-${Date.now()}@example.test`, "stable-sub"));
    const jar = browserJar(web.url);
    await google(jar);
    expect(await readMeetings(jar)).toBe(200);
  });

  test("turns an unknown address away with a kind page and makes no account", async () => {
    const email = `nobody-${Date.now()}@example.test`;
    oidc.become(verified(email));
    const jar = browserJar(web.url);
    const url = await google(jar);
    expect(url).toBe(`${web.url}/login?error=NotInvited`);
    expect(await (await jar.send(url)).text()).toContain("not a member of any workspace");
    expect(await pool()`select 1 from users where email = ${email}`).toHaveLength(0);
  });

  test("does not sign in with an address that Google has not verified", async () => {
    const { workspace, people } = await makeWorkspace({ ada: "admin" });
    oidc.become({ ...verified(people.ada.email), email_verified: false });
    const jar = browserJar(web.url);
    expect(await google(jar)).toBe(`${web.url}/login?error=EmailNotVerified`);
    expect(jar.cookies.has(cookieName)).toBe(false);
    const rows = await pool()`select metadata from audit_events
      where workspace_id = ${workspace.id} and action = 'user.sign_in_failed'`;
    expect(rows).toMatchObject([{ metadata: { method: "google" } }]);
  });

  test("never attaches an account to whoever is signed in: it signs in its own person", async () => {
    const { people } = await makeWorkspace({ ada: "admin", lena: "user" });
    const jar = browserJar(web.url);
    jar.cookies.set(cookieName, people.lena.token);
    oidc.become(verified(people.ada.email));
    await google(jar);
    const linked = await pool()`select user_id from accounts
      where provider_account_id = ${`sub-${people.ada.email}`}`;
    expect(linked).toMatchObject([{ user_id: people.ada.userId }]);
    const rows =
      await pool()`select 1 from sessions where session_token = ${sha256(people.lena.token)}`;
    expect(rows).toHaveLength(0);
    expect(jar.cookies.get(cookieName)).not.toBe(people.lena.token);
  });

  test("refuses a callback whose state belongs to another browser", async () => {
    const { people } = await makeWorkspace({ ada: "admin" });
    oidc.become(verified(people.ada.email));
    const mine = browserJar(web.url);
    const back = await mine.follow((await mine.start("google")).url);
    const other = browserJar(web.url);
    await other.start("google");
    await other.send(back);
    expect(other.cookies.has(cookieName)).toBe(false);
  });
});

describe("next-auth's doors", () => {
  test("use secure cookies under their secure names where APP_URL is https", async () => {
    const { people } = await makeWorkspace({ ada: "admin" });
    const secure = await startWeb(inject("serverEnv"), {
      DATABASE_URL: process.env.DATABASE_URL ?? "",
      APP_URL: "https://harmony.example.test",
    });
    try {
      const base = secure.url.replace("localhost", "127.0.0.1");
      const read = (name: string) =>
        fetch(`${base}/api/auth/session`, { headers: { cookie: `${name}=${people.ada.token}` } });
      expect(await (await read("next-auth.session-token")).json()).toEqual({});
      const answer = await read(`__Secure-${cookieName}`);
      expect(await answer.json()).toMatchObject({ user: { email: people.ada.email } });
      const line = answer.headers.getSetCookie().find((text) => text.includes("session-token"));
      expect(line).toMatch(/^__Secure-next-auth\.session-token=/);
      for (const flag of ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"]) {
        expect(line).toContain(flag);
      }
    } finally {
      await secure.stop();
    }
  });

  test("never lead away from this origin after signing in", async () => {
    const { people } = await makeWorkspace({ ada: "admin" });
    oidc.become(verified(people.ada.email));
    for (const callbackUrl of ["https://evil.example/", "//evil.example", "/\\evil.example"]) {
      const jar = browserJar(web.url);
      const url = await google(jar, { callbackUrl }).catch(() => web.url);
      expect(new URL(url).origin).toBe(new URL(web.url).origin);
    }
  });

  test("renew a session's end once a day, under the same cookie", async () => {
    const { people } = await makeWorkspace({ ada: "admin" });
    const jar = browserJar(web.url);
    jar.cookies.set(cookieName, people.ada.token);
    const hash = sha256(people.ada.token);
    await pool()`update sessions set expires = now() + interval '10 days' where session_token = ${hash}`;
    const session = await (await jar.send("/api/auth/session")).json();
    expect(session).toMatchObject({ user: { email: people.ada.email } });
    expect(JSON.stringify(session)).not.toMatch(/argon2|password/i);
    const [row] = await pool()`select expires > now() + interval '29 days' as renewed
      from sessions where session_token = ${hash}`;
    expect(row?.renewed).toBe(true);
    expect(jar.cookies.get(cookieName)).toBe(people.ada.token);
  });

  test.each([
    ["GET", "signout"],
    ["POST", "signout"],
    ["POST", "_log"],
    ["POST", "session"],
    ["GET", "unknown"],
  ])("%s %s is not served", async (method, action) => {
    const answer = await fetch(`${web.url}/api/auth/${action}`, {
      method,
      headers: { origin: web.url },
      ...(method === "POST" ? { body: new URLSearchParams({ level: "error", code: "x" }) } : {}),
    });
    expect(answer.status).toBe(404);
  });

  test("do not start a sign-in without the CSRF token of the same browser", async () => {
    const { people } = await makeWorkspace({ ada: "admin" });
    const answer = await fetch(`${web.url}/api/auth/signin/email`, {
      method: "POST",
      redirect: "manual",
      body: new URLSearchParams({ email: people.ada.email, csrfToken: "guess" }),
    });
    expect(answer.headers.get("location")).toContain("csrf=true");
    const [row] = await pool()`select count(*)::int n from verification_tokens
      where identifier = ${people.ada.email}`;
    expect(row?.n).toBe(0);
  });

  test("count visits: the twenty-first sign-in started in a minute is refused", async () => {
    const jar = browserJar(web.url);
    const statuses: number[] = [];
    for (let n = 0; n < 25; n += 1) {
      statuses.push((await jar.start("email", { email: `n${n}@example.test` })).status);
    }
    expect(statuses.at(-1)).toBe(429);
  });
});
