import { BookOpen, KeyRound, Webhook } from "lucide-react";
import type { Metadata } from "next";
import { Suspense } from "react";
import { requireSession } from "@/app/(app)/require-session";
import { Catalogue } from "@/app/(app)/settings/integrations/catalogue/catalogue";
import { CatalogueSkeleton } from "@/app/(app)/settings/integrations/catalogue/catalogue-skeleton";
import { MemberConnections } from "@/app/(app)/settings/integrations/catalogue/member-connections";
import { HelpLink } from "@/app/(app)/settings/integrations/webhooks/help-link";
import { FilterSelect } from "@/components/ui/filter-select";
import { PageHeader } from "@/components/ui/page-header";
import type { PageSearchParams } from "@/components/ui/query-string";
import { SearchInput } from "@/components/ui/search-input";
import { hasGrant } from "@/lib/auth/roles";
import { contextOf } from "@/lib/http/action";
import { categoryWords } from "@/lib/integrations/schema";

export const metadata: Metadata = { title: "Integrations" };

interface IntegrationsPageProps {
  readonly searchParams: Promise<PageSearchParams>;
}

const categoryOptions = Object.entries(categoryWords).map(([value, label]) => ({ value, label }));

export default async function IntegrationsPage(props: IntegrationsPageProps) {
  const session = await requireSession();
  const ctx = await contextOf(session);
  const searchParams = await props.searchParams;
  return (
    <>
      <PageHeader
        title="Integrations"
        description={
          <>
            Connect the tools that your meetings should reach, or come from. For your own programs:{" "}
            <HelpLink href="/settings/integrations/api" icon={KeyRound}>
              API keys
            </HelpLink>{" "}
            <HelpLink href="/settings/integrations/webhooks" icon={Webhook}>
              Webhooks
            </HelpLink>{" "}
            <HelpLink href="/docs" icon={BookOpen}>
              API documentation
            </HelpLink>
          </>
        }
      />
      <div className="flex flex-wrap gap-2 pb-6">
        <SearchInput label="Search integrations" placeholder="Name, category or purpose" />
        <FilterSelect
          label="Category"
          param="category"
          options={categoryOptions}
          allLabel="Any category"
        />
      </div>
      <div className="flex flex-col gap-10">
        <Suspense fallback={<CatalogueSkeleton />}>
          <Catalogue ctx={ctx} searchParams={searchParams} />
        </Suspense>
        {hasGrant(session.grants, "integrations:delete", "all") ? (
          <Suspense fallback={null}>
            <MemberConnections ctx={ctx} />
          </Suspense>
        ) : null}
      </div>
    </>
  );
}
