import type { ReactNode } from "react";
import { LinkTabs } from "@/components/ui/link-tabs";

const tabs = [
  { href: "/settings/integrations/api", label: "API keys" },
  { href: "/settings/integrations/api/oauth-apps", label: "OAuth apps" },
  { href: "/settings/integrations/api/authorised-apps", label: "Authorised apps" },
  { href: "/settings/integrations/api/service-accounts", label: "Service accounts" },
  { href: "/settings/integrations/api/usage", label: "Usage" },
];

/** What programs use the API with, each kind on a page of its own (handbook 14 and 15), and how much. */
export default function ApiLayout({ children }: { readonly children: ReactNode }) {
  return (
    <>
      <LinkTabs label="API" items={tabs} />
      <div className="pt-6">{children}</div>
    </>
  );
}
