import { expect, type Page } from "playwright/test";

// The stand-ins of tools, as the browser and their control API see them.

function sandboxUrl(): string {
  const { HARMONY_E2E_SANDBOX } = process.env;
  if (!HARMONY_E2E_SANDBOX) throw new Error("The stand-ins are not running");
  return HARMONY_E2E_SANDBOX;
}

type Json = Record<string, unknown>;

/** Commands of the control API; throws what it refuses. */
export async function control(slug: string, ...commands: readonly Json[]): Promise<Json[]> {
  const response = await fetch(`${sandboxUrl()}/_control/${slug}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(commands),
  });
  const body: { results?: Json[]; error?: string } = await response.json();
  if (body.results === undefined) throw new Error(body.error ?? `status ${response.status}`);
  return body.results;
}

/** The texts of a channel's messages, with what their blocks say. */
export async function messagesIn(channel: string): Promise<string[]> {
  const [read] = await control("slack", { do: "read", channel });
  const messages = Array.isArray(read?.messages) ? read.messages : [];
  return messages.map((message) => JSON.stringify(message));
}

/** Waits for the tool's own sign-in page. */
export async function atTheTool(page: Page, heading: RegExp): Promise<void> {
  await page.waitForURL((url) => url.origin === new URL(sandboxUrl()).origin);
  await expect(page.getByRole("heading", { name: heading })).toBeVisible();
}

/** Signs in at the tool with an account and answers its question. */
export async function consent(
  page: Page,
  account: RegExp,
  answer: "Allow" | "Cancel" = "Allow",
): Promise<void> {
  await atTheTool(page, /^Choose/);
  await page.getByRole("button", { name: account }).click();
  await atTheTool(page, /asks for access/);
  await page.getByRole("button", { name: answer, exact: true }).click();
}
