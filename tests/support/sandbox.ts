import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type SandboxOptions, startSandbox } from "../../sandbox/server";

// The stand-ins of connected tools in this process, on a free port, reached by HTTP like by any client.

export type Json = Record<string, unknown>;

export interface TestSandbox {
  readonly url: string;
  readonly dataDir: string;
  /** Commands of the control API; the results in the same order. Throws what the API refuses. */
  readonly control: (slug: string, ...commands: readonly Json[]) => Promise<readonly Json[]>;
  /** What GET /_control/<slug> tells. */
  readonly describe: (slug: string) => Promise<Json>;
  readonly stop: () => Promise<void>;
}

/** Starts the stand-ins with state of their own; `stop` deletes it. */
export async function startTestSandbox(
  options: Partial<SandboxOptions> = {},
): Promise<TestSandbox> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), "harmony-sandbox-"));
  const sandbox = await startSandbox({
    port: 0,
    appUrl: "http://localhost:3000",
    ...options,
    dataDir,
  });
  return {
    url: sandbox.url,
    dataDir,
    control: async (slug, ...commands) => {
      const response = await fetch(`${sandbox.url}/_control/${slug}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(commands),
      });
      const body = (await response.json()) as { results: readonly Json[]; error?: string };
      if (!response.ok) throw new Error(body.error);
      return body.results;
    },
    describe: async (slug) =>
      (await (await fetch(`${sandbox.url}/_control/${slug}`)).json()) as Json,
    stop: async () => {
      await sandbox.stop();
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** A verifier of PKCE with its challenge. */
export function pkce(): { readonly verifier: string; readonly challenge: string } {
  const verifier = randomBytes(32).toString("base64url");
  return { verifier, challenge: createHash("sha256").update(verifier).digest("base64url") };
}

/** Opens an authorize page that answers at once, and returns the query of the redirect. */
export async function followAuthorize(url: string): Promise<URLSearchParams> {
  const response = await fetch(url, { redirect: "manual" });
  const location = response.headers.get("location");
  if (location === null) throw new Error(`${response.status}: ${await response.text()}`);
  return new URL(location).searchParams;
}

/** POSTs a form; status, headers and the JSON of the answer. */
export async function postForm(
  url: string,
  form: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
) {
  const response = await fetch(url, { method: "POST", body: new URLSearchParams(form), headers });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Json,
  };
}
