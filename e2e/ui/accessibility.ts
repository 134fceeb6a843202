import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "playwright/test";

/** Asserts that axe finds nothing on the page as it is now; `what` names the state in a failure. */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  // Half-transparent text in the middle of a fade has the contrast of neither end.
  await page.waitForFunction(() =>
    document
      .getAnimations()
      .every(
        ({ playState, effect }) =>
          playState !== "running" || effect?.getComputedTiming().iterations === Infinity,
      ),
  );
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => node.target).join(" | ")}`,
  );
  expect(found, what).toEqual([]);
}
