import { chromium } from "playwright";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { closePool, db } from "@/db/client";
import { DEMO_USERS } from "@/db/demo-users";
import { readSession } from "@/lib/auth/session";
import { signInToDemo } from "@/lib/auth/sign-in";
import { sendMail } from "@/lib/mail/send-mail";
import { addMember, createUser, createWorkspace } from "@/lib/workspaces/create-workspace";
import { refusal, stranger, useOwnDatabase } from "@/tests/integration/auth/fixtures";
import { chromiumArgs, findChromium } from "@/tests/support/chromium";
import { type RunningWeb, startWeb } from "@/tests/support/stack";

const password = "demo-only-password";
// A demo that others than this machine can reach.
const demo = { HARMONY_DEMO: "1", HOST: "0.0.0.0", HARMONY_DEMO_PASSWORD: password };
let drop: () => Promise<void>;
let web: RunningWeb;

beforeAll(async () => {
  const own = await useOwnDatabase();
  drop = own.drop;
  Object.assign(process.env, demo);
  web = await startWeb(inject("serverEnv"), { DATABASE_URL: own.url, ...demo });
});

afterAll(async () => {
  await web.stop();
  await closePool();
  await drop();
});

async function seedPeople(): Promise<void> {
  const workspace = await createWorkspace({ name: "Acme", plan: "max" });
  for (const role of ["admin", "manager", "user"] as const) {
    const { id: userId } = await createUser(db(), DEMO_USERS[role]);
    const roleId = workspace.roleIds[role];
    await addMember(db(), { workspaceId: workspace.id, userId, roleId });
  }
}

// The tests tell one story: before the demo is written, then with its people.
describe("a demo that others can reach", () => {
  test("says so while its people are not there yet", async () => {
    const early = await refusal(signInToDemo(stranger(), { role: "admin", password }));
    expect(early.code).toBe("service_unavailable");
  });

  test("needs its password, and signs in as the chosen person of Acme", async () => {
    await seedPeople();
    for (const wrong of [undefined, "", "guess"]) {
      const attempt = signInToDemo(stranger(), { role: "admin", password: wrong });
      expect((await refusal(attempt)).code).toBe("unauthorized");
    }
    for (const role of ["admin", "manager", "user"] as const) {
      const { token } = await signInToDemo(stranger(), { role, password });
      expect(await readSession(token)).toMatchObject({
        user: { email: DEMO_USERS[role].email },
        workspace: { slug: "acme" },
        role: { key: role },
      });
    }
  });

  test("shows its kept mail only on this machine and after the password", async () => {
    await db().transaction((tx) =>
      sendMail(tx, { to: "ada@example.test", subject: "A secret link", text: "open sesame" }),
    );
    const path = `${web.url}/dev/mail`;
    const forwarded = await fetch(path, { headers: { "x-forwarded-for": "203.0.113.7" } });
    expect(forwarded.status).toBe(404);
    expect(await (await fetch(path)).text()).not.toContain("open sesame");
    const browser = await chromium.launch({
      executablePath: await findChromium(),
      args: chromiumArgs,
    });
    try {
      const page = await browser.newPage();
      await page.goto(path);
      await page.getByLabel("Demo password").fill("guess");
      await page.getByRole("button", { name: "Show mail" }).click();
      await page.getByText("The demo password is not right").waitFor();
      await page.getByLabel("Demo password").fill(password);
      await page.getByRole("button", { name: "Show mail" }).click();
      await page.getByText("open sesame").waitFor();
    } finally {
      await browser.close();
    }
  });

  test("offers its people on the sign-in page", async () => {
    const text = await (await fetch(`${web.url}/login`)).text();
    for (const { name } of Object.values(DEMO_USERS)) expect(text).toContain(name);
    expect(text).toContain("Demo password");
  });
});
