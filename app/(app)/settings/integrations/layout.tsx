import type { ReactNode } from "react";
import { LinkTabs } from "@/components/ui/link-tabs";

const tabs = [
  { href: "/settings/integrations", label: "Apps" },
  { href: "/settings/integrations/api", label: "API" },
  { href: "/settings/integrations/webhooks", label: "Webhooks" },
  { href: "/settings/integrations/activity", label: "Activity" },
  { href: "/settings/integrations/notifications", label: "Notifications" },
];

/** The parts of Integrations, on top of each of them (handbook 2.2). */
export default function IntegrationsLayout({ children }: { readonly children: ReactNode }) {
  return (
    <>
      <LinkTabs label="Integrations" items={tabs} />
      <div className="pt-6">{children}</div>
    </>
  );
}
