import { expect, type Page, test } from "playwright/test";
import { signInAs } from "./sign-in";
import { salesCall, silence } from "./upload-meeting";

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
  const transfer = await page.evaluateHandle((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], "quarterly_review.vtt", { type: "text/vtt" }));
    return data;
  }, salesCall.toString("utf8"));
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
    buffer: silence,
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

test("an upload shows how far it is, and cancelling it keeps the form and makes no meeting", async ({
  page,
}) => {
  await openSheet(page);
  const sheet = sheetOf(page);
  const totalOf = async () =>
    (await (await page.request.get("/api/v1/meetings?per_page=1")).json()).pagination.total;
  const before = await totalOf();
  const network = await page.context().newCDPSession(page);
  await network.send("Network.enable");
  await network.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: 200_000,
  });
  await sheet.getByLabel("Transcript file").setInputFiles({
    name: "slow.txt",
    mimeType: "text/plain",
    buffer: Buffer.from("Ada: Hello.\n".repeat(500_000)),
  });
  await send(page);
  await expect(sheet.getByRole("progressbar")).toBeVisible();
  await expect(sheet).toContainText(/\d+(\.\d)? [KM]B of 6 MB/);
  await page.keyboard.press("Escape");
  await expect(sheet).toBeVisible();
  await sheet.getByRole("button", { name: "Cancel upload" }).click();
  await expect(sheet.getByLabel("Title")).toHaveValue("slow");
  await expect(sheet).toContainText("slow.txt");
  expect(await totalOf()).toBe(before);
});
