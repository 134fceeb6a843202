import type { Metadata } from "next";
import { Building, Connecting, Endpoints, Keeping, Machines } from "@/app/docs/oauth/building";
import { ErrorTable, Example, Security } from "@/app/docs/oauth/facts";
import { DocsLayout } from "@/components/docs/docs-layout";
import type { DocsNavGroup } from "@/components/docs/docs-nav";
import { env } from "@/lib/core/env";

export const metadata: Metadata = {
  title: "OAuth 2.0",
  description:
    "Build an app that other people connect to Harmony: the flow step by step, endpoints, errors, a complete example, and what is done for security.",
};

const contents: readonly DocsNavGroup[] = [
  {
    title: "Build an app",
    items: [
      { id: "start", label: "Before you start" },
      { id: "flow", label: "The flow, step by step" },
      { id: "tokens", label: "Keep the access" },
      { id: "example", label: "A complete app" },
      { id: "machines", label: "Without a person" },
    ],
  },
  {
    title: "Reference",
    items: [
      { id: "endpoints", label: "Endpoints" },
      { id: "errors", label: "Errors" },
      { id: "security", label: "Security, RFC 9700" },
    ],
  },
];

/** How apps of third parties connect. Like the reference it needs no sign-in, no database and no JavaScript. */
export default function OAuthDocsPage() {
  const { appUrl } = env();
  return (
    <DocsLayout
      title="OAuth 2.0"
      lead="Let people connect your app to their Harmony account: they see what it asks for, choose what it gets, and can end it at any time."
      current="/docs/oauth"
      contents={contents}
    >
      <Building origin={appUrl} />
      <Connecting origin={appUrl} />
      <Keeping origin={appUrl} />
      <Example />
      <Machines origin={appUrl} />
      <Endpoints origin={appUrl} />
      <ErrorTable />
      <Security />
    </DocsLayout>
  );
}
