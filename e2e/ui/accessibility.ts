import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "playwright/test";

/** Waits until nothing moves: half-transparent text in the middle of a fade has the contrast of neither end. */
async function untilAtRest(page: Page): Promise<void> {
  await page.waitForFunction(() =>
    document
      .getAnimations()
      .every(
        ({ playState, effect }) =>
          playState !== "running" || effect?.getComputedTiming().iterations === Infinity,
      ),
  );
}

async function violationsOf(page: Page): Promise<string[]> {
  await untilAtRest(page);
  // Without frames of other origins the old way finds the same, and opens no second page for it.
  const axe = new AxeBuilder({ page }).setLegacyMode();
  if (await page.evaluate(() => matchMedia("(prefers-color-scheme: dark)").matches)) {
    axe.withRules(["color-contrast", "link-in-text-block"]);
  }
  const { violations } = await axe.analyze();
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => node.target).join(" | ")}`,
  );
}

/**
 * Asserts that axe finds nothing on the page as it is now; `what` names the state in a failure. In the dark it looks at
 * colours only, the rest is the same as in the light. What it finds must last: a movement that began while it looked is
 * no state of the page.
 */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  let found = await violationsOf(page);
  if (found.length > 0) found = await violationsOf(page);
  expect(found, what).toEqual([]);
}
