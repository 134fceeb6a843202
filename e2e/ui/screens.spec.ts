import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, test } from "playwright/test";
import { signInAs } from "./sign-in";

// Every screen, light and dark: no accessibility violation, no error on the console, nothing from elsewhere, and
// nothing wider than a phone.

const signedIn = [
  "/",
  "/meetings",
  "/meetings?upload=1",
  "/contacts",
  "/insights",
  "/settings/profile",
  "/settings/members",
  "/settings/teams",
  "/settings/roles",
  "/settings/integrations",
  "/settings/integrations/api",
];
const open = ["/login", "/docs", "/status", "/no-such-page"];

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
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => node.target).join(" | ")}`,
  );
  expect(found, `${path} (${theme})`).toEqual([]);
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
      test.setTimeout(240_000);
      const seen = watch(page, new URL(baseURL ?? "").origin);
      await signInAs(page, "Admin");
      for (const path of signedIn) await examine(page, path, theme);
      for (const list of ["/meetings", "/contacts", "/insights"]) {
        await page.goto(list);
        const href = await page.locator(`main a[href^="${list}/"]`).first().getAttribute("href");
        expect(href).not.toBeNull();
        if (href) await examine(page, href, theme);
      }
      expect(seen).toEqual({ errors: [], foreign: [] });
    });
  });
}
