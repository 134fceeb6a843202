import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { verifyPassword } from "@/lib/auth/password";
import { sql as stackSql } from "../../support/pg";
import { type CliEnv, jsonOf, makeDatabase, type OwnDatabase, runCli } from "./run-cli";

// The real command line against a database of its own; what must be seen by the running product (a key that
// works, a plan that holds at once) goes through the servers under test.

let own: OwnDatabase;

beforeAll(async () => {
  own = await makeDatabase();
});
afterAll(() => own.drop());

const harmony = (args: readonly string[], input?: string) => runCli(own.env, args, input);
const lines = (text: string) => text.trimEnd().split("\n");

/** Starting a process takes a second on a quiet machine and several on a busy one. */
vi.setConfig({ testTimeout: 120_000 });

describe("migrate", () => {
  it("says that tables are missing before, applies them once and then finds nothing to do", async () => {
    const before = await harmony(["workspace", "create", "--name", "Early", "--plan", "plus"]);
    expect(before.code).toBe(1);
    expect(before.stderr).toContain("run: npm run -s harmony -- migrate");
    expect(lines(before.stderr)).toHaveLength(1);

    const first = jsonOf(await harmony(["migrate", "--json"]));
    expect(first.applied).toBe(first.total);
    expect(jsonOf(await harmony(["migrate", "--json"]))).toEqual({
      applied: 0,
      total: first.total,
    });
  });
});

describe("workspace create", () => {
  it("makes a workspace with its three roles, on the plan, and leaves an audit event of the CLI", async () => {
    const made = jsonOf(
      await harmony(["workspace", "create", "--name", "Blue Whale", "--plan", "max", "--json"]),
    );
    expect(made).toMatchObject({ slug: "blue-whale", plan: "max", rate_limit_per_minute: null });
    const id = String(made.id);
    const roles = await own.sql`select key from roles where workspace_id = ${id} order by key`;
    expect(roles.map((role) => role.key)).toEqual(["admin", "manager", "user"]);
    const audit = await own.sql`select action, actor_type, actor_label from audit_events
      where workspace_id = ${id}`;
    expect([...audit]).toEqual([
      { action: "workspace.created", actor_type: "system", actor_label: "Admin CLI" },
    ]);
  });

  it("refuses an unknown plan in one line that names the plans, and makes nothing", async () => {
    const refused = await harmony(["workspace", "create", "--name", "Nobody", "--plan", "gold"]);
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(lines(refused.stderr)).toEqual([
      'harmony: "gold" is not a plan; choose one of: solo, plus, max, enterprise',
    ]);
    const [row] = await own.sql`select count(*)::int as n from workspaces where name = 'Nobody'`;
    expect(row?.n).toBe(0);
  });
});

describe("user create", () => {
  const password = "a phrase of several words";

  it("reads the password from standard input; it then signs in, and is nowhere in clear", async () => {
    const made = await harmony(
      [
        "user",
        "create",
        "--workspace",
        "blue-whale",
        "--email",
        "Ona@Whale.example",
        "--role",
        "admin",
        "--password",
        "-",
      ],
      `${password}\n`,
    );
    expect(made).toMatchObject({ code: 0, stderr: "" });
    const [user] =
      await own.sql`select email, password_hash from users where email = 'ona@whale.example'`;
    expect(await verifyPassword(String(user?.password_hash), password)).toBe(true);
    expect(made.stdout).not.toContain(password);
  });

  it("refuses a short password, an unknown role and a member who is there, each in one line", async () => {
    const on = ["user", "create", "--workspace", "blue-whale", "--email"];
    const short = await harmony(
      [...on, "b@whale.example", "--role", "user", "--password", "-"],
      "short",
    );
    expect(short.stderr).toMatch(/^harmony: --password: Use at least 12 characters.*\n$/);
    const role = await harmony([...on, "b@whale.example", "--role", "boss"]);
    expect(role.stderr).toBe(
      'harmony: "boss" is not a role; choose one of: admin, manager, user\n',
    );
    const twice = await harmony([...on, "ona@whale.example", "--role", "user"]);
    expect(twice.stderr).toBe('harmony: ona@whale.example is a member of "Blue Whale" already\n');
    expect([short.code, role.code, twice.code]).toEqual([1, 1, 1]);
    const [row] =
      await own.sql`select count(*)::int as n from users where email = 'b@whale.example'`;
    expect(row?.n).toBe(0);
  });

  it("adds somebody with an account to a second workspace, and never changes their password", async () => {
    await harmony(["workspace", "create", "--name", "Second", "--plan", "plus"]);
    const on = [
      "user",
      "create",
      "--workspace",
      "second",
      "--email",
      "ona@whale.example",
      "--role",
      "user",
    ];
    const refused = await harmony([...on, "--password", "-"], "another long password");
    expect(refused.stderr).toContain("has an account and keeps its password");
    expect(jsonOf(await harmony([...on, "--json"]))).toMatchObject({ is_new_account: false });
    const [user] = await own.sql`select password_hash from users where email = 'ona@whale.example'`;
    expect(await verifyPassword(String(user?.password_hash), password)).toBe(true);
  });

  it("does not wait for ever when standard input is empty", async () => {
    const refused = await harmony([
      ...["user", "create", "--workspace", "second", "--email", "c@whale.example"],
      ...["--role", "user", "--password", "-"],
    ]);
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.stderr).toContain("standard input was empty");
  });
});

describe("key create and plan set, against the running product", () => {
  const live = inject("serverEnv");

  it("prints only the key, which the API takes at once, and a plan whose limit holds within a request", async () => {
    const name = `Cli ${randomBytes(4).toString("hex")}`;
    const made = jsonOf(
      await runCli(live, ["workspace", "create", "--name", name, "--plan", "plus", "--json"]),
    );
    const printed = await runCli(live, [
      "key",
      "create",
      "--workspace",
      String(made.id),
      "--name",
      "CI",
    ]);
    expect(printed).toMatchObject({ code: 0, stderr: "" });
    expect(printed.stdout).toMatch(/^hk_live_[0-9A-Za-z]{36}\n$/);
    const ask = async () => {
      const response = await fetch(`${inject("laneUrl")}/api/v1/meetings`, {
        headers: { authorization: `Bearer ${printed.stdout.trim()}` },
      });
      return [response.status, response.headers.get("x-ratelimit-limit")];
    };
    expect(await ask()).toEqual([200, "60"]);
    const on = ["--workspace", String(made.slug)];
    jsonOf(
      await runCli(live, [
        "plan",
        "set",
        ...on,
        "--plan",
        "enterprise",
        "--rate-limit",
        "4321",
        "--json",
      ]),
    );
    // The first answer still shows the limit that its process had read; it is not counted against it.
    expect((await ask())[0]).toBe(200);
    expect(await ask()).toEqual([200, "4321"]);

    const audit = await stackSql`select action, actor_label from audit_events
      where workspace_id = ${String(made.id)} order by at`;
    expect(audit.map(({ action, actor_label }) => `${action} ${actor_label}`)).toEqual([
      "workspace.created Admin CLI",
      "api_key.generated Admin CLI",
      "workspace.plan_changed Admin CLI",
    ]);
  });

  it("keeps to the plan: a Solo workspace gets one key, and none that uploads", async () => {
    jsonOf(await harmony(["workspace", "create", "--name", "Lone", "--plan", "solo", "--json"]));
    const on = ["key", "create", "--workspace", "lone", "--name", "K"];
    const upload = await harmony([...on, "--access", "read_write"]);
    expect(upload.stderr).toContain("not part of the Solo plan");
    expect((await harmony(on)).code).toBe(0);
    const second = await harmony(on);
    expect(second).toMatchObject({ code: 1, stdout: "" });
    expect(second.stderr).toContain("The Solo plan includes 1 active API keys");
  });

  it("names the workspaces that exist when one does not", async () => {
    const refused = await harmony(["key", "create", "--workspace", "blue-wale", "--name", "K"]);
    expect(refused.stderr).toBe(
      'harmony: there is no workspace "blue-wale"; there are: blue-whale, lone, second\n',
    );
  });
});

describe("secrets rotate", () => {
  it("seals everything again under the new secret, and says when a secret is missing", async () => {
    const [oldSecret, newSecret] = [
      randomBytes(32).toString("base64"),
      randomBytes(32).toString("base64"),
    ];
    await own.sql`create table rotation_probe (id text primary key, token_sealed text)`;
    await own.sql`insert into rotation_probe
      select 'row_' || g, ${sealedUnder(oldSecret, "row_1")} from generate_series(1, 1) g`;
    const job = { workspaceId: "wsp_a", id: "grant_1", sealed: sealedUnder(oldSecret, "grant_1") };
    await own.sql`insert into pgboss.job (name, data) values ('grant.end', ${own.sql.json(job)})`;
    const rotate = (env: Record<string, string>) =>
      runCli({ ...own.env, ...env }, ["secrets", "rotate", "--json"]);

    const without = await rotate({ HARMONY_SECRET: newSecret });
    expect(without.code).toBe(1);
    expect(without.stderr).toContain("2 stored secrets cannot be opened");

    const both = { HARMONY_SECRET: newSecret, HARMONY_SECRET_PREVIOUS: oldSecret };
    expect(jsonOf(await rotate(both))).toEqual({
      columns: [
        "connect_states.verifier_sealed",
        "connection_secrets.data_key_sealed",
        "meetings.source_url_sealed",
        "provider_hooks.secret_sealed",
        "rotation_probe.token_sealed",
        "webhooks.next_secret_sealed",
        "webhooks.secret_sealed",
      ],
      rewrapped: 2,
      current: 0,
      previous_secret_needed: false,
    });
    // The old secret is no longer needed: the new one alone opens what was stored.
    expect(jsonOf(await rotate({ HARMONY_SECRET: newSecret }))).toMatchObject({
      rewrapped: 0,
      current: 2,
    });
    await own.sql`delete from pgboss.job where name = 'grant.end'`;
    await own.sql`drop table rotation_probe`;
  });
});

/** Seals a value in a process that knows only this secret. */
function sealedUnder(secret: string, id: string): string {
  const code = `import("./lib/core/crypto.ts").then(({ seal }) => process.stdout.write(seal("tool token", "${id}")))`;
  return evaluate({ ...own.env, HARMONY_SECRET: secret }, code);
}

describe("seed", () => {
  it("adds the meetings over the workspaces with exact counters, people and transcripts for the newest", async () => {
    const made = jsonOf(
      await harmony([
        "seed",
        "--meetings",
        "1003",
        "--workspaces",
        "3",
        "--half-in-first",
        "--json",
      ]),
    );
    expect(made).toMatchObject({ meetings: 1003, transcripts: 60 });
    const counted = await own.sql`select w.slug, count(*)::int as rows,
        (select sum(n)::int from meeting_counts c where c.workspace_id = w.id) as kept
      from workspaces w join meetings m on m.workspace_id = w.id where w.slug like 'bulk-%'
      group by w.id order by w.slug`;
    expect(counted.map((row) => [row.slug, row.rows, row.kept])).toEqual([
      ["bulk-001", 501, 501],
      ["bulk-002", 251, 251],
      ["bulk-003", 251, 251],
    ]);
    const [open] =
      await own.sql`select count(*)::int as n from meetings where status in ('queued', 'processing')`;
    expect(open?.n).toBe(0);
  });
});

describe("the demo workspace", () => {
  it("is seeded once, complete, and consistent with its events and counters", async () => {
    const seed = () =>
      evaluate(
        own.env,
        'import("./db/seed.ts").then(({ seedDemo }) => seedDemo()).then(() => process.exit(0))',
      );
    seed();
    const count = async () => {
      const [row] = await own.sql`select count(*)::int as n from meetings m
        join workspaces w on w.id = m.workspace_id where w.slug = 'acme'`;
      return row?.n;
    };
    const first = await count();
    expect(first).toBeGreaterThan(140);
    seed();
    expect(await count()).toBe(first);

    const [facts] = await own.sql`
      with m as (select m.* from meetings m join workspaces w on w.id = m.workspace_id where w.slug = 'acme')
      select (select count(*)::int from m where status not in ('processed', 'failed')) as stuck,
        (select count(*)::int from m where status = 'processed'
          and not exists (select 1 from transcripts t where t.meeting_id = m.id)) as silent,
        (select count(*)::int from m where status = 'processed'
          and not exists (select 1 from summaries s where s.meeting_id = m.id)) as without_summary,
        (select count(*)::int from m where 1 <> (select count(*) from events e where e.meeting_id = m.id
          and e.type = 'meeting.' || m.status)) as without_event,
        (select count(*)::int from insight_results r join m on m.id = r.meeting_id where r.status = 'answered'
          and 1 <> (select count(*) from events e where e.type = 'insight.generated'
            and e.data ->> 'result_id' = r.id)) as answers_without_event,
        (select count(distinct i.type)::int from insights i join workspaces w on w.id = i.workspace_id
          where w.slug = 'acme') as types,
        (select count(distinct failure_code)::int from m where status = 'failed') as failure_codes,
        (select count(*)::int from participants p join m on m.id = p.meeting_id
          where p.user_id is null and p.contact_id is null) as strangers,
        (select array_agg(distinct s.engine ->> 'id') from summaries s join m on m.id = s.meeting_id) as engines`;
    expect(facts).toEqual({
      stuck: 0,
      silent: 0,
      without_summary: 0,
      without_event: 0,
      answers_without_event: 0,
      types: 8,
      failure_codes: 6,
      strangers: 0,
      engines: ["rules"],
    });
  });
});

/** Runs a line of our own code in a process with this environment; what it printed. */
function evaluate(env: CliEnv, code: string): string {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--import", "tsx", "--eval", code],
    { env: { NODE_ENV: "production", ...env }, encoding: "utf8", timeout: 60_000 },
  );
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

describe("doctor", () => {
  it("finds an installation in order", async () => {
    const { ok, checks } = jsonOf(await harmony(["doctor", "--json"])) as {
      ok: boolean;
      checks: { name: string; status: string; message: string }[];
    };
    expect(ok).toBe(true);
    const found = new Map(checks.map(({ name, message }) => [name, message]));
    expect(found.get("Database")).toMatch(/^PostgreSQL \d+/);
    expect(found.get("Migrations")).toMatch(/^all \d+ migrations are applied$/);
    expect([...found.keys()]).toEqual([
      ...[
        "Node.js",
        "Secret",
        "Data folder",
        "Storage",
        "Address",
        "Database",
        "Migrations",
        "Work",
        "Events",
        "Files",
      ],
      ...["Mail", "Speech", "Recordings", "Language model", "Tools"],
    ]);
  });

  it("names what is broken, with the remedy, and ends with 1", async () => {
    const server = createServer((_request, response) => response.writeHead(401).end());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const broken = await runCli(
      {
        ...own.env,
        APP_URL: "http://harmony.example",
        SMTP_URL: "smtp://127.0.0.1:1",
        LLM_URL: `http://127.0.0.1:${port}`,
        LLM_KEY: "not-this-one",
        LLM_MODEL: "any",
        TRANSCRIBE_URL: "http://127.0.0.1:1",
      },
      ["doctor", "--json"],
    );
    server.close();
    expect(broken.code).toBe(1);
    expect(broken.stdout).not.toContain("not-this-one");
    const { checks } = JSON.parse(broken.stdout) as {
      checks: { name: string; status: string; fix?: string }[];
    };
    const looked = ["Address", "Mail", "Speech", "Language model"];
    const found = checks.filter(({ name }) => looked.includes(name));
    expect(found.map(({ name, status, fix }) => [name, status, fix])).toEqual([
      ["Address", "warning", "Put a TLS proxy in front and set APP_URL to its https address."],
      ["Mail", "failed", "Check SMTP_URL."],
      ["Speech", "failed", "Check TRANSCRIBE_URL."],
      ["Language model", "failed", "Check LLM_KEY."],
    ]);
  });

  it("says when migrations are missing", async () => {
    const empty = await makeDatabase();
    const { code, stdout } = await runCli(empty.env, ["doctor"]);
    await empty.drop();
    expect(code).toBe(1);
    expect(stdout).toMatch(/FAILED +Migrations +\d+ of \d+ migrations are missing/);
  });
});

describe("webhook create", () => {
  const create = (workspace: string, ...rest: string[]) =>
    harmony(["webhook", "create", "--workspace", workspace, ...rest]);

  it("prints the id and, this once, the secret of a webhook for the events that were named", async () => {
    const made = jsonOf(
      await harmony(["workspace", "create", "--name", "Hooked", "--plan", "plus", "--json"]),
    );
    const url = "https://hooks.example.com/in";
    const events = "meeting.processed, insight.generated";
    const printed = await create(String(made.slug), "--url", url, "--events", events);
    expect(printed).toMatchObject({ code: 0, stderr: "" });
    const [id, secret] = lines(printed.stdout);
    expect(secret).toMatch(/^whsec_[0-9A-Za-z+/]{43}=$/);
    const stored = await own.sql`select id, name, url, events, secret_sealed from webhooks
      where workspace_id = ${String(made.id)}`;
    expect([...stored]).toEqual([
      {
        id,
        name: "hooks.example.com",
        url,
        events: ["meeting.processed", "insight.generated"],
        secret_sealed: expect.not.stringContaining(secret?.slice("whsec_".length, -4) ?? ""),
      },
    ]);
    const json = jsonOf(
      await create(String(made.id), "--url", url, "--events", "meeting.failed", "--json"),
    );
    expect(json).toEqual({
      id: expect.stringMatching(/^whk_/),
      name: "hooks.example.com",
      workspace_id: made.id,
      secret: expect.stringMatching(/^whsec_/),
    });
  });

  it("refuses in one line an address that is not allowed, and an event that does not exist", async () => {
    const address = await create(
      "hooked",
      "--url",
      "http://10.0.0.1/",
      "--events",
      "meeting.failed",
    );
    expect(address).toMatchObject({ code: 1, stdout: "" });
    expect(lines(address.stderr)).toHaveLength(1);
    expect(address.stderr).toContain("private, local or reserved network");
    const event = await create(
      "hooked",
      "--url",
      "https://example.com/",
      "--events",
      "meeting.done",
    );
    expect(lines(event.stderr)).toEqual([
      'harmony: "meeting.done" is not a kind of event; choose one of: meeting.started, meeting.processed, meeting.failed, insight.generated',
    ]);
  });
});

describe("every failure", () => {
  it.each([
    ["no command at all", []],
    ["an unknown command", ["wrkspace"]],
    ["an unknown option", ["workspace", "create", "--nam", "x"]],
    ["a word too many", ["migrate", "now"]],
    ["a number that is none", ["seed", "--meetings", "many"]],
  ])("is one line on standard error and exit code 1: %s", async (_what, args) => {
    const { code, stdout, stderr } = await harmony(args);
    expect(code).toBe(1);
    expect(stdout).toBe("");
    expect(lines(stderr)).toHaveLength(1);
    expect(stderr).toMatch(/^harmony: \S/);
  });

  it("is one line for a database that does not answer, and JSON with --json", async () => {
    const env = { ...own.env, DATABASE_URL: "postgres://nobody:secret-word@127.0.0.1:1/none" };
    const { code, stderr } = await runCli(env, ["migrate", "--json"]);
    expect(code).toBe(1);
    expect(JSON.parse(stderr).error.message).toContain("the database does not answer");
    expect(stderr).not.toContain("secret-word");
  });
});
