import { expect, type Page } from "playwright/test";
import { makeWav, tone } from "../../tests/support/sounds";
import { expectAccessible } from "./accessibility";
import { signInAs } from "./sign-in";
import { test } from "./test";

/** Ten minutes in which the built-in engine finds no words: it listens to them for longer than this test lasts. */
const long = Buffer.from(makeWav(600, tone(300)));

async function upload(page: Page, title: string): Promise<string> {
  const { origin } = new URL(page.url());
  const response = await page.request.post("/api/uploads", {
    headers: { origin },
    multipart: { title, file: { name: "call.wav", mimeType: "audio/wav", buffer: long } },
  });
  expect(response.status()).toBe(202);
  return (await response.json()).id;
}

test("the processing of a recording is followed, cancelled after a question, and begun again", async ({
  page,
}) => {
  await signInAs(page, "Admin");
  const id = await upload(page, "Ten minutes of a tone");
  await page.goto(`/meetings/${id}`);
  const progress = page.getByRole("region", { name: "Processing" });
  const bar = progress.getByRole("progressbar", { name: "Getting the transcript" });
  await expect(bar).toBeVisible({ timeout: 30_000 });
  await expect(progress.getByText("Now: Getting the transcript")).toBeVisible();
  await expectAccessible(page, "a recording in progress");

  await progress.getByRole("button", { name: "Cancel processing" }).click();
  const question = page.getByRole("alertdialog", {
    name: "Cancel the processing of this meeting?",
  });
  await expect(question.getByRole("button", { name: "Keep going" })).toBeFocused();
  await expectAccessible(page, "the question before cancelling");
  await page.keyboard.press("Escape");
  await expect(question).toBeHidden();
  await expect(progress.getByRole("button", { name: "Cancel processing" })).toBeFocused();

  await page.keyboard.press("Enter");
  await question.getByRole("button", { name: "Cancel processing" }).click();
  const failed = page.getByRole("region", { name: "This meeting could not be processed" });
  await expect(failed).toContainText(
    /Processing was cancelled by .+\. Press Retry to start again\./,
  );
  await expectAccessible(page, "a cancelled meeting");

  await failed.getByRole("button", { name: "Retry" }).click();
  await expect(progress).toBeVisible();
  await progress.getByRole("button", { name: "Cancel processing" }).click();
  await question.getByRole("button", { name: "Cancel processing" }).click();
  await expect(failed).toBeVisible();
});
