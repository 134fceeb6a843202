import { asc, gt } from "drizzle-orm";
import { z } from "zod";
import { db } from "@/db/client";
import { workspaces } from "@/db/schema/workspaces";
import { type ChainReport, verifyChain } from "@/lib/audit/verify-chain";
import { defineCommand } from "./command";
import { findWorkspace } from "./workspaces";

interface Room {
  readonly id: string;
  readonly slug: string;
}

const pageRows = 500;

async function* allWorkspaces(): AsyncGenerator<Room> {
  let after = "";
  for (;;) {
    const rooms = await db()
      .select({ id: workspaces.id, slug: workspaces.slug })
      .from(workspaces)
      .where(gt(workspaces.id, after))
      .orderBy(asc(workspaces.id))
      .limit(pageRows);
    yield* rooms;
    const last = rooms.at(-1);
    if (last === undefined || rooms.length < pageRows) return;
    after = last.id;
  }
}

async function* chosen(workspace: string | undefined): AsyncGenerator<Room> {
  if (workspace === undefined) yield* allWorkspaces();
  else yield await findWorkspace(workspace);
}

interface Sum {
  chains: number;
  verified: number;
  waiting: number;
  problems: number;
  readonly faulty: { readonly workspace: Room; readonly report: ChainReport }[];
}

const counted = (n: number, one: string, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;
const entries = (n: number) => counted(n, "entry", "entries");

function linesOf({ workspace, report }: Sum["faulty"][number]): string[] {
  const more = report.problemsTotal - report.problems.length;
  return [
    `${workspace.slug} (${workspace.id}): the chain does not hold`,
    ...report.problems.map(({ message }) => `  ${message}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}

function textOf(sum: Sum): string {
  const chains = counted(sum.chains, "workspace");
  const verb = sum.waiting === 1 ? "waits" : "wait";
  const waiting =
    sum.waiting === 0
      ? ""
      : ` ${entries(sum.waiting)} ${verb} to be sealed, which the worker does.`;
  const head =
    sum.problems === 0
      ? `The audit trail holds: ${entries(sum.verified)} of ${chains} verified.`
      : `The audit trail does not hold: ${counted(sum.problems, "problem")}; ${entries(sum.verified)} of ${chains} fit.`;
  return [head + waiting, ...sum.faulty.flatMap(linesOf)].join("\n");
}

export const verifyAuditCommand = defineCommand({
  name: "audit verify",
  description: "Verify that no entry of the audit trail was changed, removed or inserted.",
  options: { "--workspace <idOrSlug>": "one workspace instead of all" },
  input: z.object({ workspace: z.string().optional() }),
  run: async ({ workspace }, { progress }) => {
    const sum: Sum = { chains: 0, verified: 0, waiting: 0, problems: 0, faulty: [] };
    for await (const room of chosen(workspace)) {
      const report = await verifyChain(room.id);
      sum.chains += 1;
      sum.verified += report.verified;
      sum.waiting += report.waiting;
      sum.problems += report.problemsTotal;
      if (report.problemsTotal > 0) sum.faulty.push({ workspace: room, report });
      if (sum.chains % 100 === 0) progress(`${sum.chains} workspaces, ${sum.verified} entries …`);
    }
    return {
      ok: sum.problems === 0,
      text: textOf(sum),
      json: {
        ok: sum.problems === 0,
        workspaces: sum.chains,
        verified: sum.verified,
        waiting: sum.waiting,
        problems_total: sum.problems,
        problems: sum.faulty.flatMap(({ workspace: room, report }) =>
          report.problems.map(({ kind, seq, id, message }) => ({
            ...{ workspace: room.slug, workspace_id: room.id, kind, seq, id, message },
          })),
        ),
      },
    };
  },
});
