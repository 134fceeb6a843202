import { execFile } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";

// dependency-cruiser reports success when it understands no file at all, for instance beside a TypeScript that it
// does not know. So the rules are proved on a small project in which every one of them is broken once.

const root = process.cwd();
const run = promisify(execFile);

const report = z.object({
  summary: z.object({
    totalCruised: z.number(),
    violations: z.array(
      z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) }),
    ),
  }),
});

/** Cruises some folders of a project; the exit code is the number of violations and is not looked at. */
async function cruise(folder: string, paths: readonly string[]) {
  const depcruise = join(
    root,
    "node_modules",
    "dependency-cruiser",
    "bin",
    "dependency-cruise.mjs",
  );
  const args = [
    depcruise,
    "--config",
    ".dependency-cruiser.cjs",
    "--output-type",
    "json",
    ...paths,
  ];
  const options = { cwd: folder, maxBuffer: 64 * 1024 * 1024 };
  const { stdout } = await run(process.execPath, args, options).catch(
    (error: { stdout: string }) => error,
  );
  return report.parse(JSON.parse(stdout)).summary;
}

/** rule → [file that breaks it, what it imports]. */
const seeded: readonly (readonly [rule: string, file: string, imports: string])[] = [
  ["core-is-the-floor", "lib/core/floor.ts", "@/lib/meetings/service"],
  ["db-knows-no-feature", "db/columns.ts", "@/lib/meetings/service"],
  ["platform-knows-no-feature", "lib/http/door.ts", "@/lib/meetings/service"],
  ["pure-libraries-are-pure", "lib/transcripts/parse.ts", "@/db/client"],
  ["engines-know-no-feature", "lib/media/decode.ts", "@/lib/meetings/queries"],
  ["features-meet-at-the-service", "lib/contacts/service.ts", "@/lib/meetings/queries"],
  ["queries-are-private", "app/page.tsx", "@/lib/meetings/queries"],
  ["only-composition-sees-sync", "lib/insights/service.ts", "@/lib/sync/engine"],
  ["nothing-imports-the-doors", "lib/teams/service.ts", "@/app/page"],
  ["server-code-renders-nothing", "lib/mail/render.ts", "@/components/card"],
  ["components-take-props", "components/list.tsx", "@/lib/meetings/service"],
  ["providers-are-pure", "lib/integrations/providers/slack/index.ts", "@/lib/core/env"],
  ["providers-are-pure", "lib/integrations/providers/zoom/index.ts", "@/db/client"],
  ["providers-are-pure", "lib/integrations/providers/asana/index.ts", "../slack/index"],
  [
    "providers-behind-the-registry",
    "lib/uploads/service.ts",
    "@/lib/integrations/providers/slack/index",
  ],
  ["no-next-below-the-doors", "lib/notes/service.ts", "next/headers"],
  ["next-auth-in-one-place", "lib/users/service.ts", "next-auth"],
  ["routes-without-next", "app/api/v1/meetings/route.ts", "next/server"],
  ["production-without-tests", "lib/plans/plans.ts", "@/tests/support/wait-for"],
  ["production-without-scripts", "lib/jobs/run.ts", "@/scripts/start"],
  ["production-without-sandbox", "lib/calendar/service.ts", "@/sandbox/server"],
  ["sandbox-stands-alone", "sandbox/slack/index.ts", "@/db/client"],
  ["production-without-dev-packages", "lib/storage/folder.ts", "vitest"],
  ["no-circular", "lib/core/one.ts", "@/lib/core/two"],
  ["no-unresolvable", "lib/audit/record.ts", "@/lib/audit/missing"],
];

const allowed = [
  // The one provider in the list above that keeps its rule: core is what a provider may see.
  "lib/integrations/providers/slack/index.ts",
  "lib/core/env.ts",
];

/** Modules that the seeds import and that import nothing themselves. */
const targets = [
  "lib/core/env.ts",
  "lib/meetings/service.ts",
  "lib/meetings/queries.ts",
  "lib/sync/engine.ts",
  "db/client.ts",
  "components/card.tsx",
  "tests/support/wait-for.ts",
  "scripts/start.ts",
  "sandbox/server.ts",
  "lib/orphans/left-over.ts",
];

describe("the import rules", () => {
  let project: string;
  let found: z.infer<typeof report>["summary"];

  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(project, file)), { recursive: true });
    writeFileSync(join(project, file), text);
  };

  beforeAll(async () => {
    project = mkdtempSync(join(tmpdir(), "harmony-imports-"));
    for (const file of [".dependency-cruiser.cjs", "tsconfig.json", "package.json"]) {
      cpSync(join(root, file), join(project, file));
    }
    symlinkSync(join(root, "node_modules"), join(project, "node_modules"));
    for (const file of targets) write(file, "export const value = 1;\n");
    for (const [, file, imports] of seeded) {
      write(file, `import * as other from "${imports}";\nexport const value = other;\n`);
    }
    write("lib/core/two.ts", 'import * as other from "./one";\nexport const value = other;\n');
    found = await cruise(project, ["app", "components", "db", "lib", "sandbox"]);
  });

  afterAll(() => rmSync(project, { recursive: true, force: true }));

  const breaks = (rule: string, file: string) =>
    found.violations.some((violation) => violation.rule.name === rule && violation.from === file);

  test.for(seeded.filter(([, file]) => !allowed.includes(file)))(
    "%s catches %s → %s",
    ([rule, file]) => {
      expect(breaks(rule, file)).toBe(true);
    },
  );

  test("a module that nobody imports and that imports nothing is caught", () => {
    expect(breaks("no-orphans", "lib/orphans/left-over.ts")).toBe(true);
  });

  test("what is allowed is not caught", () => {
    const wrong = found.violations.filter(({ from }) => allowed.includes(from));
    expect(wrong).toEqual([]);
  });

  test("every rule of the configuration is proved here", async () => {
    const { default: config } = await import(join(root, ".dependency-cruiser.cjs"));
    const rules: string[] = config.forbidden.map(({ name }: { name: string }) => name);
    const proved = new Set([...seeded.map(([rule]) => rule), "no-orphans"]);
    expect(rules.filter((rule) => !proved.has(rule))).toEqual([]);
  });
});

test("the product itself is read by the checker, and keeps the rules", async () => {
  const paths = ["app", "components", "db", "lib", "sandbox", "scripts", "tests"];
  const summary = await cruise(
    root,
    [...paths, "server.ts", "worker.ts", "media-worker.ts"].filter((path) =>
      existsSync(join(root, path)),
    ),
  );
  expect(summary.totalCruised).toBeGreaterThan(150);
  expect(summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)).toEqual(
    [],
  );
});
