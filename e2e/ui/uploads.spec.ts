import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Page } from "playwright/test";
import { type FileServer, fileOf, startFileServer } from "../../tests/support/file-server";
import { expectAccessible } from "./accessibility";
import { signInAs } from "./sign-in";
import { test } from "./test";
import { largeRecording, salesCall, silence } from "./upload-meeting";

const tone = readFileSync("tests/fixtures/recordings/tagged.mp3");

const sheetOf = (page: Page) => page.getByRole("dialog", { name: "Upload a meeting" });

async function openSheet(page: Page): Promise<void> {
  await signInAs(page, "Admin", "/meetings");
  await page.getByRole("button", { name: "Upload", exact: true }).click();
  await expect(sheetOf(page)).toBeVisible();
}

const send = (page: Page) =>
  sheetOf(page).getByRole("button", { name: "Upload", exact: true }).click();

test("a dropped transcript becomes a finished meeting before one's eyes, without a reload", async ({
  page,
}) => {
  await openSheet(page);
  expect(new URL(page.url()).searchParams.get("upload")).toBe("1");
  const transfer = await page.evaluateHandle(
    (text) => {
      const data = new DataTransfer();
      data.items.add(new File([text], "quarterly_review.vtt", { type: "text/vtt" }));
      return data;
      // A file that was here before would be offered instead of taken: other tests bring the same call.
    },
    `${salesCall.toString("utf8")}\n\nNOTE dropped ${Date.now()}\n`,
  );
  await sheetOf(page)
    .getByText("or drop it here")
    .dispatchEvent("drop", { dataTransfer: transfer });
  await expect(sheetOf(page).getByLabel("Title")).toHaveValue("quarterly review");
  await sheetOf(page).getByLabel("Contact’s e-mail").fill("ines.calloway@harborline.example");
  // A reload would lose it.
  await page.evaluate(() => Object.assign(window, { stillThere: true }));
  await send(page);

  await page.waitForURL(/\/meetings\/mtg_/);
  await expect(page.getByRole("heading", { name: "quarterly review", level: 1 })).toBeVisible();
  await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole("main")).toContainText("Automatic outline");
  expect(await page.evaluate(() => "stillThere" in window)).toBe(true);
  await page.getByRole("link", { name: "Transcript", exact: true }).click();
  await expect(page.getByText("Can you all hear me")).toBeVisible();
  await page.goBack();
  await page.goBack();
  await expect(page).toHaveURL(/\/meetings$/);
  await expect(sheetOf(page)).toBeHidden();
});

test("a pasted transcript is a meeting from a paste", async ({ page }) => {
  await openSheet(page);
  const sheet = sheetOf(page);
  await sheet
    .getByLabel("Or paste the transcript")
    .fill("Ada: Shall we begin?\nTom: Yes. I will send the budget to Lena by Friday.");
  await sheet.getByLabel("Title").fill("Pasted stand-up");
  await send(page);
  await page.waitForURL(/\/meetings\/mtg_/);
  await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible({ timeout: 30_000 });
  await expect(page.getByLabel("About this meeting")).toContainText("Pasted transcript");
});

test("what is missing is said beside its field, and the first such field takes the focus", async ({
  page,
}) => {
  await openSheet(page);
  await send(page);
  await expect(sheetOf(page).getByText("Choose a file or paste the transcript.")).toBeVisible();
  await expect(sheetOf(page).getByText("Give the meeting a title.")).toBeVisible();
  await expect(sheetOf(page).getByLabel("Or paste the transcript")).toBeFocused();
});

test("a document is refused as it is chosen, a disguised one by its content, both with a remedy", async ({
  page,
}) => {
  await openSheet(page);
  const sheet = sheetOf(page);
  const file = sheet.getByLabel("Transcript file");
  await file.setInputFiles({
    name: "offer.pdf",
    mimeType: "application/pdf",
    buffer: Buffer.from("%PDF-1.7"),
  });
  await expect(sheet.getByRole("alert")).toContainText("Choose .vtt");

  const pixel =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
  await file.setInputFiles({
    name: "call.vtt",
    mimeType: "text/vtt",
    buffer: Buffer.from(pixel, "base64"),
  });
  await send(page);
  await expect(sheet.getByRole("alert")).toContainText(
    "Please upload an audio or video file, or a transcript",
  );
  await expect(sheet.getByLabel("Title")).toHaveValue("call");
});

test("a recording is kept, says why it waits, and can be retried", async ({ page }) => {
  await openSheet(page);
  const sheet = sheetOf(page);
  await sheet.getByLabel("Transcript file").setInputFiles({
    name: "voice.wav",
    mimeType: "audio/wav",
    // Not the same silence as in other tests: that one would be offered instead of taken.
    buffer: Buffer.concat([silence, Buffer.from(`${Date.now()}`)]),
  });
  await expect(sheet.getByRole("tab", { name: "Recording" })).toHaveAttribute(
    "aria-selected",
    "true",
  );
  await send(page);
  await page.waitForURL(/\/meetings\/mtg_/);
  const failed = page.getByRole("region", { name: "This meeting could not be processed" });
  await expect(failed).toContainText("The recording is silent", { timeout: 30_000 });
  await failed.getByRole("button", { name: "Retry" }).click();
  await expect(failed).toBeVisible({ timeout: 30_000 });
});

/** Slows what this page sends down to so many bytes a second; the answer takes its network away and gives it back. */
async function slowDown(page: Page, bytesPerSecond: number) {
  const network = await page.context().newCDPSession(page);
  await network.send("Network.enable");
  // One session alone: what another one says of being offline does not count.
  const setOffline = (offline: boolean) =>
    network.send("Network.emulateNetworkConditions", {
      offline,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput: bytesPerSecond,
    });
  await setOffline(false);
  return setOffline;
}

const dockOf = (page: Page) => page.getByRole("complementary", { name: "Uploads" });

async function totalOf(page: Page): Promise<number> {
  return (await (await page.request.get("/api/v1/meetings?per_page=1")).json()).pagination.total;
}

/** A file on the disk, so that choosing it again gives the same one. */
function onDisk(name: string, bytes: Buffer): string {
  const folder = mkdtempSync(join(tmpdir(), "harmony-e2e-"));
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

test("an upload shows how far it is, and cancelling it keeps the form and makes no meeting", async ({
  page,
}) => {
  await openSheet(page);
  const sheet = sheetOf(page);
  const before = await totalOf(page);
  await slowDown(page, 200_000);
  await sheet.getByLabel("Transcript file").setInputFiles({
    name: "slow.txt",
    mimeType: "text/plain",
    buffer: Buffer.from("Ada: Hello.\n".repeat(500_000)),
  });
  await send(page);
  await expect(sheet.getByRole("progressbar")).toBeVisible();
  await expect(sheet).toContainText(/\d+(\.\d)? [KM]B of 6 MB/);
  await expectAccessible(page, "an upload on its way");
  await sheet.getByRole("button", { name: "Cancel the upload of slow.txt" }).click();
  await expect(sheet.getByLabel("Title")).toHaveValue("slow");
  await expect(sheet).toContainText("slow.txt");
  expect(await totalOf(page)).toBe(before);
});

test("a recording goes on while its sheet is closed and pages change, can be paused, and survives a lost connection", async ({
  page,
}) => {
  await openSheet(page);
  const sheet = sheetOf(page);
  await sheet.getByRole("tab", { name: "Recording" }).click();
  const path = onDisk("board_meeting.wav", largeRecording(24_000_000, `a ${Date.now()}`));
  await sheet.getByRole("button", { name: "Recording", exact: true }).setInputFiles(path);
  await sheet.getByLabel("Language").selectOption("en");
  await sheet.getByLabel("People who speak").selectOption("2");
  const setOffline = await slowDown(page, 3_000_000);
  await send(page);
  await expect(sheet).toContainText("Uploading part 1 of 3");
  await page.keyboard.press("Escape");
  await expect(sheet).toBeHidden();

  const dock = dockOf(page);
  await page.getByRole("link", { name: "Contacts", exact: true }).first().click();
  await page.waitForURL(/\/contacts/);
  await expect(dock).toContainText("board_meeting.wav");
  await dock.getByRole("button", { name: "Pause board_meeting.wav" }).click();
  await expect(dock).toContainText("Paused");
  await expectAccessible(page, "a paused upload in the corner");
  // Another tab does not take it for one that was left behind.
  const tab = await page.context().newPage();
  await tab.goto("/contacts", { waitUntil: "networkidle" });
  await expect(dockOf(tab)).toBeHidden();
  await tab.close();
  await dock.getByRole("button", { name: "Go on with board_meeting.wav" }).click();
  await expect(dock).toContainText(/Uploading part [123] of 3/);

  await setOffline(true);
  await expect(dock).toContainText("The connection is gone", { timeout: 45_000 });
  await setOffline(false);
  await expect(dock).toContainText("Uploaded. It is being processed.", { timeout: 60_000 });
  await dock.getByRole("link", { name: "Open the meeting" }).click();
  await page.waitForURL(/\/meetings\/mtg_/);
  await expect(page.getByRole("heading", { name: "board meeting", level: 1 })).toBeVisible();
  await expect(dock).toBeHidden();
});

test("after a reload the same file goes on where it stopped; another one is refused", async ({
  page,
}) => {
  await openSheet(page);
  const sheet = sheetOf(page);
  const path = onDisk("long_call.wav", largeRecording(32_000_000, `b ${Date.now()}`));
  await sheet.getByLabel("Transcript file").setInputFiles(path);
  await sheet.getByLabel("Title").fill("The long call");
  await slowDown(page, 4_000_000);
  await send(page);
  await expect(sheet).toContainText("Uploading part 2 of 4", { timeout: 30_000 });
  page.once("dialog", (dialog) => void dialog.accept());
  await page.goto("/contacts");

  const dock = dockOf(page);
  await expect(dock).toContainText("Choose the same file again to go on", { timeout: 30_000 });
  await expectAccessible(page, "an unfinished upload after a reload");
  const again = dock.getByLabel(/^Choose long_call.wav \(32 MB\) to go on from \d\d%$/);
  await again.setInputFiles(onDisk("long_call.wav", Buffer.from("another")));
  await expect(dock.getByRole("alert")).toContainText("That is another file");
  await again.setInputFiles(path);
  await expect(dock).toContainText("Uploaded. It is being processed.", { timeout: 60_000 });
  await dock.getByRole("link", { name: "Open the meeting" }).click();
  await expect(page.getByRole("heading", { name: "The long call", level: 1 })).toBeVisible();
});

test("the same file again offers the first meeting, or another one on purpose", async ({
  page,
}) => {
  const name = "same_again.txt";
  const buffer = Buffer.from(`Ada: The number of today is ${Date.now()}.\nTom: Noted.\n`);
  const file = { name, mimeType: "text/plain", buffer };
  const sheet = sheetOf(page);
  await openSheet(page);
  await sheet.getByLabel("Transcript file").setInputFiles(file);
  await send(page);
  await page.waitForURL(/\/meetings\/mtg_/);
  const first = page.url();

  await page.goto("/meetings?upload=1");
  await sheet.getByLabel("Transcript file").setInputFiles(file);
  await sheet.getByLabel("Title").fill("On purpose");
  await send(page);
  await expect(sheet).toContainText("Uploaded before as “same again”");
  await expectAccessible(page, "the same file again");
  await sheet.getByRole("link", { name: "Open it" }).click();
  await expect(page).toHaveURL(first);

  await page.goto("/meetings?upload=1");
  await sheet.getByLabel("Transcript file").setInputFiles(file);
  await sheet.getByLabel("Title").fill("On purpose");
  await send(page);
  await sheet.getByRole("button", { name: "Upload anyway" }).click();
  await page.waitForURL(/\/meetings\/mtg_/);
  expect(page.url()).not.toBe(first);
  await expect(page.getByRole("heading", { name: "On purpose", level: 1 })).toBeVisible();
});

test("several files become several meetings, one after the other", async ({ page }) => {
  await openSheet(page);
  const sheet = sheetOf(page);
  const mark = Date.now();
  await sheet.getByLabel("Transcript file").setInputFiles(
    ["first", "second", "third"].map((name) => ({
      name: `${name}_${mark}.txt`,
      mimeType: "text/plain",
      buffer: Buffer.from(`Ada: This is the ${name} of ${mark}.\nTom: Yes.\n`),
    })),
  );
  await expect(sheet.getByLabel("Title")).toBeHidden();
  await send(page);
  await expect(sheet.getByRole("link", { name: "Open the meeting" })).toHaveCount(3);
  await sheet.getByRole("button", { name: "Close", exact: true }).last().click();
  await expect(dockOf(page)).toContainText("Uploads complete");
  for (const name of ["first", "second", "third"]) {
    await expect(page.getByRole("main")).toContainText(`${name} ${mark}`);
  }
});

test.describe("a recording at an address", () => {
  let files: FileServer;
  test.beforeAll(async () => {
    files = await startFileServer({
      "/team call.mp3": fileOf(tone),
      "/team%20call.mp3": fileOf(tone),
      "/sign-in": (_request, response) => {
        response.end("<!doctype html><title>Sign in</title>");
      },
    });
  });
  test.afterAll(() => files.stop());

  test("is checked as it is entered; only then it can be uploaded", async ({ page }) => {
    await openSheet(page);
    const sheet = sheetOf(page);
    await sheet.getByRole("tab", { name: "Recording" }).click();
    await sheet.getByLabel("URL", { exact: true }).check();
    const button = sheet.getByRole("button", { name: "Upload", exact: true });
    await expect(button).toBeDisabled();
    const address = sheet.getByLabel("Address of the recording");
    await address.fill("http://10.0.0.1/call.mp3");
    await expect(sheet).toContainText("private, local or reserved network");
    await expect(button).toBeDisabled();
    await address.fill(files.url("/sign-in"));
    await expect(sheet).toContainText("The address leads to a web page");
    await address.fill(files.url("/missing"));
    await expect(sheet).toContainText("has no file at this address");
    await expectAccessible(page, "an address that was refused");
    await address.fill(files.url("/team%20call.mp3"));
    await expect(sheet).toContainText("team call.mp3 is there: Audio, audio/mpeg, 1.4 KB");
    await expect(sheet.getByLabel("Title")).toHaveValue("team call");
    await expectAccessible(page, "an address that was verified");
    await button.click();
    await page.waitForURL(/\/meetings\/mtg_/);
    await expect(page.getByRole("heading", { name: "team call", level: 1 })).toBeVisible();
    await expect(page.getByLabel("About this meeting")).toContainText("Import from a link");
  });
});
