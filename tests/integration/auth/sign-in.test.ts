import { describe, expect, inject, test } from "vitest";
import { db } from "@/db/client";
import { newPassword } from "@/lib/auth/new-password";
import { endSession, startSession } from "@/lib/auth/new-session";
import { sameOriginPath } from "@/lib/auth/same-origin-path";
import { signInToDemo, signInWithPassword } from "@/lib/auth/sign-in";
import { countVisit } from "@/lib/auth/sign-in-visitor";
import { sha256 } from "@/lib/core/crypto";
import {
  contextOfToken,
  cookieOf,
  goodPassword,
  makeWorkspace,
  refusal,
  stranger,
} from "@/tests/integration/auth/fixtures";
import { sql } from "@/tests/support/pg";
import { waitFor } from "@/tests/support/wait-for";

const doors = () => [inject("laneUrl"), inject("nextUrl")];
const readMeetings = (base: string, token: string) =>
  fetch(`${base}/api/v1/meetings`, { headers: { cookie: cookieOf(token) } });

describe("signing in with a password", () => {
  test("opens a session whose cookie reads the API through both doors", async () => {
    const { people } = await makeWorkspace({ ada: "admin" });
    const session = await signInWithPassword(stranger(), {
      email: ` ${people.ada.email.toUpperCase()} `,
      password: goodPassword,
    });
    for (const base of doors()) expect((await readMeetings(base, session.token)).status).toBe(200);
    const days = (session.expires.getTime() - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(29.9);
    expect(days).toBeLessThan(30.1);
  });

  test("stores the SHA-256 of the token, with address and browser, and never the token", async () => {
    const { people } = await makeWorkspace({ ada: "admin" });
    const visitor = stranger();
    const { token } = await signInWithPassword(visitor, {
      email: people.ada.email,
      password: goodPassword,
    });
    const rows = await sql`select * from sessions where user_id = ${people.ada.userId}
      order by created_at desc`;
    expect(rows[0]).toMatchObject({
      session_token: sha256(token),
      ip: visitor.ip,
      user_agent: visitor.userAgent,
    });
    expect(JSON.stringify(rows)).not.toContain(token);
    expect(token).toHaveLength(43);
  });

  test("a session that was ended is refused on the next request", async () => {
    const { people } = await makeWorkspace({ ada: "admin" });
    for (const base of doors()) {
      const { token } = await startSession(db(), stranger(), { userId: people.ada.userId });
      expect((await readMeetings(base, token)).status).toBe(200);
      await endSession(db(), token);
      expect((await readMeetings(base, token)).status).toBe(401);
    }
  });

  test("an expired session is refused", async () => {
    const { people } = await makeWorkspace({ ada: "admin" });
    await sql`update sessions set expires = now() - interval '1 second'
      where user_id = ${people.ada.userId}`;
    for (const base of doors()) {
      expect((await readMeetings(base, people.ada.token)).status).toBe(401);
    }
  });

  test("the stored hash is no credential itself", async () => {
    const { people } = await makeWorkspace({ ada: "admin" });
    const hash = sha256(people.ada.token);
    for (const base of doors()) expect((await readMeetings(base, hash)).status).toBe(401);
  });

  test("a cookie that is no valid escape sequence is refused like any wrong one", async () => {
    for (const base of doors()) expect((await readMeetings(base, "%E0%A4%A")).status).toBe(401);
  });

  test("ends the session that the browser came with and ignores its token", async () => {
    const { people } = await makeWorkspace({ ada: "admin", eve: "user" });
    const planted = people.eve.token;
    const { token } = await signInWithPassword(stranger(planted), {
      email: people.ada.email,
      password: goodPassword,
    });
    expect(token).not.toBe(planted);
    await expect(contextOfToken(planted)).rejects.toThrow("not valid");
  });

  test("wrong password, unknown address and an account without a password get the very same answer", async () => {
    const { people } = await makeWorkspace({ ada: "admin", gus: "user" });
    await sql`update users set password_hash = null where id = ${people.gus.userId}`;
    const attempt = (email: string) =>
      refusal(signInWithPassword(stranger(), { email, password: "wrong but long enough" }));
    const answers = await Promise.all(
      [people.ada.email, `nobody-${Date.now()}@example.test`, people.gus.email].map(attempt),
    );
    const words = answers.map(({ code, message, fix, details }) => ({
      code,
      message,
      fix,
      details,
    }));
    expect(words[0]?.code).toBe("unauthorized");
    expect(words[1]).toEqual(words[0]);
    expect(words[2]).toEqual(words[0]);
  });

  test("an unknown address costs a password check, as a known one does", async () => {
    const { people } = await makeWorkspace({ ada: "admin" });
    const time = async (email: string) => {
      const startedAt = performance.now();
      await refusal(signInWithPassword(stranger(), { email, password: "wrong but long enough" }));
      return performance.now() - startedAt;
    };
    await time(`warm-${Date.now()}@example.test`);
    const known: number[] = [];
    const unknown: number[] = [];
    for (let n = 0; n < 7; n += 1) {
      known.push(await time(people.ada.email));
      unknown.push(await time(`nobody${n}-${Date.now()}@example.test`));
    }
    const median = (values: number[]) => values.sort((a, b) => a - b)[3] ?? 0;
    // Without the check an unknown address would answer in a tenth of the time.
    expect(median(unknown)).toBeGreaterThan(median(known) * 0.5);
  });

  test("ten tries a minute on one account are the limit, known or not, from any address", async () => {
    const { people } = await makeWorkspace({ ada: "admin" });
    for (const email of [people.ada.email, `nobody-${Date.now()}@example.test`]) {
      for (let n = 0; n < 10; n += 1) {
        const wrong = signInWithPassword(stranger(), { email, password: "wrong" });
        expect((await refusal(wrong)).code).toBe("unauthorized");
      }
      const right = signInWithPassword(stranger(), { email, password: goodPassword });
      expect((await refusal(right)).code).toBe("rate_limited");
    }
  });

  test("twenty visits a minute from one address are the limit", async () => {
    const visitor = stranger();
    for (let n = 0; n < 20; n += 1) await countVisit(visitor);
    expect((await refusal(countVisit(visitor))).code).toBe("rate_limited");
  });

  test("success and failure are audited, without the password", async () => {
    const { workspace, people } = await makeWorkspace({ ada: "admin" });
    const { email } = people.ada;
    await refusal(signInWithPassword(stranger(), { email, password: "secret-wrong-word" }));
    await signInWithPassword(stranger(), { email, password: goodPassword });
    const rows = await waitFor("both audit rows", async () => {
      const found = await sql`select action, result, category, metadata from audit_events
        where workspace_id = ${workspace.id} order by action`;
      return found.length >= 2 && found;
    });
    expect(rows).toMatchObject([
      { action: "user.sign_in_failed", result: "failure", category: "sign_in" },
      { action: "user.signed_in", result: "success", category: "sign_in" },
    ]);
    expect(JSON.stringify(rows)).not.toMatch(/secret-wrong-word|correct horse/);
  });
});

describe("the demo", () => {
  test("has no way in where there is no demo", async () => {
    const refused = await refusal(signInToDemo(stranger(), { role: "admin" }));
    expect(refused.code).toBe("forbidden");
  });
});

describe("a chosen password", () => {
  test.each([
    ["eleven char", "short"],
    ["x".repeat(201), "long"],
    ["password1234", "common"],
    ["PassWord1234", "common, whatever the capitals"],
    ["aaaaaaaaaaaa", "one character"],
  ])("%s is refused", (password) => {
    expect(newPassword.safeParse(password).success).toBe(false);
  });

  test("any twelve other characters do, spaces and letters of all scripts included", () => {
    for (const password of ["four blue hens", "ключ от двери", "🐝🐝🐝🐝🐝🐝🐝🐝🐝🐝🐝🌿"]) {
      expect(newPassword.safeParse(password).success).toBe(true);
    }
  });
});

describe("where sign-in leads", () => {
  test.each([
    ["/meetings?page=2#top", "/meetings?page=2#top"],
    ["/invite/abc", "/invite/abc"],
    ["", "/"],
    ["https://evil.example/", "/"],
    ["//evil.example/x", "/"],
    ["/\\evil.example", "/"],
    ["/\t/evil.example", "/"],
    ["javascript:alert(1)", "/"],
    ["/%2F/evil.example", "/%2F/evil.example"],
    ["/x/..//evil.example", "/"],
    ["/login?next=/login", "/"],
    ["/api/auth/signout", "/"],
  ])("%s becomes %s", (next, path) => {
    expect(sameOriginPath(next)).toBe(path);
  });

  test("an absolute address of this origin keeps its path, one with a user name does not", () => {
    const origin = inject("laneUrl");
    expect(sameOriginPath(`${origin}/meetings`)).toBe("/meetings");
    expect(sameOriginPath(origin.replace("http://", "http://evil@"))).toBe("/");
  });
});
