import { BookOpen } from "lucide-react";
import type { Metadata } from "next";
import { createSchema } from "zod-openapi";
import { NoAccess } from "@/app/(app)/no-access";
import { requireSession } from "@/app/(app)/require-session";
import { HelpLink } from "@/app/(app)/settings/integrations/webhooks/help-link";
import { FieldList } from "@/components/docs/field-list";
import { Section } from "@/components/docs/section";
import { CodeBlock } from "@/components/ui/code-block";
import { PageHeader } from "@/components/ui/page-header";
import { hasGrant } from "@/lib/auth/roles";
import { type Field, fieldsOf } from "@/lib/docs/schema-fields";
import {
  apiVersion,
  EVENTS,
  type EventPayload,
  type EventType,
  eventCategories,
  eventTypes,
} from "@/lib/events/schema";

export const metadata: Metadata = { title: "Event catalogue" };

export default async function EventsPage() {
  const session = await requireSession();
  if (!hasGrant(session.grants, "organization:read", "all"))
    return <NoAccess title="Event catalogue" what="webhooks" />;
  return (
    <>
      <PageHeader
        title="Event catalogue"
        description={
          <>
            What a webhook can receive: when each event is sent, and what it carries. Fields are
            only ever added.{" "}
            <HelpLink href="/docs/webhooks" icon={BookOpen}>
              How to receive webhooks
            </HelpLink>
          </>
        }
      />
      <nav aria-label="Events" className="flex flex-wrap gap-x-4 gap-y-2 pb-4">
        {eventTypes.map((type) => (
          <a
            key={type}
            href={`#${type}`}
            className="rounded-sm font-mono text-brand-ink text-sm underline decoration-brand-line underline-offset-4 hover:decoration-current"
          >
            {type}
          </a>
        ))}
      </nav>
      <Section id="payload" title="Every event">
        <p className="mt-1 max-w-2xl text-base text-ink-muted">
          The body is a JSON object with these fields; only what is in{" "}
          <code className="font-mono text-sm">data</code> differs from event to event.
        </p>
        <FieldList fields={payloadFields} kind="response" />
      </Section>
      {eventCategories.map((category) => (
        <Section key={category} id={category.toLowerCase()} title={category}>
          {eventTypes
            .filter((type) => EVENTS[type].category === category)
            .map((type) => (
              <EventSection key={type} type={type} />
            ))}
        </Section>
      ))}
    </>
  );
}

const payloadField = (name: keyof EventPayload, type: string, description: string): Field => ({
  name,
  type,
  description,
  isRequired: true,
  values: [],
  shapes: [],
});

const payloadFields: readonly Field[] = [
  payloadField("event", "string", "The event’s name."),
  payloadField("timestamp", "string (ISO 8601 time)", "When it happened, in UTC."),
  payloadField("data", "object", "What happened, as listed below."),
  payloadField("id", "string", "The event; the same in every webhook that receives it."),
  payloadField("workspace_id", "string", "The workspace that it happened in."),
  payloadField("api_version", "string", "The version of these fields."),
];

/** The body of a sample delivery, as it is sent but indented. */
function samplePayload(type: EventType): string {
  const payload: EventPayload = {
    event: type,
    timestamp: "2026-02-01T15:30:00Z",
    data: EVENTS[type].sample,
    id: "evt_abc123",
    workspace_id: "wsp_abc123",
    api_version: apiVersion,
  };
  return JSON.stringify(payload, null, 2);
}

function EventSection({ type }: { readonly type: EventType }) {
  const { trigger, description, data } = EVENTS[type];
  const { schema, components } = createSchema(data);
  return (
    <Section id={type} title={type} level={3}>
      <p className="mt-1 font-medium text-base">{trigger}</p>
      <p className="mt-1 max-w-2xl text-base text-ink-muted">{description}</p>
      <div className="mt-4 grid gap-x-8 gap-y-4 xl:grid-cols-2">
        <div className="min-w-0">
          <h4 className="font-medium text-sm">
            Fields of <code className="font-mono">data</code>
          </h4>
          <FieldList fields={fieldsOf(schema, components)} kind="response" />
        </div>
        <CodeBlock samples={[{ label: `Sample of ${type}`, code: samplePayload(type) }]} />
      </div>
    </Section>
  );
}
