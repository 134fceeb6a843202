import { randomBytes } from "node:crypto";
import { gunzipSync } from "node:zlib";
import postgres from "postgres";
import { sha256 } from "@/lib/core/crypto";
import type { BenchCase, Figure } from "./bench-case";
import type { BenchDatabase } from "./bench-stack";
import { type Answer, get } from "./measure";

const path = "/settings/integrations/api";

/** Signs the workspace's admin in, as the sign-in does it: a session row that holds the token's hash. */
async function sessionCookie(database: BenchDatabase): Promise<string> {
  const sql = postgres(database.url, { max: 1, onnotice: () => undefined });
  const token = randomBytes(32).toString("base64url");
  try {
    const rows = await sql`insert into sessions (session_token, user_id, expires, workspace_id)
      select ${sha256(token)}, m.user_id, now() + interval '1 hour', m.workspace_id
      from memberships m join roles r on r.id = m.role_id
      where m.workspace_id = ${database.workspace.id} and r.key = 'admin' limit 1`;
    if (rows.count !== 1) throw new Error("the workspace has no admin");
  } finally {
    await sql.end({ timeout: 5 });
  }
  return `next-auth.session-token=${token}`;
}

function textOf({ headers, body }: Answer): string {
  return (headers["content-encoding"] === "gzip" ? gunzipSync(body) : body).toString();
}

/** Every chunk that the page names, in tags or in the data that React reads; not the one for old browsers. */
function chunksOf(html: string): string[] {
  const forOldBrowsers = new Set(
    [...html.matchAll(/<script[^>]*\bnomodule\b[^>]*>/gi)].flatMap(([tag]) => namesIn(tag)),
  );
  return [...new Set(namesIn(html))].filter((name) => !forOldBrowsers.has(name));
}

function namesIn(text: string): string[] {
  return [...text.matchAll(/(?:\/_next\/)?static\/chunks\/[\w./~@%[\]()-]+?\.js/g)].map(([name]) =>
    name.startsWith("/_next/") ? name : `/_next/${name}`,
  );
}

export const pageWeightCase: BenchCase = {
  id: "e",
  title: "JavaScript of Settings → Integrations → API",
  run: async ({ large, startWeb }) => {
    const web = await startWeb(large);
    const cookie = await sessionCookie(large);
    const page = await get(`${web.url}${path}`, { cookie, "accept-encoding": "gzip" });
    if (page.status !== 200) throw new Error(`${path} answered ${page.status}`);
    const chunks = chunksOf(textOf(page));
    if (chunks.length === 0) throw new Error(`${path} names no JavaScript`);
    let bytes = 0;
    for (const chunk of chunks) {
      const answer = await get(`${web.url}${chunk}`, { "accept-encoding": "gzip" });
      if (answer.status !== 200) throw new Error(`${chunk} answered ${answer.status}`);
      bytes += answer.body.length;
    }
    await web.stop();
    return [
      {
        name: "compressed JavaScript of the first load",
        value: bytes / 1000,
        unit: "kB",
        atMost: 200,
        from: `${chunks.length} files, gzip as sent`,
      },
    ] satisfies Figure[];
  },
};
