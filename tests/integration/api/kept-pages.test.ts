import { expect, inject, test } from "vitest";
import { makeKey, makeMeetings, makeWorkspace } from "../../support/factories";

// Next bundles its own copy of our code; what one copy keeps, the other reads.

test("a list that one of our pages made is the API's answer as well, and the other way round", async () => {
  const workspace = await makeWorkspace();
  await makeMeetings(workspace, [{}, {}, {}]);
  const key = await makeKey(workspace.admin);
  const { cookie } = workspace.admin;
  const url = inject("laneUrl");
  const totals: number[] = [];
  for (const path of ["/meetings", "/", "/meetings"]) {
    expect((await fetch(`${url}${path}`, { headers: { cookie } })).status).toBe(200);
    const answer = await fetch(`${url}/v1/meetings`, {
      headers: { authorization: `Bearer ${key.token}` },
    });
    expect(answer.status).toBe(200);
    totals.push(((await answer.json()) as { pagination: { total: number } }).pagination.total);
  }
  expect(totals).toEqual([3, 3, 3]);
});
