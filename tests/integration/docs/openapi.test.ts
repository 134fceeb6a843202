import { parse, validate as validateAsReadme } from "@readme/openapi-parser";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { z } from "zod";
import { routes } from "@/app/api/v1/routes";
import { STATUS_BY_CODE } from "@/lib/core/errors";

// The document as the server publishes it, judged by two validators that share no code.

const operation = z.looseObject({
  operationId: z.string(),
  tags: z.array(z.string()),
  responses: z.record(
    z.string(),
    z.looseObject({
      content: z.record(z.string(), z.looseObject({ example: z.unknown().optional() })).optional(),
    }),
  ),
});
const documentShape = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), operation)),
  tags: z.array(z.object({ name: z.string() })),
  components: z.looseObject({
    examples: z.record(z.string(), z.object({ value: z.unknown() })),
  }),
});

let text = "";
let document: z.output<typeof documentShape>;
let ajv: Ajv2020;

beforeAll(async () => {
  text = await (await fetch(`${inject("laneUrl")}/api/v1/openapi.json`)).text();
  document = documentShape.parse(JSON.parse(text));
  ajv = new Ajv2020({ strict: false });
  addFormats(ajv);
  ajv.addSchema({ ...document, $id: "harmony" }, "harmony");
});

/** A fresh copy: both validators may change what they are given. */
const copy = () => JSON.parse(text);

function breakParameter(broken: ReturnType<typeof copy>) {
  broken.paths["/meetings"].get.parameters[0].in = "nowhere";
  return broken;
}

describe("the OpenAPI document", () => {
  test("is valid for @seriousme/openapi-schema-validator, which finds a planted error", async () => {
    expect(await new Validator().validate(copy())).toMatchObject({ valid: true });
    expect(await new Validator().validate(breakParameter(copy()))).toMatchObject({ valid: false });
  });

  test("is valid for @readme/openapi-parser, which finds a planted error", async () => {
    expect(await validateAsReadme(copy())).toMatchObject({ valid: true });
    expect(await validateAsReadme(breakParameter(copy()))).toMatchObject({ valid: false });
    expect((await parse(copy())).openapi).toBe("3.1.1");
  });

  test("holds every operation of the table of routes, and no other", () => {
    const declared = routes.flatMap(([path, module]) =>
      [module.GET.spec, module.POST.spec].flatMap((spec, index) =>
        spec ? [`${["get", "post"][index]} ${path.replace(/\[(\w+)\]/g, "{$1}")}`] : [],
      ),
    );
    const documented = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method} ${path}`),
    );
    expect(documented.sort()).toEqual(declared.sort());
    expect(declared.length).toBeGreaterThan(0);
  });

  test("names every operation once and puts it under a tag that it describes", () => {
    const operations = Object.values(document.paths).flatMap((item) => Object.values(item));
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const tags = document.tags.map(({ name }) => name);
    expect(operations.filter((one) => !tags.includes(one.tags[0] ?? ""))).toEqual([]);
  });

  test.for(
    routes.flatMap(([path, module]) =>
      [module.GET.spec, module.POST.spec].flatMap((spec, index) =>
        spec ? [{ id: spec.docs.id, path, method: ["get", "post"][index] ?? "" }] : [],
      ),
    ),
  )("shows an answer of $id that fits its own schema", ({ path, method }) => {
    const template = path.replace(/\[(\w+)\]/g, "{$1}");
    const responses = document.paths[template]?.[method]?.responses ?? {};
    const [status, response] =
      Object.entries(responses).find(([code]) => code.startsWith("2")) ?? [];
    const pointer = encodeURIComponent(template.replaceAll("/", "~1"));
    const check = ajv.getSchema(
      `harmony#/paths/${pointer}/${method}/responses/${status}/content/application~1json/schema`,
    );
    const example = response?.content?.["application/json"]?.example;
    expect(example).toBeDefined();
    expect(check?.(example), ajv.errorsText(check?.errors)).toBe(true);
  });

  test("shows an answer of every error code that fits the error's schema", () => {
    const examples = document.components.examples;
    expect(Object.keys(examples).sort()).toEqual(
      Object.keys(STATUS_BY_CODE)
        .map((code) => `error-${code}`)
        .sort(),
    );
    const check = ajv.getSchema("harmony#/components/schemas/Error");
    for (const { value } of Object.values(examples)) {
      expect(check?.(value), ajv.errorsText(check?.errors)).toBe(true);
    }
  });

  test("is the same under the short path", async () => {
    const short = await fetch(`${inject("laneUrl")}/v1/openapi.json`);
    expect(await short.text()).toBe(text);
  });
});
