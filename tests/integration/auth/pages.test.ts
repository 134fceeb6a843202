import { type Browser, type BrowserContext, chromium, type Page } from "playwright";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { newId } from "@/lib/core/ids";
import { inviteMember } from "@/lib/members/invitations";
import { cookieOf, goodPassword, makeWorkspace } from "@/tests/integration/auth/fixtures";
import { chromiumArgs, findChromium } from "@/tests/support/chromium";
import { sql } from "@/tests/support/pg";

const origin = () => inject("laneUrl");
let browser: Browser;

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: await findChromium(), args: chromiumArgs });
});
afterAll(() => browser.close());

const visit = (path: string, token?: string) =>
  fetch(origin() + path, {
    redirect: "manual",
    headers: token === undefined ? {} : { cookie: cookieOf(token) },
  });

const locationOf = async (path: string, token?: string) =>
  (await visit(path, token)).headers.get("location");

async function withPage<T>(run: (page: Page, context: BrowserContext) => Promise<T>): Promise<T> {
  const context = await browser.newContext({ baseURL: origin() });
  const complaints: string[] = [];
  try {
    const page = await context.newPage();
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (line) => {
      if (/content.security.policy|hydrat/i.test(line.text())) complaints.push(line.text());
    });
    const result = await run(page, context);
    expect(complaints).toEqual([]);
    return result;
  } finally {
    await context.close();
  }
}

async function signInBy(page: Page, email: string, password: string): Promise<void> {
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

describe("pages for people who are signed in", () => {
  test("send everybody else to sign in, and know where they wanted to go", async () => {
    expect(await locationOf("/settings/members?page=2")).toBe(
      "/login?next=%2Fsettings%2Fmembers%3Fpage%3D2",
    );
    expect(await locationOf("/settings/profile", "x".repeat(43))).toBe(
      "/login?next=%2Fsettings%2Fprofile",
    );
  });

  test("explain to a person without a workspace what to do", async () => {
    const { people } = await makeWorkspace({ ada: "admin", lena: "user" });
    await sql`update memberships set removed_at = now() where id = ${people.lena.memberId}`;
    expect(await locationOf("/settings/profile", people.lena.token)).toBe("/no-workspace");
    const page = await visit("/no-workspace", people.lena.token);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain("belongs to no workspace");
    expect(await locationOf("/no-workspace", people.ada.token)).toBe("/");
    expect(await locationOf("/no-workspace")).toBe("/login");
  });

  test("show a role without rights to change only what it may see", async () => {
    const { people } = await makeWorkspace({ ada: "admin", lena: "user" });
    const seen = await (await visit("/settings/members", people.lena.token)).text();
    expect(seen).toContain(people.ada.email);
    expect(seen).toContain("View only");
    expect(seen).not.toContain("Invite member");
    const full = await (await visit("/settings/members", people.ada.token)).text();
    expect(full).toContain("Invite member");
  });

  test("never show another workspace's people", async () => {
    const victim = await makeWorkspace({ vera: "admin" });
    const { people } = await makeWorkspace({ eve: "admin" });
    for (const path of ["/settings/members", "/settings/members?q=vera", "/settings/teams"]) {
      const text = await (await visit(path, people.eve.token)).text();
      expect(text).not.toContain(victim.people.vera.email);
      expect(text).not.toContain(victim.people.vera.userId);
    }
  });
});

describe("the sign-in page", () => {
  test("sends people who are signed in on, and never away from this origin", async () => {
    const { people } = await makeWorkspace({ ada: "admin" });
    const { token } = people.ada;
    expect(await locationOf("/login", token)).toBe("/");
    expect(await locationOf("/login?next=/settings/teams", token)).toBe("/settings/teams");
    for (const next of ["https://evil.example", "//evil.example", "/%5Cevil.example", "/%09/e.x"]) {
      expect(await locationOf(`/login?next=${next}`, token)).toBe("/");
    }
  });

  test("offers only what this installation has", async () => {
    const text = await (await visit("/login")).text();
    expect(text).not.toContain("Continue with Google");
    expect(text).not.toContain("Email me a link");
    expect(text).not.toContain("Look around in the demo");
    expect((await visit("/dev/mail")).status).toBe(404);
  });

  test("signs in with the password, sets a cookie that scripts cannot read, and goes where one wanted", async () => {
    const { people } = await makeWorkspace({ ada: "admin" });
    await withPage(async (page, context) => {
      await page.goto("/settings/teams");
      await signInBy(page, people.ada.email, goodPassword);
      await page.waitForURL("**/settings/teams");
      await page.getByRole("heading", { level: 1, name: "Teams" }).waitFor();
      const cookie = (await context.cookies()).find(({ name }) => name.endsWith("session-token"));
      expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Lax", secure: false, path: "/" });
      const days = ((cookie?.expires ?? 0) - Date.now() / 1000) / 86_400;
      expect(days).toBeGreaterThan(29);
      // Leaving ends the session on the server, not only in the browser.
      await page.getByRole("button", { name: /^Profile menu/ }).click();
      await page.getByRole("menuitem", { name: "Sign out" }).click();
      await page.waitForURL("**/login");
      const answer = await visit("/api/v1/meetings", cookie?.value ?? "");
      expect(answer.status).toBe(401);
    });
  });

  test("says the same for a wrong password and for an unknown address, and keeps both out of the URL", async () => {
    const { people } = await makeWorkspace({ ada: "admin" });
    const words: string[] = [];
    for (const email of [people.ada.email, `nobody-${newId("user")}@example.test`]) {
      await withPage(async (page) => {
        await page.goto("/login");
        await signInBy(page, email, "wrong but long enough");
        words.push(await page.getByRole("alert").filter({ hasText: "address" }).innerText());
        expect(page.url()).toBe(`${origin()}/login`);
      });
    }
    expect(words[0]).toContain("not right");
    expect(words[1]).toBe(words[0]);
  });
});

describe("an invitation's page", () => {
  test("takes a new person from the link into the workspace", async () => {
    const { workspace, people } = await makeWorkspace({ ada: "admin" });
    const email = `guest-${newId("user").toLowerCase()}@example.test`;
    const { link } = await inviteMember(await people.ada.ctx(), {
      email,
      roleId: workspace.roleIds.user,
      teamIds: [],
    });
    await withPage(async (page) => {
      await page.goto(link ?? "");
      await page.getByLabel("Your name").fill("Grace Guest");
      await page.getByLabel("Password").fill("short");
      await page.getByRole("button", { name: /^Join/ }).click();
      await page.getByText("Use at least 12 characters").waitFor();
      await page.getByLabel("Password").fill("seven quiet herons");
      await page.getByRole("button", { name: /^Join/ }).click();
      await page.waitForURL(`${origin()}/`);
      await page.goto("/settings/members");
      await page.getByText("Grace Guest").first().waitFor();
      await page.goto(link ?? "");
      await page.getByText("not valid any more").waitFor();
    });
  });

  test("looks the same for wrong and for expired links", async () => {
    const { workspace, people } = await makeWorkspace({ ada: "admin" });
    const { link } = await inviteMember(await people.ada.ctx(), {
      email: `late-${newId("user").toLowerCase()}@example.test`,
      roleId: workspace.roleIds.user,
      teamIds: [],
    });
    await sql`update invitations set expires_at = now() where workspace_id = ${workspace.id}`;
    const title = async (path: string) => {
      const page = await visit(path);
      return [page.status, /<h1[^>]*>([^<]+)</.exec(await page.text())?.[1]];
    };
    expect(await title(new URL(link ?? "").pathname)).toEqual(await title("/invite/never-was"));
  });
});

describe("Settings → Members", () => {
  test("an admin invites, gets the link where no mail is sent, changes and removes a member", async () => {
    const { people } = await makeWorkspace({ ada: "admin", lena: "user" });
    await withPage(async (page, context) => {
      await context.addCookies([
        { name: "next-auth.session-token", value: people.ada.token, url: origin() },
      ]);
      await page.goto("/settings/members");
      await page.getByRole("button", { name: "Invite member" }).click();
      await page.getByLabel("E-mail address").fill("newcomer@example.test");
      await page.getByRole("button", { name: "Create invitation" }).click();
      const link = page.getByRole("textbox", { name: "Invitation link" });
      await link.waitFor();
      expect(await link.inputValue()).toMatch(new RegExp(`^${origin()}/invite/[\\w-]{43}$`));
      await page.getByRole("button", { name: "Done" }).click();
      await page.getByRole("row", { name: /newcomer@example\.test/ }).waitFor();

      await page.getByRole("button", { name: "Actions for lena" }).click();
      await page.getByRole("menuitem", { name: "Edit" }).click();
      await page.getByLabel("Role").selectOption({ label: "Team Manager" });
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByRole("dialog").waitFor({ state: "hidden" });
      const [role] = await sql`select r.key from memberships m join roles r on r.id = m.role_id
        where m.id = ${people.lena.memberId}`;
      expect(role).toMatchObject({ key: "manager" });

      await page.getByRole("button", { name: "Actions for lena" }).click();
      await page.getByRole("menuitem", { name: "Remove member" }).click();
      await page.getByText("Stops at once:").waitFor();
      await page.getByRole("button", { name: "Remove member" }).click();
      await page.getByRole("alertdialog").waitFor({ state: "hidden" });
      const [left] =
        await sql`select removed_at from memberships where id = ${people.lena.memberId}`;
      expect(left?.removed_at).toBeInstanceOf(Date);
    });
  });
});
