import type { oas31 } from "zod-openapi";

// JSON Schema, told as the reference shows it: words for types, and the fields of the objects inside.

export type Schema = oas31.SchemaObject | oas31.ReferenceObject;
export type Schemas = Readonly<Record<string, Schema>>;

/** One field of an object, or one parameter of a request. */
export interface Field {
  readonly name: string;
  /** "string", "integer or null", "array of objects". */
  readonly type: string;
  readonly isRequired: boolean;
  readonly description: string | null;
  /** The only possible values; empty when there are others. */
  readonly values: readonly string[];
  /** The objects that it may hold: none, one, or alternatives; each as its fields. */
  readonly shapes: readonly (readonly Field[])[];
}

/** A field of a request and where it stands. */
export interface Parameter extends Field {
  readonly in: "path" | "query" | "header" | "form";
  /** As text; null when the document gives none. */
  readonly example: string | null;
}

type Told = Pick<Field, "type" | "values" | "shapes" | "description">;

const depthMax = 8;
const refPrefix = "#/components/schemas/";

function isReference(schema: Schema): schema is oas31.ReferenceObject {
  return typeof schema.$ref === "string";
}

function resolve(schema: Schema, schemas: Schemas, hops = 0): oas31.SchemaObject {
  if (!isReference(schema)) return schema;
  const target = schemas[schema.$ref.slice(refPrefix.length)];
  if (!target || hops === depthMax) {
    throw new Error(`the OpenAPI document refers to ${schema.$ref}, which it does not have`);
  }
  return resolve(target, schemas, hops + 1);
}

const plurals: Readonly<Record<string, string>> = {
  string: "strings",
  object: "objects",
  integer: "integers",
  number: "numbers",
  boolean: "booleans",
};

const formats: Readonly<Record<string, string>> = {
  "date-time": "string (ISO 8601 time)",
  date: "string (date)",
  email: "string (e-mail address)",
  uri: "string (URL)",
  binary: "file",
};

/** "a", "a or b", "a, b or c". */
function anyOfThese(words: readonly string[]): string {
  const unique = [...new Set(words)];
  // "null" reads best at the end.
  const ordered = [
    ...unique.filter((word) => word !== "null"),
    ...unique.filter((word) => word === "null"),
  ];
  const last = ordered.at(-1) ?? "anything";
  return ordered.length < 2 ? last : `${ordered.slice(0, -1).join(", ")} or ${last}`;
}

function tellObject(schema: oas31.SchemaObject, schemas: Schemas, depth: number): Told["shapes"] {
  const fields = fieldsOf(schema, schemas, depth + 1);
  return fields.length === 0 ? [] : [fields];
}

function tellArray(schema: oas31.SchemaObject, schemas: Schemas, depth: number): Told {
  const item = schema.items ? tell(schema.items, schemas, depth + 1) : null;
  const word = item ? (plurals[item.type] ?? item.type) : "anything";
  return {
    type: `array of ${word}`,
    values: item?.values ?? [],
    shapes: item?.shapes ?? [],
    description: schema.description ?? null,
  };
}

function tellUnion(
  schema: oas31.SchemaObject,
  members: readonly Schema[],
  schemas: Schemas,
  depth: number,
) {
  const told = members.map((member) => tell(member, schemas, depth));
  return {
    type: anyOfThese(told.flatMap(({ type }) => type.split(" or "))),
    values: told.flatMap(({ values }) => values),
    shapes: told.flatMap(({ shapes }) => shapes),
    description: schema.description ?? null,
  };
}

function valuesOf(schema: oas31.SchemaObject): string[] {
  if (schema.const !== undefined) return [String(schema.const)];
  return (schema.enum ?? []).map(String);
}

function wordFor(type: string, schema: oas31.SchemaObject): string {
  if (type !== "string") return type;
  return formats[schema.format ?? ""] ?? type;
}

function tell(schema: Schema, schemas: Schemas, depth: number): Told {
  const at = resolve(schema, schemas);
  const members = at.anyOf ?? at.oneOf;
  if (members) return tellUnion(at, members, schemas, depth);
  const types = Array.isArray(at.type) ? at.type : [at.type ?? "anything"];
  if (types.includes("array")) return tellArray(at, schemas, depth);
  return {
    type: anyOfThese(types.map((type) => wordFor(type, at))),
    values: valuesOf(at),
    shapes: types.includes("object") ? tellObject(at, schemas, depth) : [],
    description: at.description ?? null,
  };
}

/** One named schema as a field. */
export function fieldOf(
  name: string,
  schema: Schema,
  isRequired: boolean,
  schemas: Schemas,
  depth = 0,
): Field {
  return { name, isRequired, ...tell(schema, schemas, depth) };
}

/** The fields of an object schema, in its order; empty for what is no object and below eight levels. */
export function fieldsOf(schema: Schema, schemas: Schemas, depth = 0): readonly Field[] {
  if (depth > depthMax) return [];
  const at = resolve(schema, schemas);
  const required = new Set(at.required ?? []);
  return Object.entries(at.properties ?? {}).map(([name, property]) =>
    fieldOf(name, property, required.has(name), schemas, depth),
  );
}
