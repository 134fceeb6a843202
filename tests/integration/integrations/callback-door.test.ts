import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { sendRaw } from "../../support/api-client";
import { makeWorkspace, type TestWorkspace } from "../../support/factories";
import { sql } from "../../support/pg";
import { type RunningWeb, startWeb } from "../../support/stack";
import { json, type StandInTool, startStandInTool } from "../../support/stand-in-tool/server";
import { begin } from "./connecting";

// The callback as a browser meets it, with Slack's addresses turned to a stand-in by the environment.

let tool: StandInTool;
let web: RunningWeb;
let workspace: TestWorkspace;

beforeAll(async () => {
  tool = await startStandInTool();
  const variables = {
    SLACK_CLIENT_ID: "id",
    SLACK_CLIENT_SECRET: "secret",
    SLACK_AUTHORIZE_URL: `${tool.url}/authorize`,
    SLACK_TOKEN_URL: `${tool.url}/slack-token`,
    SLACK_API_URL: `${tool.url}/api`,
    SLACK_REVOKE_URL: `${tool.url}/revoke`,
  };
  Object.assign(process.env, variables);
  web = await startWeb(inject("serverEnv"), variables);
  workspace = await makeWorkspace();
  const scope = "chat:write,chat:write.public,channels:read,groups:read";
  const team = { id: `T${workspace.id.slice(4, 12).toUpperCase()}`, name: "Acme" };
  tool.script(
    "POST /slack-token",
    json(200, {
      ok: true,
      access_token: "xoxb-1",
      token_type: "bot",
      scope,
      bot_user_id: "U0",
      app_id: "A0",
      team,
      enterprise: null,
      is_enterprise_install: false,
    }),
  );
  tool.script(
    "POST /api/auth.test",
    json(
      200,
      {
        ok: true,
        url: "https://acme.slack.com/",
        team: "Acme",
        user: "harmony",
        team_id: team.id,
        user_id: "U0",
        bot_id: "B0",
        is_enterprise_install: false,
      },
      { "x-oauth-scopes": scope },
    ),
  );
});
afterAll(async () => {
  await web.stop();
  await tool.stop();
});

const get = (path: string, cookie = "") => sendRaw(web.url, { path, headers: { cookie } });

describe("the callback", () => {
  test("stores the connection, ends its cookie, and goes on to an address without the code", async () => {
    const { url, cookie } = await begin(workspace.admin, "slack");
    const state = new URL(url).searchParams.get("state") ?? "";
    const answer = await get(
      `/api/integrations/slack/callback?code=the-code&state=${state}`,
      `${workspace.admin.cookie}; ${cookie.name}=${cookie.value}`,
    );
    expect(answer.status).toBe(303);
    expect(answer.headers.location).toBe(
      `${web.url}/settings/integrations/slack?outcome=connected&attempt=${createHash("sha256").update(state).digest("hex")}&tab=sync`,
    );
    expect(answer.headers).toMatchObject({
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
    });
    expect(answer.headers["set-cookie"]).toContain(`${cookie.name}=; Path=/api/integrations`);
    const [row] = await sql`select status, account_label from connections
      where workspace_id = ${workspace.id} and provider = 'slack'`;
    expect(row).toEqual({ status: "connected", account_label: "Acme" });
    const asked = new URLSearchParams(tool.callsOf("POST /slack-token").at(-1)?.body);
    expect(Object.fromEntries(asked)).toMatchObject({
      grant_type: "authorization_code",
      code: "the-code",
      client_id: "id",
      client_secret: "secret",
    });
    expect(asked.has("code_verifier")).toBe(false);
  });

  test("sends a browser without a session, cookie or state to the tool's page, and a wrong tool nowhere", async () => {
    for (const path of ["slack/callback", "slack/callback?code=x&state=y"]) {
      const { status, headers } = await get(`/api/integrations/${path}`);
      expect({ status, location: headers.location }).toEqual({
        status: 303,
        location: `${web.url}/settings/integrations/slack?outcome=expired`,
      });
    }
    expect((await get("/api/integrations/nobody/callback?code=x&state=y")).status).toBe(404);
  });
});
