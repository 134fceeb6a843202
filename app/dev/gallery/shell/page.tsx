import { Bell, Key, Plus } from "lucide-react";
import { redirect } from "next/navigation";
import { AppShell } from "@/components/shell/app-shell";
import { crumbsFor } from "@/components/shell/nav";
import { SettingsLayout } from "@/components/shell/settings-layout";
import { settingsNav } from "@/components/shell/settings-nav";
import { Breadcrumbs } from "@/components/ui/breadcrumbs";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { FilterSelect } from "@/components/ui/filter-select";
import { formatCount, formatDuration } from "@/components/ui/format";
import { IconButton } from "@/components/ui/icon-button";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import type { PageSearchParams } from "@/components/ui/query-string";
import { RelativeTime } from "@/components/ui/relative-time";
import { SearchInput } from "@/components/ui/search-input";
import { Status } from "@/components/ui/status";
import type { StatusKind } from "@/components/ui/status-kinds";
import {
  RowLink,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";

const workspaces = [
  { id: "ws_1", name: "Acme", plan: "Max" },
  { id: "ws_2", name: "Northwind Traders of the Far Northern Coast", plan: "Solo" },
];

const titles = ["Weekly planning", "Discovery call", "Support hand-over", "Design review"];
const kinds: readonly StatusKind[] = ["processed", "processed", "processing", "failed", "queued"];

async function signOut() {
  "use server";
  redirect("/dev/gallery");
}

async function switchWorkspace(id: string) {
  "use server";
  redirect(`/dev/gallery/shell?workspace=${encodeURIComponent(id)}`);
}

interface ShellDemoProps {
  readonly searchParams: Promise<PageSearchParams>;
}

/** The shell around a list, or around Settings with `?view=settings`. */
export default async function ShellDemo({ searchParams }: ShellDemoProps) {
  const query = await searchParams;
  const workspace = workspaces.find((entry) => entry.id === query.workspace) ?? workspaces[0];
  if (workspace === undefined) return null;
  const settings = query.view === "settings";
  return (
    <AppShell
      user={{ name: "Ada Lindqvist", email: "ada@example.com" }}
      workspace={workspace}
      workspaces={workspaces}
      userRole="Admin"
      canUpload
      title={
        <Breadcrumbs
          items={crumbsFor(settings ? "/settings/integrations/api" : "/meetings")}
          currentIsLast
        />
      }
      sidebarCollapsed={query.collapsed === "1"}
      onSignOut={signOut}
      onSwitchWorkspace={switchWorkspace}
      bell={
        <IconButton label="Notifications">
          <Bell />
        </IconButton>
      }
    >
      {settings ? <SettingsView /> : <MeetingsView query={query} />}
    </AppShell>
  );
}

function SettingsView() {
  return (
    <SettingsLayout groups={settingsNav}>
      <PageHeader
        title="API"
        description="Keys let your programs read this workspace and upload meetings."
        actions={
          <Button variant="primary">
            <Plus aria-hidden />
            Generate API Key
          </Button>
        }
      />
      <EmptyState
        icon={Key}
        title="No API keys yet"
        action={<Button>Read the documentation</Button>}
      >
        Generate one, copy it once, and call the API with it.
      </EmptyState>
    </SettingsLayout>
  );
}

function MeetingsView({ query }: { readonly query: PageSearchParams }) {
  return (
    <>
      <PageHeader title="Meetings" actions={<Button variant="primary">Upload a meeting</Button>} />
      <div className="flex flex-wrap gap-2 pb-3">
        <SearchInput label="Search meetings" />
        <FilterSelect
          label="Status"
          param="status"
          options={[
            { value: "processed", label: "Processed" },
            { value: "failed", label: "Failed" },
          ]}
        />
      </div>
      <Table label="Meetings">
        <TableHeader>
          <TableRow>
            <TableHead>Title</TableHead>
            <TableHead>Status</TableHead>
            <TableHead numeric>Length</TableHead>
            <TableHead numeric>Date</TableHead>
          </TableRow>
        </TableHeader>
        <TableBody>
          {Array.from({ length: 20 }, (_, index) => {
            const id = `mtg_${index}`;
            const kind = kinds[index % kinds.length] ?? "processed";
            return (
              <TableRow key={id}>
                <TableCell className="w-full sm:max-w-0">
                  <RowLink href={`#${id}`} className="block truncate">
                    {titles[index % titles.length]} {index + 1}
                  </RowLink>
                </TableCell>
                <TableCell label="Status">
                  <Status kind={kind} {...(kind === "processing" ? { progress: index * 4 } : {})} />
                </TableCell>
                <TableCell label="Length" numeric className="whitespace-nowrap text-ink-muted">
                  {formatDuration(600 + index * 431)}
                </TableCell>
                <TableCell label="Date" numeric className="whitespace-nowrap text-ink-muted">
                  <RelativeTime value={new Date(Date.UTC(2026, 10, 22 - index, 9)).toISOString()} />
                </TableCell>
              </TableRow>
            );
          })}
        </TableBody>
      </Table>
      <Pagination
        page={1}
        perPage={20}
        total={1284}
        searchParams={query}
        summary={formatCount(1284, "meeting")}
      />
    </>
  );
}
