import { createSchema } from "zod-openapi";
import { samplePayload } from "@/app/docs/webhooks/samples";
import { FactTable } from "@/components/docs/fact-table";
import { FieldList } from "@/components/docs/field-list";
import { Prose, Section } from "@/components/docs/section";
import { CodeBlock } from "@/components/ui/code-block";
import { formatNumber } from "@/components/ui/format";
import { fieldsOf } from "@/lib/docs/schema-fields";
import { bodyBytesMax } from "@/lib/events/fan-out";
import { EVENTS, type EventPayload, type EventType, eventTypes } from "@/lib/events/schema";

/** A key that is added to the payload and not told here does not compile. */
const frame: Readonly<Record<keyof EventPayload, string>> = {
  event: "What happened: one of the names below.",
  timestamp: "When it happened: ISO 8601, UTC. The same on every attempt.",
  data: "The facts of this event, as listed below.",
  id: "The event. The same for every webhook that receives it, and after Redeliver.",
  workspace_id: "The workspace in which it happened.",
  api_version: "The version of this form.",
};

function fieldsOfData(type: EventType) {
  const { schema, components } = createSchema(EVENTS[type].data, { io: "output" });
  return fieldsOf(schema, components);
}

/** The events with their fields and a sample each, from the catalogue that the product sends by. */
export function Events() {
  return (
    <Section id="events" title="Events">
      <Prose>
        <p>The body is a JSON object in UTF-8, of the same form for every event:</p>
      </Prose>
      <FactTable
        label="The form of every event"
        columns={[{ title: "Field" }, { title: "Meaning" }]}
        rows={Object.entries(frame).map(([name, meaning]) => ({
          key: name,
          cells: [`\`${name}\``, meaning],
        }))}
      />
      <Prose>
        <p>
          New fields and events may be added, and what is there keeps its name and meaning: ignore
          what you do not know. A body has at most {formatNumber(bodyBytesMax)} bytes; longer texts
          in it are cut and end with “…”. The event says what happened; read the rest with the{" "}
          <a href="/docs#getMeeting">API</a>.
        </p>
      </Prose>
      <div className="divide-y">
        {eventTypes.map((type) => (
          <Event key={type} type={type} />
        ))}
      </div>
    </Section>
  );
}

function Event({ type }: { readonly type: EventType }) {
  const { trigger, description } = EVENTS[type];
  const payload = JSON.stringify(samplePayload(type), null, 2);
  return (
    <Section id={`event-${type}`} title={type} level={3}>
      <div className="mt-2 grid gap-x-10 gap-y-4 xl:grid-cols-[minmax(0,1fr)_minmax(0,28rem)]">
        <div className="min-w-0">
          <p className="max-w-2xl text-base leading-6">
            <span className="font-medium">{trigger}.</span>{" "}
            <span className="text-ink-muted">{description}</span>
          </p>
          <h4 className="mt-4 border-b pb-1.5 font-semibold text-sm">Fields of data</h4>
          <FieldList fields={fieldsOfData(type)} kind="response" />
        </div>
        <CodeBlock samples={[{ label: `${type}: body`, code: payload }]} className="self-start" />
      </div>
    </Section>
  );
}
