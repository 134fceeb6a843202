import type { Metadata } from "next";
import { cache, Suspense } from "react";
import { ActionItemsTab } from "@/app/(app)/meetings/[id]/action-items-tab";
import { EventProposal } from "@/app/(app)/meetings/[id]/event-proposal";
import { InsightsTab } from "@/app/(app)/meetings/[id]/insights-tab";
import { MeetingAbout } from "@/app/(app)/meetings/[id]/meeting-about";
import { MeetingFailed } from "@/app/(app)/meetings/[id]/meeting-failed";
import { MeetingMenu } from "@/app/(app)/meetings/[id]/meeting-menu";
import { MeetingProgress } from "@/app/(app)/meetings/[id]/meeting-progress";
import {
  type MeetingTab,
  meetingTabs,
  tabHref,
  tabItems,
} from "@/app/(app)/meetings/[id]/meeting-tabs";
import { NotesTab } from "@/app/(app)/meetings/[id]/notes-tab";
import { ShareButtons } from "@/app/(app)/meetings/[id]/share-buttons";
import { SummaryTab } from "@/app/(app)/meetings/[id]/summary-tab";
import { TranscriptTab } from "@/app/(app)/meetings/[id]/transcript-tab";
import { readOrNotFound } from "@/app/(app)/read-or-not-found";
import { requireSession } from "@/app/(app)/require-session";
import { isOpen } from "@/components/meetings/words";
import { LinkTabs } from "@/components/ui/link-tabs";
import { PageHeader } from "@/components/ui/page-header";
import type { PageSearchParams } from "@/components/ui/query-string";
import { SkeletonRows } from "@/components/ui/skeleton";
import { Status } from "@/components/ui/status";
import type { ProposalView } from "@/lib/calendar/schema";
import { listProposals } from "@/lib/calendar/service";
import { contextOf } from "@/lib/http/action";
import { type MeetingHead, readMeetingHead } from "@/lib/meetings/page-queries";

interface MeetingPageProps {
  readonly params: Promise<{ readonly id: string }>;
  readonly searchParams: Promise<PageSearchParams>;
}

/** Read once a request, for the title and the page. */
const headOf = cache(async (id: string): Promise<MeetingHead> => {
  const ctx = await contextOf(await requireSession());
  return readOrNotFound(id, (known) => readMeetingHead(ctx, known));
});

/** Events of the viewer's own calendars that may have been this meeting; for those who may act on the answer. */
async function proposalsOf(head: MeetingHead): Promise<readonly ProposalView[]> {
  if (head.status !== "processed" || !head.mayUpdate) return [];
  return await listProposals(await contextOf(await requireSession()), head.id);
}

export async function generateMetadata({ params }: MeetingPageProps): Promise<Metadata> {
  return { title: (await headOf((await params).id)).title };
}

export default async function MeetingPage(props: MeetingPageProps) {
  const head = await headOf((await props.params).id);
  const { tab, turn } = await props.searchParams;
  const proposals = await proposalsOf(head);
  const current = meetingTabs.find((name) => name === tab) ?? "summary";
  return (
    <>
      <PageHeader
        title={head.title}
        aside={isOpen(head.status) ? undefined : <Status kind={head.status} />}
        actions={
          <>
            {head.status === "processed" ? (
              <Suspense fallback={null}>
                <ShareButtons ctx={await contextOf(await requireSession())} meetingId={head.id} />
              </Suspense>
            ) : null}
            <MeetingMenu id={head.id} title={head.title} mayDelete={head.mayDelete} />
          </>
        }
      />
      <div className="flex flex-col gap-6 lg:grid lg:grid-cols-[minmax(0,1fr)_17rem] lg:gap-10">
        <MeetingAbout head={head} />
        <div className="min-w-0 lg:col-start-1 lg:row-start-1">
          {proposals.map((proposal) => (
            <div key={proposal.eventId} className="pb-4">
              <EventProposal meetingId={head.id} proposal={proposal} />
            </div>
          ))}
          {head.status === "processed" ? (
            <Finished head={head} tab={current} turn={Number(turn ?? Number.NaN)} />
          ) : (
            <Unfinished head={head} />
          )}
        </div>
      </div>
    </>
  );
}

interface FinishedProps {
  readonly head: MeetingHead;
  readonly tab: MeetingTab;
  /** The turn that the address points at; NaN for none. */
  readonly turn: number;
}

function Finished({ head, tab, turn }: FinishedProps) {
  return (
    <>
      <LinkTabs
        label="Parts of the meeting"
        items={tabItems(head)}
        current={tabHref(head.id, tab)}
      />
      <div className="pt-5">
        <Suspense key={tab} fallback={<SkeletonRows rows={8} />}>
          {tab === "summary" ? <SummaryTab id={head.id} /> : null}
          {tab === "actions" ? <ActionItemsTab id={head.id} mayUpdate={head.mayUpdate} /> : null}
          {tab === "insights" ? <InsightsTab id={head.id} /> : null}
          {tab === "transcript" ? <TranscriptTab head={head} turn={turn} /> : null}
          {tab === "notes" ? <NotesTab id={head.id} mayUpdate={head.mayUpdate} /> : null}
        </Suspense>
      </div>
    </>
  );
}

function Unfinished({ head }: { readonly head: MeetingHead }) {
  return (
    <div className="flex flex-col gap-8">
      {head.status === "failed" ? (
        <MeetingFailed id={head.id} failure={head.failure} mayRetry={head.mayUpdate} />
      ) : (
        <MeetingProgress
          id={head.id}
          status={head.status}
          stage={head.stage}
          progress={head.progress}
          mayCancel={head.mayUpdate}
        />
      )}
      <section aria-labelledby="notes-title">
        <h2 id="notes-title" className="pb-3 font-semibold text-lg">
          Notes
        </h2>
        <Suspense fallback={<SkeletonRows rows={2} />}>
          <NotesTab id={head.id} mayUpdate={head.mayUpdate} />
        </Suspense>
      </section>
    </div>
  );
}
