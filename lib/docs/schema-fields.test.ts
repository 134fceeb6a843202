import { describe, expect, test } from "vitest";
import { fieldOf, fieldsOf, type Schemas } from "@/lib/docs/schema-fields";

const schemas: Schemas = {
  Engine: {
    type: "object",
    description: "Which engine made a result.",
    properties: { id: { type: "string" }, model: { type: ["string", "null"] } },
    required: ["id", "model"],
  },
  Loop: { $ref: "#/components/schemas/Loop" },
  Tree: {
    type: "object",
    properties: { children: { type: "array", items: { $ref: "#/components/schemas/Tree" } } },
  },
};

const typeOf = (schema: Parameters<typeof fieldOf>[1]) => fieldOf("x", schema, true, schemas).type;

describe("a schema in words", () => {
  test.for([
    [{ type: "integer" }, "integer"],
    [{ type: ["string", "null"] }, "string or null"],
    [{ type: ["null", "string"] }, "string or null"],
    [{ type: "string", format: "date-time" }, "string (ISO 8601 time)"],
    [{ type: "string", format: "binary" }, "file"],
    [{ type: "array", items: { type: "string" } }, "array of strings"],
    [{ type: "array", items: { $ref: "#/components/schemas/Engine" } }, "array of objects"],
    [{ anyOf: [{ type: "object" }, { type: "null" }] }, "object or null"],
    [
      { anyOf: [{ anyOf: [{ type: "string" }, { type: "boolean" }] }, { type: "null" }] },
      "string, boolean or null",
    ],
    [{}, "anything"],
  ] as const)("%j is %s", ([schema, words]) => {
    expect(typeOf(schema as Parameters<typeof fieldOf>[1])).toBe(words);
  });

  test("lists the only possible values, also of a constant and of an array", () => {
    expect(fieldOf("x", { enum: ["a", "b"] }, true, schemas).values).toEqual(["a", "b"]);
    expect(fieldOf("x", { const: "queued" }, true, schemas).values).toEqual(["queued"]);
    const several = { type: "array" as const, items: { enum: [1, 2] } };
    expect(fieldOf("x", several, true, schemas).values).toEqual(["1", "2"]);
  });
});

describe("the fields of a schema", () => {
  test("follow references and say what is required", () => {
    const fields = fieldsOf({ $ref: "#/components/schemas/Engine" }, schemas);
    expect(fields.map(({ name, type, isRequired }) => [name, type, isRequired])).toEqual([
      ["id", "string", true],
      ["model", "string or null", true],
    ]);
  });

  test("keep alternatives apart", () => {
    const either = {
      anyOf: [
        { type: "object" as const, properties: { count: { type: "integer" as const } } },
        { type: "object" as const, properties: { yes: { type: "integer" as const } } },
      ],
    };
    const { shapes, type } = fieldOf("aggregate", either, true, schemas);
    expect(type).toBe("object");
    expect(shapes.map((shape) => shape.map(({ name }) => name))).toEqual([["count"], ["yes"]]);
  });

  test("end, although a schema contains itself", () => {
    expect(fieldsOf({ $ref: "#/components/schemas/Tree" }, schemas)).toHaveLength(1);
    expect(() => fieldsOf({ $ref: "#/components/schemas/Loop" }, schemas)).toThrow("Loop");
  });

  test("name a reference that leads nowhere", () => {
    expect(() => fieldsOf({ $ref: "#/components/schemas/Gone" }, schemas)).toThrow(
      "refers to #/components/schemas/Gone",
    );
  });
});
