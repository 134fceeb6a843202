import type { Metadata } from "next";
import { NoAccess } from "@/app/(app)/no-access";
import { requireSession } from "@/app/(app)/require-session";
import { RegistrationSettings } from "@/app/(app)/settings/integrations/api/registration/registration-settings";
import { PageHeader } from "@/components/ui/page-header";
import { hasGrant } from "@/lib/auth/roles";
import { contextOf } from "@/lib/http/action";

export const metadata: Metadata = { title: "App registration" };

export default async function RegistrationPage() {
  const session = await requireSession();
  if (!hasGrant(session.grants, "api-keys:read", "all"))
    return <NoAccess title="App registration" what="OAuth apps" />;
  return (
    <>
      <PageHeader title="App registration" />
      <RegistrationSettings ctx={await contextOf(session)} />
    </>
  );
}
