import type { Metadata } from "next";
import { cache, type ReactNode, Suspense } from "react";
import { ActionItemsTab } from "@/app/(app)/meetings/[id]/action-items-tab";
import { EventProposal } from "@/app/(app)/meetings/[id]/event-proposal";
import { InsightsTab } from "@/app/(app)/meetings/[id]/insights-tab";
import { PlayerBar, VideoStage } from "@/app/(app)/meetings/[id]/lazy-parts";
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
import { PlayerProvider } from "@/app/(app)/meetings/[id]/player/player-provider";
import { RecordingRemoved } from "@/app/(app)/meetings/[id]/recording-removed";
import { ShareButtons } from "@/app/(app)/meetings/[id]/share-buttons";
import { SpeakersTab } from "@/app/(app)/meetings/[id]/speakers-tab";
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
  const { tab, turn, t } = await props.searchParams;
  const momentMs = momentOf(t);
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
          <Played head={head} momentMs={momentMs}>
            {proposals.map((proposal) => (
              <div key={proposal.eventId} className="pb-4">
                <EventProposal meetingId={head.id} proposal={proposal} />
              </div>
            ))}
            {head.status === "processed" ? (
              <Finished
                head={head}
                tab={current}
                turn={Number(turn ?? Number.NaN)}
                momentMs={momentMs}
              />
            ) : (
              <Unfinished head={head} />
            )}
          </Played>
        </div>
      </div>
    </>
  );
}

/** `?t=` in milliseconds: seconds from the start of the recording. NaN for none, and for what is none. */
function momentOf(t: string | readonly string[] | undefined): number {
  return typeof t === "string" && /^\d{1,7}(\.\d{1,3})?$/.test(t) ? Number(t) * 1000 : Number.NaN;
}

interface PlayedProps {
  readonly head: MeetingHead;
  readonly momentMs: number;
  readonly children: ReactNode;
}

/** The page's content between the picture and the controls of its recording, where it has one that can be played. */
function Played({ head, momentMs, children }: PlayedProps) {
  const { id, title, status, file, durationSeconds } = head;
  if (head.recordingRemovedAt !== null) {
    return (
      <>
        <div className="pb-4">
          <RecordingRemoved at={head.recordingRemovedAt} />
        </div>
        {children}
      </>
    );
  }
  const isOver = status === "processed" || status === "failed";
  if (file === null || file.kind === "transcript" || !isOver) return children;
  const src = `/api/recordings/${id}`;
  return (
    <PlayerProvider
      durationMs={durationSeconds === 0 ? null : durationSeconds * 1000}
      startMs={Number.isNaN(momentMs) ? 0 : momentMs}
    >
      {file.kind === "video" ? (
        <VideoStage
          title={title}
          src={src}
          captions={head.engine === null ? null : `/meetings/${id}/captions`}
        />
      ) : null}
      {children}
      <PlayerBar src={src} kind={file.kind} title={title} />
    </PlayerProvider>
  );
}

interface FinishedProps {
  readonly head: MeetingHead;
  readonly tab: MeetingTab;
  /** The turn that the address points at; NaN for none. */
  readonly turn: number;
  /** The moment that it points at, in milliseconds; NaN for none. */
  readonly momentMs: number;
}

function Finished({ head, tab, turn, momentMs }: FinishedProps) {
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
          {tab === "transcript" ? (
            <TranscriptTab head={head} turn={turn} momentMs={momentMs} />
          ) : null}
          {tab === "speakers" ? <SpeakersTab id={head.id} mayUpdate={head.mayUpdate} /> : null}
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
