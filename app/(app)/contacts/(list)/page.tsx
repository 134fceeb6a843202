import { Users } from "lucide-react";
import type { Metadata } from "next";
import { NoAccess } from "@/app/(app)/no-access";
import { readSearch } from "@/app/(app)/page-search";
import { requireSession } from "@/app/(app)/require-session";
import { NoMatch } from "@/components/meetings/no-match";
import { Avatar } from "@/components/ui/avatar";
import { NoValue } from "@/components/ui/data-list";
import { EmptyState } from "@/components/ui/empty-state";
import { formatCount, formatNumber } from "@/components/ui/format";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import type { PageSearchParams } from "@/components/ui/query-string";
import { RelativeTime } from "@/components/ui/relative-time";
import { SearchInput } from "@/components/ui/search-input";
import {
  RowLink,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import { hasGrant } from "@/lib/auth/roles";
import { type ContactListItem, listContactsQuery } from "@/lib/contacts/schema";
import { listContacts } from "@/lib/contacts/service";
import { contextOf } from "@/lib/http/action";

export const metadata: Metadata = { title: "Contacts" };

const pageQuery = listContactsQuery.pick({ page: true, q: true });

interface ContactsPage {
  readonly data: readonly ContactListItem[];
  readonly pagination: { readonly page: number; readonly per_page: number; readonly total: number };
}

interface ContactsPageProps {
  readonly searchParams: Promise<PageSearchParams>;
}

export default async function ContactsPage(props: ContactsPageProps) {
  const session = await requireSession();
  if (!hasGrant(session.grants, "contacts:read"))
    return <NoAccess title="Contacts" what="contacts" />;
  const ctx = await contextOf(session);
  const searchParams = await props.searchParams;
  const query = readSearch(pageQuery, searchParams);
  const contacts: ContactsPage | null = query && JSON.parse((await listContacts(ctx, query)).text);
  return (
    <>
      <PageHeader title="Contacts" description="People from outside who took part in meetings." />
      <div className="pb-4">
        <SearchInput
          label="Search contacts"
          placeholder="Search by name, address or company"
          className="sm:w-80"
        />
      </div>
      <Contacts contacts={contacts} searched={query?.q !== undefined} searchParams={searchParams} />
    </>
  );
}

interface ContactsProps {
  /** Null when the address carries what no list has. */
  readonly contacts: ContactsPage | null;
  readonly searched: boolean;
  readonly searchParams: PageSearchParams;
}

function Contacts({ contacts, searched, searchParams }: ContactsProps) {
  const total = contacts?.pagination.total ?? 0;
  if (contacts !== null && total === 0 && !searched) {
    return (
      <EmptyState icon={Users} title="No contacts yet">
        A contact appears when somebody from outside speaks in a meeting, or when an upload names
        their e-mail address.
      </EmptyState>
    );
  }
  if (contacts === null || contacts.data.length === 0) {
    return (
      <NoMatch title="No contact fits" clearHref="/contacts" clearLabel="Show all contacts">
        Nobody has this in their name, address or company, or the list ends before this page.
      </NoMatch>
    );
  }
  return (
    <>
      <ContactTable rows={contacts.data} />
      <Pagination
        page={contacts.pagination.page}
        perPage={contacts.pagination.per_page}
        total={total}
        searchParams={searchParams}
        summary={formatCount(total, "contact")}
        label="Pages of contacts"
      />
    </>
  );
}

function ContactTable({ rows }: { readonly rows: readonly ContactListItem[] }) {
  return (
    <Table label="Contacts">
      <TableHeader>
        <TableRow>
          <TableHead>Contact</TableHead>
          <TableHead className="sm:max-lg:hidden">Company</TableHead>
          <TableHead>E-mail</TableHead>
          <TableHead>Last meeting</TableHead>
          <TableHead numeric>Meetings</TableHead>
        </TableRow>
      </TableHeader>
      <TableBody>
        {rows.map((row) => (
          <TableRow key={row.id}>
            <TableCell className="sm:w-full sm:min-w-44 sm:max-w-0">
              <span className="flex min-w-0 items-center gap-3">
                <Avatar name={row.name} />
                <RowLink href={`/contacts/${row.id}`} className="truncate">
                  {row.name}
                </RowLink>
              </span>
            </TableCell>
            <TableCell
              label="Company"
              className="text-ink-muted sm:max-lg:hidden sm:max-w-40 xl:max-w-52"
            >
              <span className="block truncate">{row.company ?? <NoValue />}</span>
            </TableCell>
            <TableCell label="E-mail" className="text-ink-muted sm:max-w-48 xl:max-w-72">
              <span className="block truncate">{row.email ?? <NoValue />}</span>
            </TableCell>
            <TableCell label="Last meeting" className="whitespace-nowrap text-ink-muted">
              {row.last_interaction_at === null ? (
                <NoValue />
              ) : (
                <RelativeTime value={row.last_interaction_at} format="date" />
              )}
            </TableCell>
            <TableCell label="Meetings" numeric className="text-ink-muted">
              {formatNumber(row.meetings_count)}
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
