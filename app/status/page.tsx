import { RefreshCw } from "lucide-react";
import type { Metadata } from "next";
import { checkSystem, type Health, type PartHealth } from "@/app/status/check-system";
import { PublicHeader } from "@/components/docs/public-header";
import { Button } from "@/components/ui/button";
import { RelativeTime } from "@/components/ui/relative-time";
import { Status } from "@/components/ui/status";
import { env } from "@/lib/core/env";

export const metadata: Metadata = {
  title: "Status",
  description: "Whether Harmony's API and its parts work at this moment.",
};

const looks = {
  working: { kind: "success", label: "Working" },
  slow: { kind: "warning", label: "Slow" },
  down: { kind: "danger", label: "Not working" },
} as const satisfies Record<Health, object>;

/** The whole in one sentence: as bad as its worst part. */
function verdictOf(parts: readonly PartHealth[]): { health: Health; title: string } {
  const down = parts.filter(({ health }) => health === "down");
  if (down.length > 0) {
    const names = down.map(({ name }) => name).join(", ");
    return { health: "down", title: `Not working: ${names}` };
  }
  if (parts.some(({ health }) => health === "slow")) {
    return { health: "slow", title: "Everything works, some of it slowly" };
  }
  return { health: "working", title: "Everything works" };
}

/** The public status page. It answers even when the parts it looks at do not. */
export default async function StatusPage() {
  const { parts, checkedAt } = await checkSystem();
  const verdict = verdictOf(parts);
  return (
    <>
      <PublicHeader title="Status" current="/status" />
      <main id="main" tabIndex={-1} className="mx-auto w-full max-w-3xl px-4 pt-10 pb-24 sm:px-6">
        <Status {...looks[verdict.health]} />
        <h1 className="mt-3 text-balance font-semibold text-2xl">{verdict.title}</h1>
        <div className="mt-2 flex flex-wrap items-center gap-x-4 gap-y-2 text-base text-ink-muted">
          <p>
            Checked at <RelativeTime value={checkedAt.toISOString()} format="datetime" />
          </p>
          <Button size="sm" asChild>
            {/* A plain link: it works without JavaScript and always asks the server again. */}
            <a href="/status">
              <RefreshCw aria-hidden />
              Check again
            </a>
          </Button>
        </div>
        <ul className="mt-8 divide-y rounded-lg border">
          {parts.map((part) => (
            <li
              key={part.name}
              className="flex flex-wrap items-start justify-between gap-x-4 gap-y-1.5 px-4 py-3.5"
            >
              <div className="min-w-0 flex-1 basis-60">
                <h2 className="font-medium text-base">{part.name}</h2>
                <p className="text-ink-faint text-sm">{part.purpose}</p>
                <p className="mt-1 text-ink-muted text-sm">{part.finding}</p>
              </div>
              <Status {...looks[part.health]} />
            </li>
          ))}
        </ul>
        <p className="mt-6 text-ink-muted text-sm">
          Does something not work although it says so here? Write to{" "}
          <a
            href={`mailto:${env().SUPPORT_EMAIL}`}
            className="rounded-sm text-brand-ink underline decoration-brand-line underline-offset-4 hover:decoration-current"
          >
            {env().SUPPORT_EMAIL}
          </a>{" "}
          with the time and, if you have it, the request id.
        </p>
      </main>
    </>
  );
}
