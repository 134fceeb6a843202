import { readFileSync } from "node:fs";
import { expect } from "playwright/test";
import { generateKey } from "./api-key";
import { signInAs } from "./sign-in";
import { test } from "./test";

// The main job as a newcomer does it: a key from the browser, an upload by the documentation's call, and the
// results on the page and through the API.

const keysPath = "/settings/integrations/api";
const transcript = readFileSync("tests/fixtures/transcripts/sales-call.vtt");

test("a key made in the browser uploads a meeting, reads it back, and is refused once revoked", async ({
  page,
  request,
}) => {
  await signInAs(page, "Admin");
  const name = `Newcomer ${Date.now()}`;
  const token = await generateKey(page, name, "Read and upload");
  expect(token).toMatch(/^hk_live_[0-9A-Za-z]{36}$/);
  const headers = { Authorization: `Bearer ${token}` };

  const uploaded = await request.post("/v1/meetings/upload", {
    headers,
    multipart: {
      file: { name: "sales-call.vtt", mimeType: "text/vtt", buffer: transcript },
      title: "Customer Call",
      date: "2026-02-01T10:00:00Z",
    },
  });
  expect(uploaded.status()).toBe(202);
  const { id } = await uploaded.json();

  await page.goto(`/meetings/${id}`);
  await expect(page.getByRole("heading", { name: "Customer Call" })).toBeVisible();
  await expect
    .poll(
      async () =>
        (await (await request.get(`/v1/meetings/${id}/status`, { headers })).json()).status,
    )
    .toBe("processed");
  await expect(page.getByText("Processed").first()).toBeVisible();

  const summary = await (await request.get(`/v1/meetings/${id}/summary`, { headers })).json();
  expect(summary.summary.overview).toContain("Ines Calloway");
  expect(summary.action_items.length).toBeGreaterThan(5);
  const spoken = await (await request.get(`/v1/meetings/${id}/transcript`, { headers })).json();
  expect(spoken.transcript[0]).toEqual({
    speaker: "Ines Calloway",
    text: expect.stringContaining("Can you all hear me"),
    timestamp: "00:00:04",
  });
  await expect(page.getByText(summary.summary.decisions[0]).first()).toBeVisible();

  await page.goto(keysPath);
  const row = page.getByRole("row", { name: new RegExp(name) });
  await expect(row).not.toContainText(token);
  await row.getByRole("button", { name: /Actions|More/ }).click();
  await page.getByRole("menuitem", { name: /Revoke/ }).click();
  await page
    .getByRole("alertdialog")
    .getByRole("button", { name: /Revoke/ })
    .click();
  await expect(row).toContainText("Revoked");
  const refused = await request.get("/v1/meetings", { headers });
  expect(refused.status()).toBe(401);
});

test("a file that is no meeting is refused with words that help", async ({ page }) => {
  await signInAs(page, "User", "/meetings");
  await page.getByRole("button", { name: "Upload" }).first().click();
  const sheet = page.getByRole("dialog");
  await sheet
    .locator('input[type="file"]')
    .first()
    .setInputFiles({
      name: "notes.vtt",
      mimeType: "text/vtt",
      buffer: Buffer.from("WEBVTT\n\n"),
    });
  await sheet.getByRole("button", { name: /^Upload/ }).click();
  await expect(sheet.getByRole("alert").first()).toContainText(/no cues|no text|Export/i);
});

test("a user without the right sees no way to make a key", async ({ page }) => {
  await signInAs(page, "User");
  await page.goto(keysPath);
  await expect(page.getByRole("main")).toBeVisible();
  await expect(page.getByRole("button", { name: "Generate API Key" })).toHaveCount(0);
  await expect(page.getByRole("main")).toContainText(/admin/i);
});
