import type { ReactNode } from "react";
import { FieldList } from "@/components/docs/field-list";
import { Code, RichText } from "@/components/docs/rich-text";
import { Section } from "@/components/docs/section";
import { Badge } from "@/components/ui/badge";
import { CodeBlock } from "@/components/ui/code-block";
import type { Operation } from "@/lib/docs/reference";
import type { Parameter } from "@/lib/docs/schema-fields";

const places: readonly { readonly in: Parameter["in"]; readonly title: string }[] = [
  { in: "path", title: "In the path" },
  { in: "query", title: "In the query" },
  { in: "form", title: "Form fields" },
  { in: "header", title: "Headers" },
];

interface OperationSectionProps {
  readonly operation: Operation;
  /** What stands before the path: "/v1". */
  readonly basePath: string;
}

/** One endpoint: what it does and takes on the left, how it is called and what it answers on the right. */
export function OperationSection({ operation, basePath }: OperationSectionProps) {
  const { id, title, method, path, description, scope, status } = operation;
  return (
    <Section id={id} title={title} level={3}>
      <p className="mt-2 flex flex-wrap items-center gap-2">
        <Badge tone={method === "GET" ? "info" : "success"} className="font-mono">
          {method}
        </Badge>
        <code className="break-all font-mono text-ink text-sm">{`${basePath}${path}`}</code>
      </p>
      <div className="mt-4 grid gap-x-10 gap-y-6 xl:grid-cols-[minmax(0,1fr)_minmax(0,28rem)]">
        <div className="min-w-0">
          {description === null ? null : (
            <p className="mb-3 max-w-2xl text-base text-ink-muted leading-6">
              <RichText>{description}</RichText>
            </p>
          )}
          {scope === null ? null : (
            <p className="mb-3 text-ink-muted text-sm">
              Needs the scope <Code>{scope}</Code>
            </p>
          )}
          <Parameters operation={operation} />
          <Block title={`Response ${status}`}>
            <FieldList fields={operation.fields} kind="response" />
          </Block>
          <Block title="Errors">
            <ErrorLinks codes={operation.errors} />
          </Block>
        </div>
        <div className="min-w-0 space-y-3 self-start xl:sticky xl:top-20">
          <CodeBlock samples={[{ label: `${title}: request`, code: operation.curl }]} />
          <CodeBlock samples={[{ label: `${title}: response`, code: operation.example }]} />
        </div>
      </div>
    </Section>
  );
}

function Block({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div className="mt-5 first:mt-0">
      <h4 className="border-b pb-1.5 font-semibold text-sm">{title}</h4>
      {children}
    </div>
  );
}

function Parameters({ operation }: { readonly operation: Operation }) {
  return places.map(({ in: place, title }) => {
    const fields = operation.parameters.filter((parameter) => parameter.in === place);
    if (fields.length === 0) return null;
    return (
      <Block key={place} title={title}>
        <FieldList fields={fields} kind="request" />
      </Block>
    );
  });
}

function ErrorLinks({ codes }: { readonly codes: readonly string[] }) {
  return (
    <ul className="flex flex-wrap gap-x-3 gap-y-1 pt-2.5">
      {codes.map((code) => (
        <li key={code}>
          <a
            href={`#error-${code}`}
            className="rounded-sm font-mono text-brand-ink text-sm underline decoration-brand-line underline-offset-4 hover:decoration-current"
          >
            {code}
          </a>
        </li>
      ))}
    </ul>
  );
}
