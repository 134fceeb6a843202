import { z } from "zod";
import { createDocument, type ZodOpenApiOperationObject } from "zod-openapi";
import { routes } from "@/app/api/v1/routes";
import { env } from "@/lib/core/env";
import { type ErrorCode, STATUS_BY_CODE } from "@/lib/core/errors";
import { singleton } from "@/lib/core/singleton";
import { exampleAnswers, exampleErrors } from "@/lib/docs/examples";
import type { Endpoint } from "@/lib/http/endpoint";
import { ERROR_DOCS, errorView, responseHeaders } from "@/lib/http/error-docs";

// The OpenAPI 3.1 document, made from the same objects that answer the requests.

const everywhere: readonly ErrorCode[] = [
  "invalid_request",
  "unauthorized",
  "forbidden",
  "rate_limited",
  "server_error",
  "service_unavailable",
];

/** Each code's answer stands once, among the components. */
function errorExamples(codes: readonly ErrorCode[]) {
  return Object.fromEntries(
    codes.map((code) => [code, { $ref: `#/components/examples/error-${code}` }]),
  );
}

function errorComponents(appUrl: string) {
  return Object.fromEntries(
    Object.entries(exampleErrors(appUrl)).map(([code, value]) => [`error-${code}`, { value }]),
  );
}

function errorResponses(codes: readonly ErrorCode[]) {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of new Set(codes)) {
    const status = STATUS_BY_CODE[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, list]) => [
      String(status),
      {
        description: list.map((code) => `\`${code}\`: ${ERROR_DOCS[code].meaning}`).join(" "),
        headers: responseHeaders(status),
        content: { "application/json": { schema: errorView, examples: errorExamples(list) } },
      },
    ]),
  );
}

function operationOf(
  spec: Endpoint["spec"],
  examples: Readonly<Record<string, unknown>>,
): ZodOpenApiOperationObject {
  const { docs } = spec;
  const status = spec.status ?? 200;
  const isRead = status === 200;
  return {
    operationId: docs.id,
    tags: [docs.tag],
    summary: docs.summary,
    ...(docs.description === undefined ? {} : { description: docs.description }),
    ...(spec.scope === "public" ? { security: [] } : { security: [{ apiKey: [spec.scope] }] }),
    requestParams: {
      ...(spec.params ? { path: spec.params } : {}),
      ...(spec.query ? { query: spec.query } : {}),
      header: isRead ? conditionalHeaders : idempotencyHeaders,
    },
    ...(docs.form
      ? {
          requestBody: {
            required: true,
            content: { "multipart/form-data": { schema: docs.form } },
          },
        }
      : {}),
    responses: {
      [String(status)]: {
        description: status === 202 ? "Accepted; processing goes on." : "OK",
        headers: responseHeaders(status),
        content: { "application/json": { schema: spec.response, example: examples[docs.id] } },
      },
      ...(isRead ? { "304": { description: "Not modified: `If-None-Match` still holds." } } : {}),
      ...errorResponses([...everywhere, ...(docs.errors ?? [])]),
    },
  };
}

const conditionalHeaders = z.object({
  "If-None-Match": z.string().optional().meta({ description: "An `ETag` of an earlier answer." }),
});

const idempotencyHeaders = z.object({
  "Idempotency-Key": z.string().min(1).max(255).optional().meta({
    description: "The same key within 24 hours returns the first answer instead of acting again.",
  }),
});

function makeDocument() {
  const { appUrl, SUPPORT_EMAIL } = env();
  const examples = exampleAnswers(appUrl);
  const paths = Object.fromEntries(
    routes.map(([path, module]) => {
      const operations: Record<string, ZodOpenApiOperationObject> = {};
      if (module.GET.spec) operations.get = operationOf(module.GET.spec, examples);
      if (module.POST.spec) operations.post = operationOf(module.POST.spec, examples);
      return [path.replace(/\[(\w+)\]/g, "{$1}"), operations];
    }),
  );
  return createDocument({
    openapi: "3.1.1",
    info: {
      title: "Harmony API",
      version: "1.0.0",
      description:
        "Meetings with their transcripts, summaries, action items and insights; contacts; uploads. Send an API key as `Authorization: Bearer …`.",
      contact: { name: "Harmony support", email: SUPPORT_EMAIL, url: `${appUrl}/docs` },
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [
      { url: `${appUrl}/api/v1`, description: "This installation" },
      { url: `${appUrl}/v1`, description: "The same API under its short path" },
    ],
    tags: [
      { name: "Meetings", description: "Recorded, uploaded or imported calls." },
      { name: "Contacts", description: "External participants." },
      {
        name: "Insights",
        description: "Questions that are asked of every meeting, and their answers.",
      },
      {
        name: "Uploads",
        description: "Bring a recording or a transcript in and watch it being processed.",
      },
    ],
    components: {
      examples: errorComponents(appUrl),
      securitySchemes: {
        apiKey: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "hk_live_…",
          description: "An API key of Settings → Integrations → API.",
        },
      },
    },
    paths,
  });
}

/** The document of this installation, made once per process. */
export function openApiDocument(): ReturnType<typeof createDocument> {
  return singleton("openapi", makeDocument);
}
