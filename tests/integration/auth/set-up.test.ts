import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { closePool, pool } from "@/db/client";
import { readSession } from "@/lib/auth/session";
import { needsSetUp, setUpWorkspace } from "@/lib/workspaces/set-up";
import { refusal, stranger, useOwnDatabase } from "@/tests/integration/auth/fixtures";
import { type RunningWeb, startWeb } from "@/tests/support/stack";

let drop: () => Promise<void>;
let web: RunningWeb;

beforeAll(async () => {
  const own = await useOwnDatabase();
  drop = own.drop;
  web = await startWeb(inject("serverEnv"), { DATABASE_URL: own.url });
});

afterAll(async () => {
  await web.stop();
  await closePool();
  await drop();
});

const token = () => inject("serverEnv").HARMONY_SETUP_TOKEN ?? "";
const input = (email: string, given = token()) => ({
  token: given,
  workspace: `Company of ${email}`,
  name: "Ada",
  email,
  password: "seven quiet herons",
});
const status = async (path: string) =>
  (await fetch(`${web.url}${path}`, { redirect: "manual" })).status;

// The tests tell one story, from an empty installation on.
describe("the first run", () => {
  test("leads from the sign-in page to set-up while there is no account", async () => {
    const answer = await fetch(`${web.url}/login`, { redirect: "manual" });
    expect(answer.status).toBe(307);
    expect(answer.headers.get("location")).toBe("/setup");
    expect(await status("/setup")).toBe(200);
  });

  test("is refused with a wrong token, and nothing is made", async () => {
    for (const wrong of ["", "wrong", `${token()}x`]) {
      const refused = setUpWorkspace(stranger(), input("eve@example.test", wrong));
      expect((await refusal(refused)).code).toBe("unauthorized");
    }
    expect(await needsSetUp()).toBe(true);
    expect(await pool()`select 1 from workspaces`).toHaveLength(0);
  });

  test("of two at the same moment makes one workspace with one Admin, who is signed in", async () => {
    const results = await Promise.allSettled([
      setUpWorkspace(stranger(), input("ada@example.test")),
      setUpWorkspace(stranger(), input("ben@example.test")),
    ]);
    expect(results.map((result) => result.status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await pool()`select 1 from workspaces`).toHaveLength(1);
    expect(await pool()`select 1 from users`).toHaveLength(1);
    const won = results.find((result) => result.status === "fulfilled");
    const session = await readSession(won?.value.token ?? "");
    expect(session).toMatchObject({
      workspace: { name: expect.stringContaining("Company of"), plan: "max" },
      role: { key: "admin" },
    });
  });

  test("is over once an account exists: the page is gone and the token opens nothing", async () => {
    expect(await status("/setup")).toBe(404);
    expect(await status(`/setup?token=${token()}`)).toBe(404);
    expect(await status("/login")).toBe(200);
    const again = setUpWorkspace(stranger(), input("carl@example.test"));
    expect((await refusal(again)).code).toBe("conflict");
  });
});
