import { Video } from "lucide-react";
import type { Metadata } from "next";
import { cache } from "react";
import { NoAccess } from "@/app/(app)/no-access";
import { pageOnly, readSearch } from "@/app/(app)/page-search";
import { readOrNotFound } from "@/app/(app)/read-or-not-found";
import { requireSession } from "@/app/(app)/require-session";
import { MeetingTable } from "@/components/meetings/meeting-table";
import { NoMatch } from "@/components/meetings/no-match";
import { Avatar } from "@/components/ui/avatar";
import { Badge } from "@/components/ui/badge";
import { DataList } from "@/components/ui/data-list";
import { EmptyState } from "@/components/ui/empty-state";
import { formatCount } from "@/components/ui/format";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import type { PageSearchParams } from "@/components/ui/query-string";
import { RelativeTime } from "@/components/ui/relative-time";
import { hasGrant } from "@/lib/auth/roles";
import type { ContactDetail } from "@/lib/contacts/schema";
import { getContact } from "@/lib/contacts/service";
import { contextOf } from "@/lib/http/action";
import { listMeetingRows, type MeetingListPage } from "@/lib/meetings/page-queries";

interface ContactPageProps {
  readonly params: Promise<{ readonly id: string }>;
  readonly searchParams: Promise<PageSearchParams>;
}

/** Read once a request, for the title and the page; null for those who may not read contacts. */
const contactOf = cache(async (id: string): Promise<ContactDetail | null> => {
  const session = await requireSession();
  if (!hasGrant(session.grants, "contacts:read")) return null;
  const ctx = await contextOf(session);
  return readOrNotFound(id, (known) => getContact(ctx, known));
});

export async function generateMetadata({ params }: ContactPageProps): Promise<Metadata> {
  return { title: (await contactOf((await params).id))?.name ?? "Contacts" };
}

export default async function ContactPage(props: ContactPageProps) {
  const contact = await contactOf((await props.params).id);
  if (contact === null) return <NoAccess title="Contact" what="contacts" />;
  const session = await requireSession();
  const ctx = await contextOf(session);
  const searchParams = await props.searchParams;
  const query = readSearch(pageOnly, searchParams);
  const meetings = await listMeetingRows(ctx, { page: query?.page, contact_id: contact.id });
  return (
    <>
      <PageHeader
        title={
          <span className="flex items-center gap-3">
            <Avatar name={contact.name} size="lg" />
            <span className="min-w-0 wrap-anywhere">{contact.name}</span>
          </span>
        }
        aside={contact.tags.map((tag) => <Badge key={tag}>{tag}</Badge>)}
      />
      <div className="flex flex-col gap-8">
        <DataList items={factsOf(contact)} layout="grid" />
        <section aria-labelledby="meetings-title">
          <h2 id="meetings-title" className="pb-2 font-semibold text-lg">
            Meetings
          </h2>
          <Meetings meetings={meetings} contact={contact} searchParams={searchParams} />
        </section>
      </div>
    </>
  );
}

function shownValue(value: unknown): string {
  return typeof value === "string" || typeof value === "number"
    ? String(value)
    : JSON.stringify(value);
}

const attributesShown = 20;

function factsOf(contact: ContactDetail) {
  const { email, phone, last_interaction_at: last } = contact;
  const link =
    "break-all underline decoration-line-control underline-offset-4 hover:decoration-current";
  return [
    {
      term: "E-mail",
      value: email && (
        <a href={`mailto:${email}`} className={link}>
          {email}
        </a>
      ),
    },
    {
      term: "Phone",
      value: phone && (
        <a href={`tel:${phone}`} className={link}>
          {phone}
        </a>
      ),
    },
    { term: "Title", value: contact.title },
    { term: "Company", value: contact.company },
    { term: "Last meeting", value: last && <RelativeTime value={last} format="datetime" /> },
    { term: "Contact since", value: <RelativeTime value={contact.created_at} format="date" /> },
    ...Object.entries(contact.attributes)
      .slice(0, attributesShown)
      .map(([term, value]) => ({ term, value: shownValue(value) })),
  ];
}

interface MeetingsProps {
  readonly meetings: MeetingListPage;
  readonly contact: ContactDetail;
  readonly searchParams: PageSearchParams;
}

function Meetings({ meetings, contact, searchParams }: MeetingsProps) {
  if (meetings.total === 0) {
    return (
      <EmptyState icon={Video} title="No meetings">
        {contact.name} has taken part in no meeting that you can see.
      </EmptyState>
    );
  }
  if (meetings.rows.length === 0) {
    return (
      <NoMatch
        title="The list ends before this page"
        clearHref={`/contacts/${contact.id}`}
        clearLabel="Go to the first page"
      >
        There are {formatCount(meetings.total, "meeting")}.
      </NoMatch>
    );
  }
  return (
    <>
      <MeetingTable label={`Meetings with ${contact.name}`} rows={meetings.rows} />
      <Pagination
        page={meetings.page}
        perPage={meetings.perPage}
        total={meetings.total}
        searchParams={searchParams}
        summary={formatCount(meetings.total, "meeting")}
        label="Pages of meetings"
      />
    </>
  );
}
