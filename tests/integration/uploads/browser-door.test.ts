import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { db } from "@/db/client";
import { meetings } from "@/db/schema/meetings";
import { makeMember, makeWorkspace, type TestWorkspace } from "../../support/factories";

// POST /api/uploads: the upload of our own pages, with the session's cookie.

const origin = inject("laneUrl");
let workspace: TestWorkspace;

beforeAll(async () => {
  workspace = await makeWorkspace();
});

function send(
  headers: Record<string, string>,
  content = "Ada: Hello.\nTom: Good morning.",
  query = "",
) {
  const form = new FormData();
  form.set("title", "From the page");
  form.set("file", new File([content], "call.txt", { type: "text/plain" }));
  return fetch(`${origin}/api/uploads${query}`, { method: "POST", headers, body: form });
}

async function rowOf(response: Response) {
  const { id } = await response.json();
  const [row] = await db().select().from(meetings).where(eq(meetings.id, id));
  return row;
}

describe("the upload door of our own pages", () => {
  test("makes a meeting of the signed-in person, and says whether it was pasted", async () => {
    const headers = { cookie: workspace.admin.cookie, origin };
    const uploaded = await send(headers);
    expect(uploaded.status).toBe(202);
    expect(await rowOf(uploaded)).toMatchObject({
      workspaceId: workspace.id,
      userId: workspace.admin.userId,
      title: "From the page",
      source: "upload",
    });
    const pasted = await send(headers, undefined, "?source=transcript_paste");
    expect(await rowOf(pasted)).toMatchObject({ source: "transcript_paste" });
  });

  test.for([
    ["another site", "https://evil.example"],
    ["no origin at all", null],
    ["an opaque one", "null"],
  ] as const)("refuses the cookie from %s", async ([, from]) => {
    const headers = { cookie: workspace.admin.cookie, ...(from === null ? {} : { origin: from }) };
    const response = await send(headers);
    expect(response.status).toBe(403);
    expect((await response.json()).error).toMatchObject({ code: "forbidden" });
  });

  test("refuses a visitor who is not signed in, and an API key in place of the cookie", async () => {
    const anonymous = await send({ origin });
    expect(anonymous.status).toBe(401);
    const response = await send({ origin, authorization: "Bearer hk_live_x" });
    expect(response.status).toBe(401);
  });

  test("works on the Solo plan, where only the API's upload is not included", async () => {
    const solo = await makeWorkspace({ plan: "solo" });
    const owner = await makeMember(solo, { role: "user" });
    expect((await send({ cookie: owner.cookie, origin })).status).toBe(202);
  });

  test("tells the reason and the remedy of a refused file, also after a body that it did not want", async () => {
    const headers = { cookie: workspace.admin.cookie, origin };
    const empty = await send(headers, "");
    expect(empty.status).toBe(400);
    const { error } = await empty.json();
    expect(error.message).toBeTruthy();
    expect(error.fix).toBeTruthy();
    expect(empty.headers.get("x-request-id")).toBe(error.request_id);
    // Refused before the body is read: a browser still has to send all of it to get the answer.
    const large = await send({ origin }, "x".repeat(8_000_000));
    expect(large.status).toBe(401);
  });
});
