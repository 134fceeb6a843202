import type { ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { z } from "zod";

// Holds every answer of the API against the document that the same server publishes. The document closes every
// object (additionalProperties: false; a test asserts it), so a field too many fails as well as one too few.

/** An answer as it came over the wire. */
export interface Answer {
  readonly status: number;
  /** Lower-case names; a repeated header is joined by ", ". */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The parsed body; undefined when there is none. */
  readonly json: unknown;
}

const responseShape = z.object({
  headers: z.record(z.string(), z.unknown()).default({}),
  content: z.record(z.string(), z.object({ schema: z.unknown() })).optional(),
});
const documentShape = z.looseObject({
  openapi: z.literal("3.1.1"),
  paths: z.record(
    z.string(),
    z.record(z.string(), z.looseObject({ responses: z.record(z.string(), responseShape) })),
  ),
});

export type OpenApiDocument = z.output<typeof documentShape>;

export interface Contract {
  readonly document: OpenApiDocument;
  /** Throws an error that says what differs from the document. */
  readonly check: (method: string, path: string, answer: Answer) => void;
}

interface Operation {
  readonly pointer: string;
  readonly responses: OpenApiDocument["paths"][string][string]["responses"];
}

const documentKey = "harmony";
const counters = ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"];

function escapePointer(part: string): string {
  return encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"));
}

/** The templated path of a concrete one; literals win over parameters, as in the product. */
function templateOf(document: OpenApiDocument, target: string): string | null {
  const path = target.split("?", 1)[0] ?? "";
  const below = /^\/(?:api\/)?v1(\/.*[^/])\/?$/.exec(path)?.[1];
  if (below === undefined) return null;
  if (below in document.paths) return below;
  const parts = below.split("/").slice(1);
  if (parts.includes("")) return null;
  const fits = (template: string) => {
    const wanted = template.split("/").slice(1);
    return (
      wanted.length === parts.length &&
      wanted.every((part, index) => part.startsWith("{") || part === parts[index])
    );
  };
  return Object.keys(document.paths).find(fits) ?? null;
}

function operationOf(document: OpenApiDocument, method: string, path: string): Operation | null {
  const template = templateOf(document, path);
  if (template === null) return null;
  const verb = method === "HEAD" ? "get" : method.toLowerCase();
  const operation = document.paths[template]?.[verb];
  if (!operation) return null;
  return { pointer: `paths/${escapePointer(template)}/${verb}`, responses: operation.responses };
}

function expectHeader(answer: Answer, name: string, pattern: RegExp): void {
  const value = answer.headers[name];
  if (value === undefined) throw new Error(`the answer has no ${name} header`);
  if (!pattern.test(value)) throw new Error(`${name}: ${value} does not match ${pattern}`);
}

/** Counted requests say what is left; the window ends within a minute. */
function checkCounters(answer: Answer): void {
  for (const name of counters) expectHeader(answer, name, /^\d+$/);
  const [limit = 0, remaining = 0, reset = 0] = counters.map((name) =>
    Number(answer.headers[name]),
  );
  if (remaining >= limit) throw new Error(`this very request was not counted: ${remaining}`);
  const inSeconds = reset - Date.now() / 1000;
  if (inSeconds < -2 || inSeconds > 61) throw new Error(`the window ends in ${inSeconds} s`);
}

/**
 * A refusal for too many wrong credentials belongs to an address, not to a plan's bucket; and a 503 may come before
 * the credential could be read.
 */
function isCounted(operation: Operation | null, answer: Answer): boolean {
  if (!operation || answer.status === 401) return false;
  if (answer.status === 503 && !("x-ratelimit-limit" in answer.headers)) return false;
  return !(answer.status === 429 && answer.text.includes("wrong credential"));
}

function checkBodyHeaders(method: string, answer: Answer): void {
  if (answer.status === 204 || answer.status === 304) {
    if (answer.text !== "") throw new Error(`a ${answer.status} has no body`);
    if ("content-type" in answer.headers) throw new Error("no body, but a content-type");
    return;
  }
  expectHeader(answer, "content-type", /^application\/json; charset=utf-8$/);
  if (method === "HEAD" && answer.text !== "") throw new Error("HEAD has a body");
}

function checkHeaders(method: string, operation: Operation | null, answer: Answer): void {
  const { status, headers } = answer;
  expectHeader(answer, "x-request-id", /^req_[0-9A-Za-z]{20}$/);
  expectHeader(answer, "x-content-type-options", /^nosniff$/);
  checkBodyHeaders(method, answer);
  if (status >= 400) expectHeader(answer, "cache-control", /^no-store$/);
  else if (status !== 204) expectHeader(answer, "cache-control", /^private, no-cache$/);
  if (isCounted(operation, answer)) checkCounters(answer);
  else if (counters.some((name) => name in headers))
    throw new Error("an uncounted answer has X-RateLimit headers");
  if (status === 401) {
    expectHeader(
      answer,
      "www-authenticate",
      /^Bearer realm="Harmony API", resource_metadata="http[^"]+\/\.well-known\/oauth-protected-resource"$/,
    );
  }
  if (status === 405) expectHeader(answer, "allow", /^[A-Z, ]+$/);
  if (status === 429 || status === 503) expectHeader(answer, "retry-after", /^[1-9]\d*$/);
  if (status === 200) expectHeader(answer, "etag", /^W\/"[\w-]{20,}"$/);
  else if (status !== 304 && "etag" in headers) throw new Error(`an ETag on a ${status}`);
}

const errorBody = z.object({ error: z.object({ request_id: z.string(), doc_url: z.url() }) });

function checkError(answer: Answer): void {
  const { error } = errorBody.parse(answer.json);
  if (error.request_id !== answer.headers["x-request-id"])
    throw new Error("error.request_id is not the X-Request-Id header");
}

/** Reads the document of a server and compiles its schemas on first use. */
export async function loadContract(baseUrl: string): Promise<Contract> {
  const response = await fetch(`${baseUrl}/api/v1/openapi.json`);
  const raw: unknown = await response.json();
  const document = documentShape.parse(raw);
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats(ajv);
  ajv.addSchema({ ...document, $id: documentKey }, documentKey);

  function validatorAt(pointer: string): ValidateFunction {
    const validate = ajv.getSchema(`${documentKey}#/${pointer}`);
    if (!validate) throw new Error(`the document has nothing at #/${pointer}`);
    return validate;
  }

  function checkBody(operation: Operation | null, answer: Answer): void {
    const { status } = answer;
    const documented = operation?.responses[String(status)];
    // An unknown path and a wrong method belong to no operation; every operation must list its other answers.
    if (operation && !documented && status !== 405)
      throw new Error(`the document does not list status ${status} for ${operation.pointer}`);
    if (answer.json === undefined) return;
    const pointer = documented
      ? `${operation?.pointer}/responses/${status}/content/application~1json/schema`
      : "components/schemas/Error";
    const validate = validatorAt(pointer);
    if (!validate(answer.json))
      throw new Error(`the body differs from the document: ${ajv.errorsText(validate.errors)}`);
  }

  return {
    document,
    check(method, path, answer) {
      try {
        const operation = operationOf(document, method, path);
        checkHeaders(method, operation, answer);
        if (path.includes("/openapi.json") && answer.status < 400) return;
        if (method !== "OPTIONS") checkBody(operation, answer);
        if (answer.status >= 400 && answer.json !== undefined) checkError(answer);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new Error(
          `${method} ${path} → ${answer.status}: ${reason}\n${answer.text.slice(0, 1500)}`,
          { cause: error },
        );
      }
    },
  };
}
