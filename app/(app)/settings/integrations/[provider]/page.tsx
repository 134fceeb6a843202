import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache, Suspense } from "react";
import { requireSession } from "@/app/(app)/require-session";
import { ConnectSheetHost } from "@/app/(app)/settings/integrations/[provider]/connect-sheet-host";
import { connectable } from "@/app/(app)/settings/integrations/[provider]/connectable-tool";
import { SyncLog } from "@/app/(app)/settings/integrations/[provider]/log/sync-log";
import { NotificationsTab } from "@/app/(app)/settings/integrations/[provider]/notifications-tab";
import { OverviewTab } from "@/app/(app)/settings/integrations/[provider]/overview-tab";
import { ReturnNotice } from "@/app/(app)/settings/integrations/[provider]/return-notice";
import { SyncTab } from "@/app/(app)/settings/integrations/[provider]/sync-tab";
import { ToolActions } from "@/app/(app)/settings/integrations/[provider]/tool-actions";
import { ToolFacts } from "@/app/(app)/settings/integrations/[provider]/tool-facts";
import { ToolNotices } from "@/app/(app)/settings/integrations/[provider]/tool-notices";
import {
  type ToolTab,
  tabHref,
  tabsOf,
} from "@/app/(app)/settings/integrations/[provider]/tool-tabs";
import { logoOf } from "@/app/(app)/settings/integrations/logos";
import { ViewOnly } from "@/app/(app)/settings/view-only";
import {
  ConnectionStatus,
  SandboxChip,
  ScopeChip,
} from "@/components/integrations/connection-status";
import { FollowTabs } from "@/components/integrations/follow-tabs";
import { ToolLogo } from "@/components/integrations/tool-logo";
import { stateOf } from "@/components/integrations/words";
import { LinkTabs } from "@/components/ui/link-tabs";
import { PageHeader } from "@/components/ui/page-header";
import type { PageSearchParams } from "@/components/ui/query-string";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { Context } from "@/lib/auth/principal";
import { AppError } from "@/lib/core/errors";
import { contextOf } from "@/lib/http/action";
import type { ToolView } from "@/lib/integrations/schema";
import { getTool } from "@/lib/integrations/service";

interface ToolPageProps {
  readonly params: Promise<{ readonly provider: string }>;
  readonly searchParams: Promise<PageSearchParams>;
}

interface PageData {
  readonly ctx: Context;
  readonly tool: ToolView;
}

/** Read once a request, for the title and the page. */
const pageOf = cache(async (slug: string): Promise<PageData> => {
  const ctx = await contextOf(await requireSession());
  if (!/^[a-z0-9_]{1,40}$/.test(slug)) notFound();
  try {
    return { ctx, tool: await getTool(ctx, slug) };
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") notFound();
    throw error;
  }
});

export async function generateMetadata({ params }: ToolPageProps): Promise<Metadata> {
  return { title: (await pageOf((await params).provider)).tool.name };
}

export default async function ToolPage(props: ToolPageProps) {
  const { ctx, tool } = await pageOf((await props.params).provider);
  const searchParams = await props.searchParams;
  const tabs = tabsOf(tool);
  const tab = tabs.find(({ key }) => key === searchParams.tab)?.key ?? "overview";
  const logo = logoOf(tool.slug);
  return (
    <ConnectSheetHost tool={connectable(tool)} logo={logo}>
      <PageHeader
        title={
          <span className="flex items-center gap-3">
            <ToolLogo name={tool.name} src={logo} />
            {tool.name}
          </span>
        }
        description={tool.purpose}
        aside={
          <>
            <ConnectionStatus connection={tool.connection} />
            <ScopeChip scope={tool.scope} />
            <SandboxChip availability={tool.availability} />
            {tool.mayManage ? null : <ViewOnly />}
          </>
        }
        actions={<ToolActions tool={connectable(tool)} />}
      />
      <FollowTabs shown={{ [tool.slug]: stateOf(tool.connection) }} />
      <ReturnNotice ctx={ctx} tool={tool} searchParams={searchParams} />
      <ToolNotices tool={tool} tab={tab} />
      <ToolFacts tool={tool} />
      {tabs.length > 1 ? (
        <div className="pt-6">
          <LinkTabs
            label={`Parts of ${tool.name}`}
            items={tabs.map(({ key, label }) => ({ href: tabHref(tool.slug, key), label }))}
            current={tabHref(tool.slug, tab)}
          />
        </div>
      ) : null}
      <div className="pt-5">
        <Suspense key={tab} fallback={<SkeletonRows rows={8} />}>
          <TabContent ctx={ctx} tool={tool} tab={tab} searchParams={searchParams} />
        </Suspense>
      </div>
    </ConnectSheetHost>
  );
}

interface TabContentProps extends PageData {
  readonly tab: ToolTab;
  readonly searchParams: PageSearchParams;
}

function TabContent({ ctx, tool, tab, searchParams }: TabContentProps) {
  switch (tab) {
    case "overview":
      return <OverviewTab ctx={ctx} tool={tool} />;
    case "sync":
      return <SyncTab ctx={ctx} tool={tool} />;
    case "log":
      return <SyncLog ctx={ctx} tool={tool} searchParams={searchParams} />;
    case "notifications":
      return <NotificationsTab ctx={ctx} tool={tool} />;
  }
}
