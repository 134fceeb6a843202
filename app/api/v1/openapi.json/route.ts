import { z } from "zod";
import { openApiDocument } from "@/app/api/v1/openapi";
import { endpoint, route } from "@/lib/http/endpoint";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: endpoint({
    scope: "public",
    docs: { id: "getOpenApi", tag: "About", summary: "This API as an OpenAPI 3.1 document" },
    response: z.record(z.string(), z.unknown()),
    handler: async () => ({ ...openApiDocument() }),
  }),
});
