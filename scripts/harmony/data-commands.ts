import postgres from "postgres";
import { z } from "zod";
import { defineCommand, wholeNumber } from "./command";
import { appliedMigrations } from "./migrations";

// The job queue takes a third of a second to load, so the commands that need it load it themselves.

export const migrateCommand = defineCommand({
  name: "migrate",
  description: "Bring the database to the newest schema. Safe to repeat and to run twice at once.",
  options: {},
  input: z.object({}),
  run: async () => {
    const { migrate } = await import("@/db/migrate");
    const { directDatabaseUrl } = await import("@/lib/jobs/enqueue");
    const url = directDatabaseUrl();
    const before = await countApplied(url);
    await migrate(url);
    const applied = (await countApplied(url)) - before;
    return {
      text:
        applied === 0
          ? `The database is up to date (${before} migrations).`
          : `${applied} ${applied === 1 ? "migration was" : "migrations were"} applied.`,
      json: { applied, total: before + applied },
    };
  },
});

async function countApplied(url: string): Promise<number> {
  const sql = postgres(url, { max: 1, connect_timeout: 10, onnotice: () => undefined });
  try {
    return (await appliedMigrations(sql)).length;
  } finally {
    await sql.end({ timeout: 5 });
  }
}

export const seedCommand = defineCommand({
  name: "seed",
  description: "Add many invented meetings, for measurements. Only the newest have a transcript.",
  options: {
    "--meetings <count>": "how many, over all workspaces",
    "--workspaces <count>": "how many workspaces to make for them (default 100)",
    "--half-in-first": "the first workspace gets half of the meetings",
  },
  input: z.object({
    meetings: wholeNumber("--meetings", 1, 100_000_000),
    workspaces: wholeNumber("--workspaces", 1, 10_000).default(100),
    halfInFirst: z.boolean().default(false),
  }),
  run: async ({ meetings, workspaces, halfInFirst }, { progress }) => {
    const { bulkSeed } = await import("@/db/bulk-seed");
    const { directDatabaseUrl } = await import("@/lib/jobs/enqueue");
    let shownAt = performance.now();
    const made = await bulkSeed(directDatabaseUrl(), {
      meetings,
      workspaces,
      sizes: halfInFirst ? "half_in_first" : "even",
      onProgress: (written) => {
        if (performance.now() - shownAt < 2000) return;
        shownAt = performance.now();
        progress(`${written.toLocaleString("en")} of ${meetings.toLocaleString("en")} meetings`);
      },
    });
    const [first] = made.workspaces;
    const last = made.workspaces.at(-1);
    const seconds = Math.round(made.seconds * 10) / 10;
    return {
      text: `${made.meetings.toLocaleString("en")} meetings in ${made.workspaces.length} workspaces (${first?.slug} to ${last?.slug}), ${made.transcripts} of them with a transcript, in ${seconds} s.`,
      json: {
        meetings: made.meetings,
        transcripts: made.transcripts,
        seconds,
        workspaces: made.workspaces,
      },
    };
  },
});
