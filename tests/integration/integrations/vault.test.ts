import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { db } from "@/db/client";
import { ProviderError } from "@/lib/integrations/contract";
import { recordFault } from "@/lib/integrations/health";
import { disconnect } from "@/lib/integrations/service";
import { accessToken } from "@/lib/integrations/vault";
import { makeWorkspace, type TestWorkspace } from "../../support/factories";
import { sql } from "../../support/pg";
import { registerStandIn } from "../../support/stand-in-tool/provider";
import { json, type StandInTool, startStandInTool } from "../../support/stand-in-tool/server";
import { waitFor } from "../../support/wait-for";
import { jsonOf, makeDatabase, runCli } from "../cli/run-cli";
import { connect, onlyConnection } from "./connecting";

const slug = "stand_in_vault";
let tool: StandInTool;
let workspace: TestWorkspace;
let id: string;

beforeAll(async () => {
  tool = await startStandInTool();
  registerStandIn(slug, tool.url);
});
afterAll(() => tool.stop());
beforeEach(async () => {
  tool.unscript("POST /token");
  workspace = await makeWorkspace();
  await connect(workspace.admin, slug, tool, { account: workspace.id });
  ({ id } = await onlyConnection(workspace.id));
});

const expire = () =>
  sql`update connection_secrets set expires_at = now() + interval '30 seconds' where id = ${id}`;
const grant = () => tool.grants.find(({ account }) => account === workspace.id);
const refreshes = () =>
  tool.callsOf("POST /token").filter(({ body }) => body.includes("grant_type=refresh_token"))
    .length;
const faultOf = async (promise: Promise<unknown>) => {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ProviderError)) throw new Error(`no ProviderError: ${error}`);
  return error.fault;
};
const secrets = async () => {
  const [row] = await sql<
    { generation: number; refresh_began_at: Date | null; data_key_sealed: string }[]
  >`select * from connection_secrets where id = ${id}`;
  return row;
};

describe("a token", () => {
  test("that holds is given out as it is; one with less than a minute left is refreshed first", async () => {
    const before = refreshes();
    const first = await accessToken(id);
    expect(first).toEqual({ token: grant()?.access, generation: 1 });
    expect(refreshes()).toBe(before);
    await expire();
    const second = await accessToken(id);
    expect(second).toEqual({ token: grant()?.access, generation: 2 });
    expect(second.token).not.toBe(first.token);
    expect(refreshes()).toBe(before + 1);
  });

  test("that the tool refused is refreshed once, however many met the refusal", async () => {
    const before = refreshes();
    const { generation } = await accessToken(id);
    const all = await Promise.all(
      Array.from({ length: 20 }, () => accessToken(id, { staleGeneration: generation })),
    );
    expect(new Set(all.map(({ token }) => token))).toEqual(new Set([grant()?.access]));
    // Whoever comes later with the old generation gets the new token.
    expect(await accessToken(id, { staleGeneration: generation })).toEqual(all[0]);
    expect(refreshes()).toBe(before + 1);
  });

  test("moved to another connection's row does not open", async () => {
    const other = await makeWorkspace();
    await connect(other.admin, slug, tool, { account: other.id });
    const { id: otherId } = await onlyConnection(other.id);
    await sql`update connection_secrets s set access_token = o.access_token,
      data_key_sealed = o.data_key_sealed from connection_secrets o
      where s.id = ${id} and o.id = ${otherId}`;
    await expect(accessToken(id)).rejects.toThrow();
  });
});

interface Asker {
  readonly child: ChildProcess;
  readonly next: () => Promise<string>;
}

function startAsker(count: number): Asker {
  const child = spawn(
    process.execPath,
    [
      "--import",
      "tsx",
      "tests/support/stand-in-tool/ask-for-tokens.ts",
      ...[slug, tool.url, id, String(count)],
    ],
    {
      env: { NODE_ENV: "production", ...inject("serverEnv"), APP_URL: inject("laneUrl") },
      stdio: ["pipe", "pipe", "inherit"],
    },
  );
  const lines = createInterface({ input: child.stdout ?? process.stdin })[Symbol.asyncIterator]();
  return { child, next: async () => (await lines.next()).value as string };
}

describe("several processes", () => {
  test("with 50 callers that need a token at once send exactly one refresh", async () => {
    await expire();
    const before = refreshes();
    const askers = [startAsker(25), startAsker(25)];
    for (const { next } of askers) expect(await next()).toBe("ready");
    for (const { child } of askers) child.stdin?.write("go\n");
    const got = await Promise.all(
      askers.map(async ({ next }) => JSON.parse(await next()) as string[]),
    );
    expect(got).toEqual([[grant()?.access], [grant()?.access]]);
    expect(refreshes()).toBe(before + 1);
    expect(grant()?.isDead).toBe(false);
  });
});

describe("a refresh that goes wrong", () => {
  test("because the tool is busy is passing trouble, and the next one may try at once", async () => {
    await expire();
    tool.script("POST /token", json(503, {}));
    expect(await faultOf(accessToken(id))).toMatchObject({ kind: "transient" });
    tool.unscript("POST /token");
    expect(await accessToken(id)).toMatchObject({ generation: 2 });
  });

  test("because the grant is dead asks to reconnect", async () => {
    await expire();
    const mine = grant();
    if (mine) mine.isDead = true;
    expect(await faultOf(accessToken(id))).toEqual({ kind: "reauth", reason: "token_revoked" });
  });

  test("because our registration is refused says that it is ours to mend", async () => {
    await expire();
    tool.script("POST /token", json(401, { error: "invalid_client" }));
    expect(await faultOf(accessToken(id))).toEqual({
      kind: "reauth",
      reason: "provider_auth_error",
    });
  });

  test("with its answer lost is not sent again while it may still arrive, and then says what happened", async () => {
    await expire();
    const before = refreshes();
    const mine = grant();
    // The tool carries it out and the answer never comes: what a crash between answer and commit leaves, too.
    tool.script("POST /token", (response) => {
      if (mine) mine.refresh = "used up";
      response.destroy();
    });
    expect(await faultOf(accessToken(id))).toMatchObject({ kind: "transient" });
    tool.unscript("POST /token");
    expect((await secrets())?.refresh_began_at).not.toBeNull();
    expect(await faultOf(accessToken(id))).toMatchObject({ kind: "transient" });
    expect(refreshes()).toBe(before + 1);
    // The lease runs out.
    await sql`update connection_secrets set refresh_began_at = now() - interval '1 minute'
      where id = ${id}`;
    const fault = await faultOf(accessToken(id));
    expect(fault).toEqual({ kind: "reauth", reason: "token_expired" });
    const row = await onlyConnection(workspace.id);
    await db().transaction((tx) => recordFault(tx, row, fault, new Date()));
    expect(await onlyConnection(workspace.id)).toMatchObject({
      status: "needs_attention",
      attentionReason: "token_expired",
      attentionDetail: expect.stringContaining("interrupted"),
    });
  });

  test("with its process killed between the tool's answer and its storing is explained as well", async () => {
    await expire();
    const mine = grant();
    let isCarriedOut = false;
    tool.script("POST /token", () => {
      if (mine) mine.refresh = "used up";
      isCarriedOut = true;
    });
    const { child, next } = startAsker(1);
    expect(await next()).toBe("ready");
    child.stdin?.write("go\n");
    await waitFor("the refresh to reach the tool", () => isCarriedOut);
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
    tool.unscript("POST /token");
    await sql`update connection_secrets set refresh_began_at = refresh_began_at - interval '1 minute'
      where id = ${id}`;
    expect(await faultOf(accessToken(id))).toEqual({ kind: "reauth", reason: "token_expired" });
  });

  test("after a crash before the tool got it goes on with the old refresh token", async () => {
    await expire();
    await sql`update connection_secrets set refresh_began_at = now() - interval '1 minute'
      where id = ${id}`;
    expect(await accessToken(id)).toEqual({ token: grant()?.access, generation: 2 });
    expect((await secrets())?.refresh_began_at).toBeNull();
  });

  test("while somebody disconnects stores nothing", async () => {
    await expire();
    let release: (() => void) | undefined;
    tool.script("POST /token", (response, call) => {
      release = () => json(200, { access_token: "late", refresh_token: "late" })(response, call);
    });
    const pending = faultOf(accessToken(id));
    await waitFor("the refresh to reach the tool", () => release !== undefined);
    await disconnect(await workspace.admin.ctx(), { connectionId: id });
    release?.();
    expect(await pending).toMatchObject({ kind: "reauth" });
    expect(await secrets()).toBeUndefined();
  });
});

describe("rotating the master secret", () => {
  test("seals the data keys again while tokens are in use, and touches no token", async () => {
    const own = await makeDatabase();
    try {
      jsonOf(await runCli(own.env, ["migrate", "--json"]));
      const former = own.env.HARMONY_SECRET ?? "";
      const [row] = await sql`select * from connection_secrets where id = ${id}`;
      await own.sql`insert into workspaces (id, name, slug, plan) values ('wsp_a', 'A', 'a', 'max')`;
      await own.sql`insert into connections (id, workspace_id, provider, scope, status, connected_by_label)
        values (${id}, 'wsp_a', ${slug}, 'workspace', 'connected', 'Ada')`;
      await own.sql`insert into connection_secrets ${own.sql({ ...row, workspace_id: "wsp_a" })}`;
      const rotated = {
        ...own.env,
        HARMONY_SECRET: randomBytes(32).toString("base64"),
        HARMONY_SECRET_PREVIOUS: former,
      };
      expect(jsonOf(await runCli(rotated, ["secrets", "rotate", "--json"]))).toMatchObject({
        rewrapped: 1,
      });
      const [after] = await own.sql`select * from connection_secrets where id = ${id}`;
      expect(after?.data_key_sealed).not.toBe(row?.data_key_sealed);
      expect(after?.access_token).toBe(row?.access_token);
      // The new secret alone opens it.
      const asker = spawn(
        process.execPath,
        [
          ...["--import", "tsx", "tests/support/stand-in-tool/ask-for-tokens.ts"],
          ...[slug, tool.url, id, "1"],
        ],
        {
          env: { NODE_ENV: "production", ...rotated, HARMONY_SECRET_PREVIOUS: "" },
          stdio: ["pipe", "pipe", "inherit"],
        },
      );
      const lines = createInterface({ input: asker.stdout })[Symbol.asyncIterator]();
      expect((await lines.next()).value).toBe("ready");
      asker.stdin.write("go\n");
      expect(JSON.parse((await lines.next()).value as string)).toEqual([grant()?.access]);
    } finally {
      await own.drop();
    }
  });
});
