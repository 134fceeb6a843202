import { execFile } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { z } from "zod";
import { bestPracticeSamples } from "@/app/docs/samples";
import { makeKey, makeMeetings, makeWorkspace, type TestWorkspace } from "../../support/factories";
import { readPage, unescapeHtml } from "./html-page";

// Runs what the reference prints. A machine without curl, jq or Python skips those programs and says so.

const run = promisify(execFile);
const base = `${inject("laneUrl")}/v1`;
const rows = 230;

let workspace: TestWorkspace;
let key = "";
let folder = "";

async function has(...programs: readonly string[]): Promise<boolean> {
  const found = await Promise.all(
    programs.map((name) =>
      run(name, ["--version"]).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.every(Boolean);
}

const languages = {
  curl: { needs: ["bash", "curl", "jq"], command: (code: string) => ["bash", "-c", code] },
  python: { needs: ["python3"], command: (code: string) => ["python3", "-c", code] },
  javascript: {
    needs: [],
    command: (code: string) => [process.execPath, "--input-type=module", "--eval", code],
  },
} as const;
type Language = keyof typeof languages;

/** What the program prints; fails with what it says when it fails. */
async function execute(language: Language, code: string): Promise<string> {
  const [program = "", ...args] = languages[language].command(code);
  const env = { PATH: process.env.PATH, HARMONY_API_KEY: key, LANG: "C.UTF-8" };
  const { stdout } = await run(program, args, {
    cwd: folder,
    env: { ...env, NODE_ENV: "production" },
    timeout: 25_000,
    maxBuffer: 16_777_216,
  });
  return stdout.trimEnd();
}

beforeAll(async () => {
  workspace = await makeWorkspace();
  key = (await makeKey(workspace.admin)).token;
  folder = mkdtempSync(join(tmpdir(), "harmony-samples-"));
  const day = Date.UTC(2026, 1, 1);
  await makeMeetings(
    workspace,
    Array.from({ length: rows }, (_, index) => ({
      title: `Meeting ${index}`,
      date: new Date(day + index * 60_000),
    })),
  );
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.for(["curl", "python", "javascript"] as const)("the programs in %s", (language) => {
  const programOf = (sample: keyof ReturnType<typeof bestPracticeSamples>, at = base) =>
    bestPracticeSamples(at)[sample].programs.find((one) => one.language === language)?.code ?? "";

  test("read every meeting, once each", async ({ skip }) => {
    if (!(await has(...languages[language].needs))) skip(`needs ${languages[language].needs}`);
    const lines = (await execute(language, programOf("paginate"))).split("\n");
    expect(lines).toHaveLength(rows);
    expect(new Set(lines.map((line) => line.split(/\s/)[0])).size).toBe(rows);
  });

  test("go on after two refusals, when Retry-After has passed", async ({ skip }) => {
    if (!(await has(...languages[language].needs))) skip(`needs ${languages[language].needs}`);
    const { server, url, arrivals } = await refusingServer(2);
    try {
      expect(await execute(language, programOf("retry", url))).toContain("finally");
    } finally {
      server.close();
    }
    expect(arrivals).toHaveLength(3);
    const [first = 0, second = 0] = arrivals;
    expect(second - first).toBeGreaterThanOrEqual(950);
  });

  test("are answered 304 for what they have", async ({ skip }) => {
    if (!(await has(...languages[language].needs))) skip(`needs ${languages[language].needs}`);
    const once = await execute(language, programOf("cache"));
    if (language !== "curl") {
      expect(once.toLowerCase()).toBe("true");
      return;
    }
    expect(once).toBe("200");
    const kept = readFileSync(join(folder, "meetings.json"), "utf8");
    expect(await execute(language, programOf("cache"))).toBe("304");
    expect(readFileSync(join(folder, "meetings.json"), "utf8")).toBe(kept);
  });
});

/** Answers 429 with `Retry-After: 1` so many times, then 200; remembers when each request came. */
async function refusingServer(
  refusals: number,
): Promise<{ server: Server; url: string; arrivals: number[] }> {
  const arrivals: number[] = [];
  const server = createServer((_request, response) => {
    arrivals.push(performance.now());
    const refuse = arrivals.length <= refusals;
    response.writeHead(refuse ? 429 : 200, {
      "content-type": "application/json",
      ...(refuse ? { "retry-after": "1" } : {}),
    });
    response.end(JSON.stringify({ data: refuse ? "not yet" : "finally" }));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return { server, url: `http://127.0.0.1:${address.port}/v1`, arrivals };
}

/** The code blocks of the page, as a reader copies them. */
async function printedBlocks(): Promise<string[]> {
  const { html } = await readPage(`${inject("laneUrl")}/docs`);
  return [...html.matchAll(/<code>([^<]*)<\/code><\/pre>/g)].map(([, code = ""]) =>
    unescapeHtml(code),
  );
}

const uploadAnswer = z.object({ id: z.string(), status: z.string(), status_url: z.url() });

describe("the curl calls, copied from the page", () => {
  test("answer as the page says, with nothing changed but the key and the id", async ({ skip }) => {
    if (!(await has("bash", "curl"))) skip("needs bash and curl");
    const gets = (await printedBlocks()).filter((code) => code.startsWith("curl -X GET"));
    expect(gets.length).toBeGreaterThanOrEqual(13);
    for (const code of gets) {
      const call = `${code.replace("YOUR_API_KEY", key)} -sS -o /dev/null -w '%{http_code}'`;
      const expected = /\/(?:mtg|con|ins)_abc123/.test(code) ? "404" : "200";
      expect(`${await execute("curl", call)} ${code}`).toBe(`${expected} ${code}`);
    }
  });

  test("bring a meeting in that can be read back", async ({ skip }) => {
    if (!(await has("bash", "curl"))) skip("needs bash and curl");
    const [upload = ""] = (await printedBlocks()).filter((code) =>
      code.includes('-F "file=@recording.mp3"'),
    );
    copyFileSync("tests/fixtures/transcripts/zoom.vtt", join(folder, "recording.mp3"));
    const call = `${upload.replace("YOUR_API_KEY", key)} -sS`;
    const answer = uploadAnswer.parse(JSON.parse(await execute("curl", call)));
    expect(answer.status).toBe("queued");
    const status = await fetch(answer.status_url, { headers: { authorization: `Bearer ${key}` } });
    expect(status.status).toBe(200);
  });
});
