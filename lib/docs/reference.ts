import type { oas31 } from "zod-openapi";
import { curlOf } from "@/lib/docs/curl";
import {
  type Field,
  fieldOf,
  fieldsOf,
  type Parameter,
  type Schema,
  type Schemas,
} from "@/lib/docs/schema-fields";

// The OpenAPI document as the reference page shows it. Nothing here knows an endpoint: what the page says is what
// the document says (docs/adr/0006).

export interface Operation {
  /** Anchor on the page and name in generated clients: "listMeetings". */
  readonly id: string;
  readonly method: "GET" | "POST";
  /** Below the base: "/meetings/{id}". */
  readonly path: string;
  readonly title: string;
  readonly description: string | null;
  /** The scope that the credential needs; null for a public endpoint. */
  readonly scope: string | null;
  readonly parameters: readonly Parameter[];
  readonly status: string;
  readonly fields: readonly Field[];
  /** The example answer as indented JSON. */
  readonly example: string;
  /** Error codes that it may answer, in the order of their statuses. */
  readonly errors: readonly string[];
  readonly curl: string;
}

export interface OperationGroup {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly operations: readonly Operation[];
}

const methods = [
  ["get", "GET"],
  ["post", "POST"],
] as const;

function exampleOf(schema: Schema | undefined, own: unknown): string | null {
  const first: unknown = own ?? (schema && "examples" in schema ? schema.examples?.[0] : undefined);
  return first === undefined ? null : String(first);
}

function isParameter(
  value: oas31.ParameterObject | oas31.ReferenceObject,
): value is oas31.ParameterObject {
  return "in" in value;
}

function parametersOf(operation: oas31.OperationObject, schemas: Schemas): Parameter[] {
  return (operation.parameters ?? []).filter(isParameter).flatMap((parameter) => {
    if (parameter.in === "cookie" || !parameter.schema) return [];
    const field = fieldOf(parameter.name, parameter.schema, parameter.required === true, schemas);
    const example = exampleOf(parameter.schema, parameter.example);
    return [
      {
        ...field,
        description: parameter.description ?? field.description,
        in: parameter.in,
        example,
      },
    ];
  });
}

function formOf(operation: oas31.OperationObject, schemas: Schemas): Parameter[] {
  const body = operation.requestBody;
  const schema =
    body && "content" in body ? body.content["multipart/form-data"]?.schema : undefined;
  if (!schema) return [];
  const properties = "properties" in schema ? (schema.properties ?? {}) : {};
  return fieldsOf(schema, schemas).map((field) => ({
    ...field,
    in: "form",
    example: exampleOf(properties[field.name], undefined),
  }));
}

function responseOf(operation: oas31.OperationObject) {
  const [status, response] =
    Object.entries(operation.responses ?? {}).find(([code]) => code.startsWith("2")) ?? [];
  return { status: status ?? "200", content: response?.content?.["application/json"] };
}

function errorsOf(operation: oas31.OperationObject): string[] {
  return Object.entries(operation.responses ?? {})
    .filter(([status]) => Number(status) >= 400)
    .flatMap(([, response]) => Object.keys(response.content?.["application/json"]?.examples ?? {}));
}

function operationOf(
  path: string,
  method: Operation["method"],
  operation: oas31.OperationObject,
  schemas: Schemas,
  baseUrl: string,
): Operation {
  const { status, content } = responseOf(operation);
  const parameters = [...parametersOf(operation, schemas), ...formOf(operation, schemas)];
  return {
    id: operation.operationId ?? `${method} ${path}`,
    method,
    path,
    title: operation.summary ?? path,
    description: operation.description ?? null,
    scope: operation.security?.[0]?.apiKey?.[0] ?? null,
    parameters,
    status,
    fields: content?.schema ? fieldsOf(content.schema, schemas) : [],
    example: JSON.stringify(content?.example ?? {}, null, 2),
    errors: errorsOf(operation),
    curl: curlOf(baseUrl, method, path, parameters),
  };
}

/**
 * The groups of the reference in the order of the document's tags, each with its operations.
 * @param baseUrl what stands before a path in the examples: "https://harmony.example/v1".
 */
export function makeReference(
  document: oas31.OpenAPIObject,
  baseUrl: string,
): readonly OperationGroup[] {
  const schemas: Schemas = document.components?.schemas ?? {};
  const all = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    methods.flatMap(([key, method]) => {
      const operation = item[key];
      return operation
        ? [{ tag: operation.tags?.[0], ...operationOf(path, method, operation, schemas, baseUrl) }]
        : [];
    }),
  );
  return (document.tags ?? []).map(({ name, description }) => ({
    id: name.toLowerCase(),
    title: name,
    description: description ?? "",
    operations: all.filter(({ tag }) => tag === name),
  }));
}
