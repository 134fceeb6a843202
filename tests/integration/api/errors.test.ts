import { beforeAll, describe, expect, test } from "vitest";
import { type ErrorCode, STATUS_BY_CODE } from "@/lib/core/errors";
import { ERROR_DOCS } from "@/lib/http/error-docs";
import { type Api, errorOf, makeApi } from "../../support/api-client";
import { doors } from "../../support/doors";
import {
  addContent,
  makeForm,
  makeKey,
  makeMeeting,
  makeQueuedMeeting,
  makeVtt,
  makeWorkspace,
} from "../../support/factories";
import type { Answer } from "../../support/openapi-check";
import { sql } from "../../support/pg";

interface Scene {
  readonly api: Api;
  readonly reader: Api;
  readonly limited: Api;
  readonly queued: string;
  /** A meeting whose stored summary no version of the product ever wrote. */
  readonly broken: string;
}

const upload = "/api/v1/meetings/upload";

/** Each error code that the API can be brought to answer from outside, and how. */
const provocations: readonly (readonly [ErrorCode, (scene: Scene) => Promise<Answer>])[] = [
  ["invalid_request", ({ api }) => api.get("/meetings?page=0")],
  ["unauthorized", ({ api }) => api.with(null).get("/meetings")],
  ["forbidden", ({ reader }) => reader.upload(makeForm(makeVtt(), "a.vtt"))],
  ["not_found", ({ api }) => api.get("/meetings/mtg_unknown")],
  ["not_found", ({ api }) => api.get("/nothing")],
  ["method_not_allowed", ({ api }) => api.send({ method: "DELETE", path: "/api/v1/meetings" })],
  ["not_ready", ({ api, queued }) => api.get(`/meetings/${queued}/transcript`)],
  [
    "conflict",
    async ({ api }) => {
      const headers = { "idempotency-key": api.baseUrl };
      await api.upload(makeForm(makeVtt(), "a.vtt"), headers);
      return api.upload(makeForm(makeVtt(), "b.vtt", { title: "Other" }), headers);
    },
  ],
  [
    "payload_too_large",
    ({ api }) =>
      api.send({
        method: "POST",
        path: upload,
        headers: {
          "content-type": "multipart/form-data; boundary=x",
          "content-length": "9999999999",
          // The answer comes before the body, which never does.
          connection: "close",
        },
      }),
  ],
  ["unsupported_media_type", ({ api }) => api.send({ method: "POST", path: upload, body: "x" })],
  [
    "rate_limited",
    async ({ limited }) => {
      await limited.get("/meetings");
      return limited.get("/meetings");
    },
  ],
  ["server_error", ({ api, broken }) => api.get(`/meetings/${broken}/summary`)],
];

describe.each(doors)("through the $door door", ({ url }) => {
  let scene: Scene;

  beforeAll(async () => {
    const workspace = await makeWorkspace();
    const api = await makeApi(url, { key: (await makeKey(workspace.admin)).token });
    const small = await makeWorkspace({ plan: "enterprise", rateLimitPerMinute: 1 });
    const broken = await makeMeeting(workspace);
    await addContent(broken);
    await sql`update summaries set topics = '[{"not":"text"}]' where meeting_id = ${broken.id}`;
    scene = {
      api,
      reader: api.with({ key: (await makeKey(workspace.admin, { access: "read" })).token }),
      limited: api.with({ key: (await makeKey(small.admin)).token }),
      queued: (await makeQueuedMeeting(workspace)).id,
      broken: broken.id,
    };
  });

  test.for(provocations)(
    "%s has its status, a remedy and a page about it",
    async ([code, provoke]) => {
      const answer = await provoke(scene);
      expect(answer.status).toBe(STATUS_BY_CODE[code]);
      const error = errorOf(answer);
      expect(error).toStrictEqual({
        code,
        message: expect.stringMatching(/^\w.{5,}/),
        details: expect.any(Object),
        request_id: answer.headers["x-request-id"],
        fix: expect.stringMatching(/^[A-Z].{5,}[.…]$/),
        doc_url: `${url}/docs#error-${code}`,
      });
    },
  );

  test("an error of ours tells nothing of its inside", async () => {
    const answer = await scene.api.get(`/meetings/${scene.broken}/summary`);
    expect(errorOf(answer)).toMatchObject({
      message: "Something went wrong on our side. The request id finds it in our logs.",
      details: {},
    });
    expect(answer.text).not.toMatch(/topics|Zod|expected|stack|\.ts/i);
  });

  test("every request has an id of its own, and a client cannot choose it", async () => {
    const ids = new Set<string>();
    for (let n = 0; n < 20; n += 1) {
      const answer = await scene.api.get("/meetings", {
        "x-request-id": "req_00000000000000000000",
      });
      ids.add(answer.headers["x-request-id"] ?? "");
    }
    expect(ids.size).toBe(20);
    expect(ids).not.toContain("req_00000000000000000000");
  });
});

test("every code of the table is provoked here, or by the tests of what it is about", () => {
  const elsewhere: ErrorCode[] = [
    // uploads/broken-bodies, uploads/dependencies-down, and generating a key too many.
    "length_required",
    "service_unavailable",
    "quota_exceeded",
  ];
  const here = provocations.map(([code]) => code);
  expect(new Set([...here, ...elsewhere])).toEqual(new Set(Object.keys(ERROR_DOCS)));
});
