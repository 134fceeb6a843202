import { expect, type Page } from "playwright/test";
import { expectAccessible } from "./accessibility";
import { signInAs } from "./sign-in";
import { test } from "./test";

// Every screen, light and dark: no accessibility violation, no error on the console, nothing from elsewhere, and
// nothing wider than a phone.

const signedIn = [
  "/",
  "/meetings",
  "/meetings?upload=1",
  "/meetings?status=failed",
  "/meetings?q=nothing-has-this-title",
  "/meetings?status=no-such-status",
  "/meetings?page=9999",
  "/contacts",
  "/contacts?q=nobody-has-this-name",
  "/insights",
  "/settings/profile",
  "/settings/members",
  "/settings/teams",
  "/settings/roles",
  "/settings/recordings",
  "/settings/integrations",
  "/settings/integrations?q=no-tool-has-these-words",
  "/settings/integrations?category=calendar",
  "/settings/integrations/slack",
  "/settings/integrations/google_calendar?connect=1",
  "/settings/integrations/api",
  "/settings/integrations/api?revoked=1",
  "/settings/integrations/api/oauth-apps",
  "/settings/integrations/api/authorised-apps",
  "/settings/integrations/api/service-accounts",
  "/settings/integrations/api/usage",
  "/settings/integrations/api/usage?program=none",
  "/settings/integrations/webhooks",
  "/settings/integrations/webhooks?edit=new",
  "/settings/integrations/webhooks/events",
  "/settings/integrations/activity",
  "/settings/integrations/activity?q=nothing-has-these-words",
  "/settings/integrations/notifications",
  "/notifications",
  "/meetings/mtg_000000000000000000000",
];
const open = ["/login", "/docs", "/docs/webhooks", "/docs/oauth", "/status", "/no-such-page"];
const meetingTabs = ["", "?tab=actions", "?tab=insights", "?tab=transcript", "?tab=notes"];

interface Watch {
  readonly errors: string[];
  readonly foreign: string[];
}

function watch(page: Page, origin: string): Watch {
  const seen: Watch = { errors: [], foreign: [] };
  page.on("console", (message) => {
    // The 404 page is itself a failed request.
    if (message.type() === "error" && !/status of 404/.test(message.text())) {
      seen.errors.push(`${page.url()}: ${message.text()}`);
    }
  });
  page.on("pageerror", (error) => seen.errors.push(`${page.url()}: ${error.message}`));
  page.on("request", (request) => {
    const url = request.url();
    if (/^https?:/.test(url) && new URL(url).origin !== origin) seen.foreign.push(url);
  });
  return seen;
}

async function examine(page: Page, path: string, theme: string): Promise<void> {
  await page.goto(path);
  await expect(page.locator("h1").first()).toBeVisible();
  await expectAccessible(page, `${path} (${theme})`);
  const name = path.replace(/[^a-z0-9]+/gi, "-").replace(/^-|-$/g, "") || "home";
  await page.screenshot({ path: `test-results/screens/${name}-${theme}.png`, fullPage: false });
  await page.setViewportSize({ width: 320, height: 720 });
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow, `${path} scrolls sideways at 320 px (${theme})`).toBeLessThanOrEqual(0);
  await page.screenshot({ path: `test-results/screens/${name}-${theme}-320.png`, fullPage: false });
  await page.setViewportSize({ width: 1280, height: 800 });
}

/** The address of the first thing in a list. */
async function firstOf(page: Page, list: string): Promise<string> {
  await page.goto(list);
  const folder = list.replace(/\?.*$/, "");
  const href = await page.locator(`main a[href^="${folder}/"]`).first().getAttribute("href");
  expect(href).not.toBeNull();
  return href ?? "";
}

for (const theme of ["light", "dark"] as const) {
  test.describe(theme, () => {
    test.use({ colorScheme: theme, viewport: { width: 1280, height: 800 } });

    test(`open pages are accessible in ${theme}`, async ({ page, baseURL }) => {
      test.setTimeout(120_000);
      const seen = watch(page, new URL(baseURL ?? "").origin);
      for (const path of open) await examine(page, path, theme);
      expect(seen).toEqual({ errors: [], foreign: [] });
    });

    test(`signed-in pages are accessible in ${theme}`, async ({ page, baseURL }) => {
      test.setTimeout(360_000);
      const seen = watch(page, new URL(baseURL ?? "").origin);
      await signInAs(page, "Admin");
      for (const path of signedIn) await examine(page, path, theme);
      const meeting = await firstOf(page, "/meetings?status=processed");
      for (const tab of meetingTabs) await examine(page, `${meeting}${tab}`, theme);
      for (const list of ["/meetings?status=failed", "/contacts", "/insights"]) {
        await examine(page, await firstOf(page, list), theme);
      }
      expect(seen).toEqual({ errors: [], foreign: [] });
    });

    test(`pages of a User, who may do less, are accessible in ${theme}`, async ({
      page,
      baseURL,
    }) => {
      test.setTimeout(120_000);
      const seen = watch(page, new URL(baseURL ?? "").origin);
      await signInAs(page, "User");
      for (const path of [
        "/",
        "/meetings",
        "/insights",
        "/settings/integrations",
        "/settings/integrations/slack",
        "/settings/integrations/api",
      ]) {
        await examine(page, path, theme);
      }
      expect(seen).toEqual({ errors: [], foreign: [] });
    });
  });
}
