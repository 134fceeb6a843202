import { Upload, Video } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { type ReactNode, Suspense } from "react";
import { GetStarted } from "@/app/(app)/get-started";
import { MyActionItems } from "@/app/(app)/my-action-items";
import { NoAccess } from "@/app/(app)/no-access";
import { requireSession } from "@/app/(app)/require-session";
import { Upcoming } from "@/app/(app)/upcoming";
import { LiveStatus } from "@/components/meetings/live-status";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { formatCount, formatDuration } from "@/components/ui/format";
import { PageHeader } from "@/components/ui/page-header";
import { RelativeTime } from "@/components/ui/relative-time";
import { SkeletonRows } from "@/components/ui/skeleton";
import { Status } from "@/components/ui/status";
import { listApiKeys } from "@/lib/api-keys/service";
import type { Context } from "@/lib/auth/principal";
import { hasGrant } from "@/lib/auth/roles";
import type { Session } from "@/lib/auth/session";
import { env } from "@/lib/core/env";
import { contextOf } from "@/lib/http/action";
import {
  listMeetingRows,
  type MeetingListRow,
  myActionItems,
  type OpenMeeting,
  openMeetings,
} from "@/lib/meetings/page-queries";

export const metadata: Metadata = { title: "Home" };

/** True for those who could make a key in a workspace where none works yet. */
async function lacksApiKey(ctx: Context, session: Session): Promise<boolean> {
  if (!hasGrant(session.grants, "api-keys:create", "all")) return false;
  if (!hasGrant(session.grants, "api-keys:read", "team")) return false;
  const keys = await listApiKeys(ctx, { withRevoked: false });
  return keys.every((key) => key.status !== "active");
}

export default async function HomePage() {
  const session = await requireSession();
  const ctx = await contextOf(session);
  if (!hasGrant(session.grants, "meetings:read")) return <NoAccess title="Home" what="meetings" />;
  const [recent, open, items, needsKey] = await Promise.all([
    listMeetingRows(ctx, { per_page: 6 }),
    openMeetings(ctx),
    myActionItems(ctx),
    lacksApiKey(ctx, session),
  ]);
  const canUpload = hasGrant(session.grants, "meetings:create");
  const upcoming = (
    <Section title="Upcoming">
      <Suspense fallback={<SkeletonRows rows={3} label="Reading your calendar" />}>
        <Upcoming ctx={ctx} mayConnect={hasGrant(session.grants, "integrations:create")} />
      </Suspense>
    </Section>
  );
  const firstName = session.user.name.split(" ", 1)[0] ?? session.user.name;
  return (
    <>
      <PageHeader title={`Hello, ${firstName}`} />
      <div className="flex flex-col gap-8">
        {needsKey ? <GetStarted appUrl={env().appUrl} /> : null}
        {recent.total === 0 ? (
          <>
            <NoMeetings canUpload={canUpload} />
            {upcoming}
          </>
        ) : (
          <div className="grid gap-8 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)] lg:gap-12">
            <div className="flex min-w-0 flex-col gap-8">
              <ProcessingNow open={open} />
              <RecentMeetings rows={recent.rows} />
            </div>
            <div className="flex min-w-0 flex-col gap-8">
              {upcoming}
              <Section
                title="My action items"
                aside={
                  items.total > items.rows.length ? `${items.rows.length} of ${items.total}` : ""
                }
              >
                <MyActionItems items={items.rows} />
              </Section>
            </div>
          </div>
        )}
      </div>
    </>
  );
}

function NoMeetings({ canUpload }: { readonly canUpload: boolean }) {
  return (
    <EmptyState
      icon={Video}
      title="Your meetings will stand here"
      action={
        canUpload ? (
          <Button variant="primary" asChild>
            <Link href="/meetings?upload=1">
              <Upload />
              Upload a meeting
            </Link>
          </Button>
        ) : undefined
      }
    >
      Upload a transcript from Zoom, Teams or Meet. Within a minute you can read who said what, the
      decisions, the action items, and the answers to your team’s questions.
    </EmptyState>
  );
}

interface SectionProps {
  readonly title: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

function Section({ title, aside, children }: SectionProps) {
  return (
    <section className="min-w-0">
      <div className="flex items-baseline justify-between gap-4 pb-2">
        <h2 className="font-semibold text-base">{title}</h2>
        <div className="text-ink-muted text-sm">{aside}</div>
      </div>
      {children}
    </section>
  );
}

const more =
  "rounded-sm text-ink-muted text-sm underline decoration-line-control underline-offset-4 hover:text-ink";

interface ProcessingNowProps {
  readonly open: { readonly rows: readonly OpenMeeting[]; readonly total: number };
}

function ProcessingNow({ open }: ProcessingNowProps) {
  if (open.total === 0) return null;
  return (
    <Section
      title="Processing now"
      aside={
        open.total > open.rows.length ? (
          <Link href="/meetings?status=processing" className={more}>
            {formatCount(open.total, "meeting")}
          </Link>
        ) : null
      }
    >
      <ul className="divide-y border-y">
        {open.rows.map((row) => (
          <li key={row.id} className="flex h-11 items-center justify-between gap-4">
            <Link
              href={`/meetings/${row.id}`}
              className="truncate rounded-sm font-medium text-base hover:underline"
            >
              {row.title}
            </Link>
            <LiveStatus {...row} followed={open.rows.length} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function RecentMeetings({ rows }: { readonly rows: readonly MeetingListRow[] }) {
  return (
    <Section
      title="Recent meetings"
      aside={
        <Link href="/meetings" className={more}>
          All meetings
        </Link>
      }
    >
      <ul className="divide-y border-y">
        {rows.map((row) => (
          <li key={row.id}>
            <Link
              href={`/meetings/${row.id}`}
              className="flex flex-wrap items-baseline justify-between gap-x-4 px-1 py-2.5 transition-colors hover:bg-hover focus-visible:-outline-offset-2 focus-visible:rounded-md"
            >
              <span className="min-w-0 flex-1 basis-60">
                <span className="flex items-center gap-3">
                  <span className="truncate font-medium text-base">{row.title}</span>
                  {row.status === "failed" ? <Status kind="failed" plain /> : null}
                </span>
                <span className="block truncate text-ink-muted text-sm">
                  {[row.owner, row.team].filter((name) => name !== null).join(" · ")}
                </span>
              </span>
              <span className="whitespace-nowrap text-ink-muted text-sm">
                <RelativeTime value={row.date} />
                {row.duration === 0 ? "" : ` · ${formatDuration(row.duration)}`}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}
