import { expect, inject, test } from "vitest";
import { makeWorkspace } from "../../support/factories";
import { sql } from "../../support/pg";
import { jsonOf, runCli } from "./run-cli";

// Two processes of the CLI, each of which loads the whole product.
test("connection list shows a workspace's connections and nobody else's", async () => {
  const [workspace, stranger] = [await makeWorkspace(), await makeWorkspace()];
  for (const { id, admin } of [workspace, stranger]) {
    await sql`insert into connections (id, workspace_id, provider, scope, owner_user_id, status,
        attention_reason, account_label, connected_by_label, connected_at)
      values (${`conn_${id}`}, ${id}, 'google_calendar', 'personal', ${admin.userId}, 'needs_attention',
        'token_revoked', 'ada@acme.test', 'Ada', now())`;
  }
  const args = ["connection", "list", "--workspace", workspace.id];
  expect(jsonOf(await runCli(inject("serverEnv"), [...args, "--json"]))).toEqual({
    workspace: workspace.id,
    connections: [
      {
        id: `conn_${workspace.id}`,
        provider: "google_calendar",
        scope: "personal",
        owner: workspace.admin.email,
        status: "needs_attention",
        reason: "token_revoked",
        account: "ada@acme.test",
        connected_at: expect.stringMatching(/Z$/),
        last_sync_at: null,
      },
    ],
  });
  const { stdout } = await runCli(inject("serverEnv"), args);
  expect(stdout).toBe(
    `conn_${workspace.id}  Google Calendar  ${workspace.admin.email}  Needs Attention (token_revoked)  ada@acme.test\n`,
  );
}, 90_000);
