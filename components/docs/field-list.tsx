import { ChevronRight } from "lucide-react";
import { Code, RichText } from "@/components/docs/rich-text";
import type { Field, Parameter } from "@/lib/docs/schema-fields";

interface FieldListProps {
  readonly fields: readonly Field[];
  /** In a request it matters what may be left out, in an answer every field is there. */
  readonly kind: "request" | "response";
}

/** The fields of an object, each with its type and meaning; what lies inside them unfolds. */
export function FieldList({ fields, kind }: FieldListProps) {
  return (
    <ul className="divide-y">
      {fields.map((field) => (
        <li key={field.name} className="py-2.5">
          <FieldHead field={field} kind={kind} />
          <FieldBody field={field} />
          {field.shapes.length === 0 ? null : <Inside field={field} kind={kind} />}
        </li>
      ))}
    </ul>
  );
}

function FieldHead({ field, kind }: { readonly field: Field } & Pick<FieldListProps, "kind">) {
  return (
    <p className="flex flex-wrap items-baseline gap-x-2 gap-y-0.5">
      <code className="break-all font-medium font-mono text-ink text-sm">{field.name}</code>
      <span className="text-ink-faint text-sm">{field.type}</span>
      {kind === "request" && field.isRequired ? (
        <span className="font-medium text-sm text-warning-ink">required</span>
      ) : null}
      {kind === "response" && !field.isRequired ? (
        <span className="text-ink-faint text-sm">may be absent</span>
      ) : null}
    </p>
  );
}

function exampleOf(field: Field | Parameter): string | null {
  return "example" in field ? field.example : null;
}

function FieldBody({ field }: { readonly field: Field }) {
  const example = exampleOf(field);
  return (
    <>
      {field.description === null ? null : (
        <p className="mt-0.5 max-w-2xl text-ink-muted text-sm">
          <RichText>{field.description}</RichText>
        </p>
      )}
      {field.values.length === 0 ? null : (
        <p className="mt-1 flex max-w-2xl flex-wrap items-center gap-1 text-ink-muted text-sm">
          <span>{field.values.length === 1 ? "Always" : "One of"}</span>
          {field.values.map((value) => (
            <Code key={value}>{value}</Code>
          ))}
        </p>
      )}
      {example === null ? null : (
        <p className="mt-1 text-ink-muted text-sm">
          Example: <Code>{example}</Code>
        </p>
      )}
    </>
  );
}

function Inside({ field, kind }: { readonly field: Field } & Pick<FieldListProps, "kind">) {
  const several = field.shapes.length > 1;
  return (
    <details className="group/inside mt-2 rounded-lg border [&[open]>summary]:rounded-b-none [&[open]>summary]:border-b">
      <summary className="flex list-none items-center gap-1.5 rounded-lg px-2.5 py-1.5 text-ink-muted text-sm hover:text-ink [&::-webkit-details-marker]:hidden">
        <ChevronRight
          aria-hidden
          className="size-4 text-ink-faint transition-transform group-open/inside:rotate-90"
        />
        <span>
          {several ? `${field.shapes.length} forms of ` : "Fields of "}
          <span className="font-mono">{field.name}</span>
        </span>
      </summary>
      <div className="px-3">
        {field.shapes.map((shape, index) => (
          <div key={shape.map(({ name }) => name).join()}>
            {several ? (
              <p className="pt-3 font-medium text-ink-faint text-xs">Form {index + 1}</p>
            ) : null}
            <FieldList fields={shape} kind={kind} />
          </div>
        ))}
      </div>
    </details>
  );
}
