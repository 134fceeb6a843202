import { describe, expect, test } from "vitest";
import type { oas31 } from "zod-openapi";
import { makeReference } from "@/lib/docs/reference";

const error = (code: string) => ({
  description: code,
  content: { "application/json": { examples: { [code]: { value: {} } } } },
});

const document: oas31.OpenAPIObject = {
  openapi: "3.1.1",
  info: { title: "Small", version: "1" },
  tags: [{ name: "Uploads", description: "In." }, { name: "Meetings" }],
  paths: {
    "/meetings/{id}": {
      get: {
        operationId: "getMeeting",
        tags: ["Meetings"],
        summary: "Get meeting details",
        security: [{ apiKey: ["meetings:read"] }],
        parameters: [
          {
            in: "path",
            name: "id",
            required: true,
            schema: { type: "string", examples: ["mtg_abc123"] },
          },
          { in: "query", name: "full", schema: { type: "boolean" } },
        ],
        responses: {
          "200": {
            description: "OK",
            content: {
              "application/json": {
                schema: { type: "object", properties: { id: { type: "string" } } },
                example: { id: "mtg_abc123" },
              },
            },
          },
          "403": error("forbidden"),
          "404": error("not_found"),
        },
      },
    },
    "/meetings/upload": {
      post: {
        operationId: "uploadMeeting",
        tags: ["Uploads"],
        summary: "Upload recording",
        requestBody: {
          content: {
            "multipart/form-data": {
              schema: {
                type: "object",
                required: ["file"],
                properties: {
                  file: { type: "string", format: "binary" },
                  title: { type: "string", examples: ["Customer Call"] },
                  medium: { type: "string" },
                },
              },
            },
          },
        },
        responses: { "202": { description: "Accepted" } },
      },
    },
  },
};

describe("the reference made of a document", () => {
  const [uploads, meetings] = makeReference(document, "https://harmony.example/v1");
  const [get] = meetings?.operations ?? [];
  const [upload] = uploads?.operations ?? [];

  test("keeps the order of the tags and puts each operation under its own", () => {
    expect([uploads?.id, meetings?.id]).toEqual(["uploads", "meetings"]);
    expect([upload?.id, get?.id]).toEqual(["uploadMeeting", "getMeeting"]);
  });

  test("tells scope, errors by status, example and fields of the success", () => {
    expect(get).toMatchObject({
      scope: "meetings:read",
      errors: ["forbidden", "not_found"],
      status: "200",
      example: '{\n  "id": "mtg_abc123"\n}',
      fields: [{ name: "id", type: "string" }],
    });
    expect(upload).toMatchObject({ scope: null, status: "202", errors: [] });
  });

  test("writes the request as one would type it", () => {
    expect(get?.curl).toBe(
      'curl -X GET "https://harmony.example/v1/meetings/mtg_abc123" \\\n  -H "Authorization: Bearer YOUR_API_KEY"',
    );
    expect(upload?.curl).toBe(
      [
        'curl -X POST "https://harmony.example/v1/meetings/upload" \\',
        '  -H "Authorization: Bearer YOUR_API_KEY" \\',
        '  -F "file=@recording.mp3" \\',
        '  -F "title=Customer Call"',
      ].join("\n"),
    );
  });
});
