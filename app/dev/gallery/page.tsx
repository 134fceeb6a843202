import { Inbox, Key, Plus, RotateCw } from "lucide-react";
import Link from "next/link";
import { Avatar } from "@/components/ui/avatar";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardFooter, CardHeader } from "@/components/ui/card";
import { CodeBlock } from "@/components/ui/code-block";
import { CopyButton } from "@/components/ui/copy-button";
import { DataList } from "@/components/ui/data-list";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import {
  formatClock,
  formatCount,
  formatDuration,
  formatMilliseconds,
} from "@/components/ui/format";
import { IconButton } from "@/components/ui/icon-button";
import { Kbd } from "@/components/ui/kbd";
import { LinkTabs } from "@/components/ui/link-tabs";
import { Logo } from "@/components/ui/logo";
import { Markdown } from "@/components/ui/markdown";
import { Notice } from "@/components/ui/notice";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { ProgressBar, ProgressRing } from "@/components/ui/progress";
import type { PageSearchParams } from "@/components/ui/query-string";
import { RelativeTime } from "@/components/ui/relative-time";
import { SecretField } from "@/components/ui/secret-field";
import { Skeleton, SkeletonRows } from "@/components/ui/skeleton";
import { Spinner } from "@/components/ui/spinner";
import { Stat } from "@/components/ui/stat";
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
import { ActionForm, ControlStates, FileDemo } from "./form-demos";
import { InPageTabs, Overlays } from "./overlay-demos";
import { QueryDemo } from "./query-demo";
import { Section, Specimen } from "./specimen";
import { ThemeToggle } from "./theme-toggle";

const statuses: readonly { readonly name: string; readonly kinds: readonly StatusKind[] }[] = [
  { name: "Meetings", kinds: ["recording", "queued", "processing", "processed", "failed"] },
  { name: "Connections", kinds: ["connected", "needs_attention", "disconnected"] },
  { name: "API keys", kinds: ["active", "expired", "revoked"] },
  { name: "Webhooks", kinds: ["active", "paused", "disabled"] },
  {
    name: "Deliveries",
    kinds: ["pending", "delivering", "succeeded", "retrying", "failed", "cancelled"],
  },
  { name: "Generic", kinds: ["neutral", "info", "success", "warning", "danger"] },
];

const surfaces = [
  "canvas",
  "surface",
  "raised",
  "sunken",
  "hover",
  "line",
  "line-control",
] as const;
const inks = ["ink", "ink-muted", "ink-faint", "brand-ink"] as const;
const families = ["brand", "success", "warning", "danger", "info"] as const;

const rows = [
  {
    id: "mtg_1",
    title: "Quarterly planning with the Northwind account team",
    status: "processed",
    host: "Ada Lindqvist",
    seconds: 3492,
    at: "2026-11-22T09:30:00Z",
  },
  {
    id: "mtg_2",
    title: "Support hand-over",
    status: "processing",
    host: "Tomás Ferreira",
    seconds: 1260,
    at: "2026-11-21T15:00:00Z",
  },
  {
    id: "mtg_3",
    title:
      "A title that somebody pasted from a calendar entry and that is far too long for any table, with a reference/number/2026-11-0042",
    status: "failed",
    host: "Priya Raman",
    seconds: 58,
    at: "2026-02-03T11:15:00Z",
  },
] as const;

const curl = `curl -X POST https://api.heyharmony.com/v1/meetings/upload \\
  -H "Authorization: Bearer $HARMONY_API_KEY" \\
  -F "file=@planning.vtt" \\
  -F "title=Quarterly planning"`;
const node = `const meeting = await harmony.meetings.upload({
  file: await fs.openAsBlob("planning.vtt"),
  title: "Quarterly planning",
});`;

const notes = `## Decisions

- Launch on **3 February**, not before the audit ends
- [Pricing page](https://example.com/pricing) goes live the day before

1. Write the announcement
2. Ask Priya for the figures

- [x] Book the room
- [ ] Invite the partners

> We said this last year too.

| Region | Target |
| --- | --- |
| North | 40 |
| South | 25 |

Inline \`meeting.processed\`, a block:

\`\`\`json
{ "event": "meeting.processed" }
\`\`\`

<script>alert("stays text")</script>`;

interface GalleryProps {
  readonly searchParams: Promise<PageSearchParams>;
}

export default async function GalleryPage({ searchParams }: GalleryProps) {
  const query = await searchParams;
  const page = Number(query.page ?? 2);
  return (
    <>
      <header className="sticky top-0 z-20 border-b bg-surface">
        <div className="mx-auto flex h-12 max-w-[1248px] items-center gap-2 px-4 sm:px-6">
          <Logo />
          <span className="flex-1" />
          <Button size="sm" variant="ghost" asChild>
            <Link href="/dev/gallery/shell">Shell</Link>
          </Button>
          <ThemeToggle />
        </div>
      </header>
      <main className="mx-auto max-w-[1248px] px-4 pt-8 pb-24 sm:px-6">
        <PageHeader
          title="Gallery"
          description="Every component in every state. What is not here does not exist yet; add it here first."
        />
        <Foundations />
        <Actions />
        <Section
          id="forms"
          title="Forms"
          text="One look for every control; label, hint and error are wired."
        >
          <ControlStates />
          <Specimen name="useAction: refusal, failure, success">
            <ActionForm />
          </Specimen>
          <Specimen name="File drop">
            <FileDemo />
          </Specimen>
        </Section>
        <Section id="status" title="Status" text="Icon, word and tint. Colour never stands alone.">
          {statuses.map(({ name, kinds }) => (
            <Specimen key={name} name={name} row>
              {kinds.map((kind) => (
                <Status key={kind} kind={kind} />
              ))}
            </Specimen>
          ))}
          <Specimen name="With progress, plain, badges" row>
            <Status kind="processing" label="Transcribing" progress={64} />
            <Status kind="connected" plain />
            <Status kind="needs_attention" plain />
            <Badge>Sandbox</Badge>
            <Badge tone="brand">Max plan</Badge>
            <Badge tone="warning">Expires in 5 days</Badge>
          </Specimen>
        </Section>
        <Messages />
        <Data page={page} query={query} />
        <Section
          id="overlays"
          title="Overlays"
          text="Escape closes, focus returns to where it was."
        >
          <Overlays />
        </Section>
        <Developer />
      </main>
    </>
  );
}

function Foundations() {
  return (
    <Section
      id="foundations"
      title="Foundations"
      text="Inter and JetBrains Mono, six sizes, three weights, a 4 px grid, one brand hue."
    >
      <Specimen name="Type: 28, 20, 16, 14, 13, 12">
        <div className="flex flex-col gap-1">
          <p className="font-semibold text-2xl">Meetings that remember themselves</p>
          <p className="font-semibold text-xl">Quarterly planning with Northwind</p>
          <p className="font-medium text-lg">Webhooks tell your systems what happened</p>
          <p className="text-base">Body text. The quick brown fox jumps over 1,284 lazy dogs.</p>
          <p className="text-ink-muted text-sm">Secondary text for descriptions and table meta.</p>
          <p className="text-ink-faint text-xs">Captions, hints and column names.</p>
          <p className="font-mono text-sm">hk_live_EXAMPLEab12…9f3c 0O 1lI</p>
        </div>
      </Specimen>
      <Specimen name="Surfaces and text">
        <ul className="grid grid-cols-2 gap-2 sm:grid-cols-4 xl:grid-cols-7">
          {surfaces.map((name) => (
            <li key={name} className="min-w-0 text-ink-muted text-xs">
              <span
                className="mb-1 block h-10 rounded-lg border"
                style={{ background: `var(--${name})` }}
              />
              {name}
            </li>
          ))}
        </ul>
        <p className="mt-3 flex flex-wrap gap-x-4 gap-y-1 text-base">
          {inks.map((name) => (
            <span key={name} style={{ color: `var(--${name})` }}>
              {name}
            </span>
          ))}
        </p>
      </Specimen>
      <Specimen name="Tones: tint, line, solid">
        <ul className="grid grid-cols-2 gap-2 sm:grid-cols-5">
          {families.map((name) => (
            <li
              key={name}
              className="flex items-center gap-2 rounded-lg border px-2 py-1.5 text-xs"
              style={{
                background: `var(--${name}-tint)`,
                color: `var(--${name}-ink)`,
                borderColor: `var(--${name}-line)`,
              }}
            >
              <span
                className="size-3 rounded-full"
                style={{ background: `var(--${name}${name === "brand" ? "" : "-solid"})` }}
              />
              {name}
            </li>
          ))}
        </ul>
      </Specimen>
    </Section>
  );
}

function Actions() {
  return (
    <Section id="actions" title="Actions" text="One primary action a view. Verbs, not nouns.">
      <Specimen name="Variants" row>
        <Button variant="primary">
          <Plus aria-hidden />
          Add Webhook
        </Button>
        <Button>Test connection</Button>
        <Button variant="ghost">Cancel</Button>
        <Button variant="danger">Disconnect</Button>
        <Button variant="link">See the sync log</Button>
        <Button asChild>
          <Link href="#actions">A link that looks so</Link>
        </Button>
      </Specimen>
      <Specimen name="Sizes" row>
        <Button size="sm">Small</Button>
        <Button size="md">Medium</Button>
        <Button size="lg">Large</Button>
        <IconButton label="Sync now" size="sm">
          <RotateCw />
        </IconButton>
        <IconButton label="Sync now" variant="secondary">
          <RotateCw />
        </IconButton>
      </Specimen>
      <Specimen name="Disabled" row>
        <Button variant="primary" disabled>
          Save
        </Button>
        <Button disabled>Test connection</Button>
        <Button variant="ghost" disabled>
          Cancel
        </Button>
        <Button variant="danger" disabled>
          Disconnect
        </Button>
        <IconButton label="Sync now" disabled>
          <RotateCw />
        </IconButton>
      </Specimen>
      <Specimen name="Loading" row>
        <Button variant="primary" loading>
          Save
        </Button>
        <Button loading>Test connection</Button>
        <Button variant="danger" loading>
          Disconnect
        </Button>
        <IconButton label="Sync now" loading>
          <RotateCw />
        </IconButton>
        <Spinner label="Loading" />
      </Specimen>
      <Specimen name="Copy and keys" row>
        <CopyButton value="mtg_1" label="Copy meeting id" />
        <CopyButton value="mtg_1" label="Copy meeting id" text="Copy id" />
        <Kbd keys={["mod", "K"]} />
        <Kbd keys={["g", "m"]} />
      </Specimen>
    </Section>
  );
}

function Messages() {
  return (
    <Section
      id="messages"
      title="Messages"
      text="What happened, why, what to do. No blame, no codes first."
    >
      <Specimen name="Notices">
        <div className="flex flex-col gap-2">
          <Notice title="Your key works in the sandbox only">
            Ask an admin for a key of the live workspace.
          </Notice>
          <Notice tone="success" title="Test delivery answered 200 in 142 ms" />
          <Notice
            tone="warning"
            title="Salesforce needs attention since Today 12:10"
            action={
              <Button size="sm" variant="primary">
                Reconnect
              </Button>
            }
          >
            The sign-in expired. 14 changes wait and are sent once you reconnect.
          </Notice>
          <Notice tone="danger" title="This webhook is disabled">
            Every delivery of the last five days failed. The last answer was 503.
          </Notice>
        </div>
      </Specimen>
      <Specimen name="Progress">
        <div className="flex max-w-md flex-col gap-4">
          <ProgressBar label="Transcribing" value={64} />
          <ProgressBar label="Uploading" value={null} />
          <ProgressBar label="Failed upload" value={30} tone="danger" />
          <div className="flex gap-3 text-info-ink">
            <ProgressRing value={5} label="Processing" />
            <ProgressRing value={64} label="Processing" />
            <ProgressRing value={100} label="Processing" />
          </div>
        </div>
      </Specimen>
      <Specimen name="Loading">
        <SkeletonRows rows={3} label="Loading meetings" />
        <div className="mt-4 flex items-center gap-3">
          <Skeleton className="size-10 shrink-0 rounded-full" />
          <div className="flex min-w-0 flex-1 flex-col gap-2">
            <Skeleton className="h-3 w-40" />
            <Skeleton className="h-3 w-64 max-w-full" />
          </div>
        </div>
      </Specimen>
      <Specimen name="Empty, empty after a filter, error, read through the API">
        <div className="grid min-w-0 grid-cols-1 gap-4 xl:grid-cols-2">
          <EmptyState
            icon={Key}
            title="No API keys yet"
            action={<Button variant="primary">Generate API Key</Button>}
          >
            A key lets your programs read meetings, transcripts and insights of this workspace.
          </EmptyState>
          <EmptyState icon={Inbox} title="Nothing matches" action={<Button>Clear filters</Button>}>
            No meeting has “planing” in its title. Check the spelling or clear the filters.
          </EmptyState>
          <ErrorState
            title="Deliveries could not be loaded"
            error={{
              message: "The delivery log did not answer in time.",
              fix: "Retry in a moment.",
              request_id: "req_01J9ZK4T7QXW3F5M8D2B6N0RSA",
            }}
            action={<Button>Go back</Button>}
          />
          <QueryDemo />
        </div>
      </Specimen>
    </Section>
  );
}

function Data({ page, query }: { readonly page: number; readonly query: PageSearchParams }) {
  return (
    <Section id="data" title="Data" text="Dense, aligned, readable on a phone.">
      <Specimen name="Figures">
        <dl className="grid grid-cols-2 gap-6 sm:grid-cols-4">
          <Stat
            label="Meetings"
            value="1,284"
            change={{ text: "12 %", up: true, good: true }}
            hint="Last 30 days"
          />
          <Stat label="Failed syncs" value="7" change={{ text: "3", up: true, good: false }} />
          <Stat label="Median answer" value={formatMilliseconds(142)} hint="API, last hour" />
          <Stat label="Talk time" value={formatDuration(37_500)} />
        </dl>
      </Specimen>
      <Specimen name="Page header, link tabs">
        <PageHeader
          breadcrumbs={[
            { label: "Settings", href: "#settings" },
            { label: "Integrations", href: "#integrations" },
          ]}
          title="Salesforce"
          aside={<Status kind="connected" />}
          description="Logs meetings as activities and keeps contacts up to date."
          actions={
            <>
              <Button>Test connection</Button>
              <Button variant="primary">Sync now</Button>
            </>
          }
        />
        <LinkTabs
          label="Salesforce"
          current="#sync"
          items={[
            { href: "#overview", label: "Overview" },
            { href: "#sync", label: "Sync" },
            { href: "#mappings", label: "Mappings", count: 12 },
            { href: "#log", label: "Sync log", count: 1284 },
          ]}
        />
      </Specimen>
      <Specimen name="In-page tabs">
        <InPageTabs />
      </Specimen>
      <Specimen name="Table: blocks under 640 px, whole row is the link">
        <MeetingTable />
        <Pagination
          page={page}
          perPage={20}
          total={157}
          searchParams={query}
          summary={formatCount(157, "meeting")}
        />
      </Specimen>
      <Specimen name="Table: scrolls sideways">
        <DeliveryTable />
        <Pagination
          page={6}
          perPage={20}
          total={240}
          searchParams={query}
          summary={formatCount(240, "delivery", "deliveries")}
          label="Delivery pages"
        />
      </Specimen>
      <Specimen name="Facts">
        <div className="grid gap-8 xl:grid-cols-2">
          <DataList items={facts} />
          <DataList items={facts} layout="grid" />
        </div>
      </Specimen>
      <Specimen name="Cards, avatars">
        <div className="grid gap-4 sm:grid-cols-2">
          <Card>
            <CardHeader
              title="Northwind CRM"
              description="Logs activities, updates contacts"
              actions={<Status kind="connected" />}
            />
            <CardBody>
              <div className="flex items-center gap-2 text-sm">
                <Avatar name="Ada Lindqvist" />
                Connected by Ada Lindqvist
              </div>
            </CardBody>
            <CardFooter>
              <span>
                Last sync <RelativeTime value="2026-11-22T09:30:00Z" />
              </span>
              <Button size="sm">Sync now</Button>
            </CardFooter>
          </Card>
          <Card>
            <CardBody className="flex flex-wrap items-center gap-3">
              <Avatar name="Acme" shape="thing" size="sm" />
              <Avatar name="Acme" shape="thing" />
              <Avatar name="Acme" shape="thing" size="lg" />
              <Avatar name="Tomás Ferreira" size="sm" />
              <Avatar name="priya.raman@example.com" />
              <Avatar name="王小明" size="lg" />
            </CardBody>
          </Card>
        </div>
      </Specimen>
      <Specimen name="Times and lengths">
        <div className="flex flex-wrap gap-x-6 gap-y-1 text-base">
          <RelativeTime value={new Date().toISOString()} />
          <RelativeTime value={new Date(Date.now() - 86_400_000).toISOString()} />
          <RelativeTime value="2026-02-03T11:15:00Z" />
          <RelativeTime value="2026-02-03T11:15:00Z" format="datetime" />
          <span>{formatDuration(42)}</span>
          <span>{formatDuration(3900)}</span>
          <span>{formatClock(3725)}</span>
        </div>
      </Specimen>
      <Specimen name="Markdown">
        <Markdown>{notes}</Markdown>
      </Specimen>
    </Section>
  );
}

const facts = [
  { term: "Account", value: "acme.example.com" },
  { term: "Connected by", value: "Ada Lindqvist" },
  { term: "Connected", value: <RelativeTime value="2026-02-03T11:15:00Z" /> },
  { term: "Next sync", value: null },
];

function MeetingTable() {
  return (
    <Table label="Meetings">
      <TableHeader>
        <TableRow>
          <TableHead>Title</TableHead>
          <TableHead>Status</TableHead>
          <TableHead className="max-lg:sm:hidden">Host</TableHead>
          <TableHead numeric>Length</TableHead>
          <TableHead numeric>Date</TableHead>
        </TableRow>
      </TableHeader>
      <TableBody>
        {rows.map((row) => (
          <TableRow key={row.id} selected={row.id === "mtg_2"}>
            <TableCell className="sm:max-w-80">
              <RowLink href={`#${row.id}`} className="line-clamp-2">
                {row.title}
              </RowLink>
            </TableCell>
            <TableCell label="Status">
              <Status
                kind={row.status}
                {...(row.status === "processing" ? { progress: 64 } : {})}
              />
            </TableCell>
            <TableCell label="Host" className="whitespace-nowrap max-lg:sm:hidden">
              {row.host}
            </TableCell>
            <TableCell label="Length" numeric className="whitespace-nowrap text-ink-muted">
              {formatDuration(row.seconds)}
            </TableCell>
            <TableCell label="Date" numeric className="whitespace-nowrap text-ink-muted">
              <RelativeTime value={row.at} />
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

function DeliveryTable() {
  return (
    <Table label="Deliveries" narrow="scroll" className="min-w-160">
      <TableHeader>
        <TableRow>
          <TableHead>Event</TableHead>
          <TableHead>Delivery</TableHead>
          <TableHead>Status</TableHead>
          <TableHead numeric>Attempts</TableHead>
          <TableHead numeric>Duration</TableHead>
        </TableRow>
      </TableHeader>
      <TableBody>
        {(["succeeded", "retrying", "failed"] as const).map((kind, index) => (
          <TableRow key={kind}>
            <TableCell className="font-mono text-sm">meeting.processed</TableCell>
            <TableCell className="font-mono text-ink-muted text-sm">
              dlv_01J9ZK4T7Q{index}
            </TableCell>
            <TableCell>
              <Status kind={kind} />
            </TableCell>
            <TableCell numeric>{index + 1}</TableCell>
            <TableCell numeric>{formatMilliseconds(142 * (index * 9 + 1))}</TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

function Developer() {
  return (
    <Section id="developer" title="Developer" text="Keys, samples and payloads.">
      <Specimen name="Secret">
        <div className="max-w-xl">
          <SecretField
            label="Signing secret"
            value="whsec_EXAMPLE3Zy5b0c2h0dGVzdHNlY3JldGZvcmdhbGxlcnk="
            hint="Store it now; it is not shown again."
          />
        </div>
      </Specimen>
      <Specimen name="Code: one sample, several languages">
        <div className="grid min-w-0 grid-cols-1 gap-4 xl:grid-cols-2">
          <CodeBlock
            samples={[{ label: "Response", code: '{\n  "status": "queued",\n  "progress": 0\n}' }]}
          />
          <CodeBlock
            label="Upload a meeting"
            samples={[
              { label: "curl", code: curl },
              { label: "Node.js", code: node },
            ]}
          />
        </div>
      </Specimen>
    </Section>
  );
}
