import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { installWithoutRegistry } from "@/tests/support/speech";
import { findSpeechRuntime } from "./speech-runtime";

let root = "";

beforeEach(async () => {
  root = join(await mkdtemp(join(tmpdir(), "harmony-speech-")), "speech-runtime");
  const isSource = (path: string) => !path.includes("node_modules");
  await cp("speech-runtime", root, { recursive: true, filter: isSource });
});

afterEach(async () => {
  await rm(join(root, ".."), { recursive: true, force: true });
});

async function reasonFound(): Promise<string> {
  const found = await findSpeechRuntime(root);
  return "reason" in found ? found.reason : "";
}

describe.skipIf(process.platform !== "linux" || process.arch !== "x64")("without its files", () => {
  it("the engine says that it is not installed, and how to install it", async () => {
    expect(await reasonFound()).toMatch(
      /is not installed; run: node speech-runtime\/install\.mjs\. Or set TRANSCRIBE_URL/,
    );
  });

  it("an installation that fails does not fail npm, and the engine says why", async () => {
    const { stderr, installed } = await installWithoutRegistry(root);

    expect(stderr).toContain("The built-in speech engine was not installed: npm could not");
    expect(installed).toMatchObject({ problem: expect.stringContaining("ECONNREFUSED") });
    expect(await reasonFound()).toMatch(/is not complete \(npm could not .*install\.mjs/);
  }, 120_000);

  it("the engine of an earlier version is not used", async () => {
    await mkdir(join(root, "node_modules/.engine"), { recursive: true });
    const record = JSON.stringify({ version: "earlier", problem: null });
    await writeFile(join(root, "node_modules/.engine/installed.json"), record);

    expect(await reasonFound()).toContain("is of another version; run:");
  });

  it("the engine says that files are gone", async () => {
    const { installed } = await installWithoutRegistry(root);
    const record = JSON.stringify({ ...(installed as object), problem: null });
    await writeFile(join(root, "node_modules/.engine/installed.json"), record);

    expect(await reasonFound()).toContain("Files of the built-in speech engine are gone; run:");
  }, 120_000);
});
