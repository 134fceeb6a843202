import { type Browser, test as base, type Page } from "playwright/test";

/**
 * Waits until React has taken over the page: a click that comes sooner is lost, and on a busy machine the HTML is there
 * seconds before. React leaves a key on each element that it has taken over, and on the document the root, which is no
 * more dehydrated once all outside of Suspense is (react-dom-bindings, ReactDOMComponentTree). Pages that are not the
 * product's are left alone.
 */
async function untilTakenOver(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    if (!document.querySelector('script[src*="/_next/"]')) return true;
    const fieldOf = (node: Node, prefix: string): unknown =>
      Object.entries(node).find(([key]) => key.startsWith(prefix))?.[1];
    const root = fieldOf(document, "__reactContainer$") as
      | { stateNode: { current: { memoizedState: { isDehydrated?: boolean } } } }
      | undefined;
    if (!root || root.stateNode.current.memoizedState.isDehydrated) return false;
    const controls = document.querySelectorAll("button, input, select, textarea");
    return [...controls].every((control) => fieldOf(control, "__reactFiber$") !== undefined);
  });
  // Effects, such as those that listen for shortcuts, run just after.
  await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)));
}

function watchPage(page: Page): void {
  const goto = page.goto.bind(page);
  const reload = page.reload.bind(page);
  page.goto = async (...args) => {
    const response = await goto(...args);
    // Who waits only for the answer looks at what comes before.
    if (args[1]?.waitUntil !== "commit") await untilTakenOver(page);
    return response;
  };
  page.reload = async (...args) => {
    const response = await reload(...args);
    await untilTakenOver(page);
    return response;
  };
}

/** Playwright's test, whose pages are the reader's to use once they are open. */
export const test = base.extend<object, { browser: Browser }>({
  browser: [
    async ({ browser }, use) => {
      browser.on("context", (context) => context.on("page", watchPage));
      await use(browser);
    },
    { scope: "worker" },
  ],
});
