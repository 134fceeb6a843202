import { BookOpen } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { NoAccess } from "@/app/(app)/no-access";
import { requireSession } from "@/app/(app)/require-session";
import { ApiKeys } from "@/app/(app)/settings/integrations/api/api-keys";
import { keyPlanOf } from "@/app/(app)/settings/integrations/api/key-plan";
import { ViewOnly } from "@/app/(app)/settings/view-only";
import { PageHeader } from "@/components/ui/page-header";
import type { PageSearchParams } from "@/components/ui/query-string";
import { listApiKeys } from "@/lib/api-keys/service";
import { hasGrant } from "@/lib/auth/roles";
import { env } from "@/lib/core/env";
import { contextOf } from "@/lib/http/action";
import { listRoles } from "@/lib/members/service";

export const metadata: Metadata = { title: "API keys" };

interface ApiPageProps {
  readonly searchParams: Promise<PageSearchParams>;
}

export default async function ApiPage(props: ApiPageProps) {
  const session = await requireSession();
  if (!hasGrant(session.grants, "api-keys:read", "team"))
    return <NoAccess title="API keys" what="API keys" />;
  const ctx = await contextOf(session);
  const mayCreate = hasGrant(session.grants, "api-keys:create", "all");
  const mayRevoke = hasGrant(session.grants, "api-keys:delete", "all");
  const { revoked } = await props.searchParams;
  const [keys, roles] = await Promise.all([
    listApiKeys(ctx, { withRevoked: revoked === "1" }),
    mayCreate && hasGrant(session.grants, "roles:read", "all") ? listRoles(ctx) : [],
  ]);
  return (
    <>
      <PageHeader
        title="API keys"
        description={
          <>
            A key lets a program use the API for this workspace. Keep it in a secrets manager or an
            environment variable, never in a repository.{" "}
            <Link
              href="/docs"
              className="inline-flex items-center gap-1 whitespace-nowrap rounded-sm text-brand-ink underline decoration-brand-line underline-offset-4 hover:decoration-current"
            >
              <BookOpen aria-hidden className="size-3.5" />
              API documentation
            </Link>
          </>
        }
        aside={mayCreate || mayRevoke ? undefined : <ViewOnly />}
      />
      <ApiKeys
        keys={keys}
        roles={roles.map(({ id, name }) => ({ id, name }))}
        appUrl={env().appUrl}
        plan={keyPlanOf(session.workspace.plan)}
        mayCreate={mayCreate}
        mayRevoke={mayRevoke}
      />
    </>
  );
}
