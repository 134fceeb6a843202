import type { Metadata } from "next";
import { openApiDocument } from "@/app/api/v1/openapi";
import * as guides from "@/app/docs/guides";
import { LargeUploads } from "@/app/docs/large-uploads";
import { DocsLayout } from "@/components/docs/docs-layout";
import type { DocsNavGroup } from "@/components/docs/docs-nav";
import { OperationSection } from "@/components/docs/operation-section";
import { Prose, Section } from "@/components/docs/section";
import { env } from "@/lib/core/env";
import { singleton } from "@/lib/core/singleton";
import { exampleErrors } from "@/lib/docs/examples";
import { makeReference, type OperationGroup } from "@/lib/docs/reference";

export const metadata: Metadata = {
  title: "API reference",
  description:
    "Harmony's REST API: meetings, transcripts, summaries, insights, contacts and uploads.",
};

const basePath = "/v1";

function contentsOf(groups: readonly OperationGroup[]): readonly DocsNavGroup[] {
  return [
    {
      title: "Guide",
      items: [
        { id: "getting-started", label: "Getting started" },
        { id: "authentication", label: "Authentication" },
        { id: "pagination", label: "Pagination" },
        { id: "filtering", label: "Filtering" },
        { id: "idempotency", label: "Idempotency" },
        { id: "large-uploads", label: "Large uploads" },
        { id: "errors", label: "Errors" },
        { id: "rate-limits", label: "Rate limits" },
      ],
    },
    ...groups.map(({ title, operations }) => ({
      title,
      items: operations.map(({ id, title: label, method }) => ({ id, label, method })),
    })),
    {
      title: "Going further",
      items: [
        { id: "webhooks", label: "Webhooks" },
        { id: "best-practices", label: "Best practices" },
        { id: "sdks", label: "SDKs and libraries" },
        { id: "community-libraries", label: "Community libraries" },
        { id: "support", label: "Support and status" },
      ],
    },
  ];
}

/**
 * The API reference. It needs no sign-in, no database and no JavaScript, so that it can be read while something
 * else is broken.
 */
export default function DocsPage() {
  const { appUrl, SUPPORT_EMAIL } = env();
  const base = `${appUrl}${basePath}`;
  const groups = singleton("reference", () => makeReference(openApiDocument(), base));
  const contents = contentsOf(groups);
  const notFound = JSON.stringify(exampleErrors(appUrl).not_found, null, 2);
  return (
    <DocsLayout
      title="API reference"
      lead="Read meetings with their transcripts, summaries, action items and insights; read contacts; bring recordings in."
      current="/docs"
      contents={contents}
    >
      <guides.GettingStarted base={base} />
      <guides.Authentication />
      <guides.Pagination base={base} />
      <guides.Filtering base={base} groups={groups} />
      <guides.Idempotency base={base} />
      <LargeUploads origin={appUrl} />
      <guides.Errors example={notFound} />
      <guides.RateLimits />
      {groups.map(({ id, title, description, operations }) => (
        <Section key={id} id={id} title={title}>
          <Prose>
            <p>{description}</p>
          </Prose>
          <div className="divide-y">
            {operations.map((operation) => (
              <OperationSection key={operation.id} operation={operation} basePath={basePath} />
            ))}
          </div>
        </Section>
      ))}
      <guides.Webhooks />
      <guides.BestPractices base={base} />
      <guides.Sdks openApiUrl={`${appUrl}/api/v1/openapi.json`} />
      <guides.CommunityLibraries supportEmail={SUPPORT_EMAIL} />
      <guides.Support supportEmail={SUPPORT_EMAIL} />
    </DocsLayout>
  );
}
