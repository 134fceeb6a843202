import { describe, expect, it } from "vitest";
import { ApiClientError, apiUrl, retryDelay, shouldRetry, toApiError } from "./api-client";

const none = new Headers();

describe("refusals of the API", () => {
  it("keeps every word of the error envelope", () => {
    const body = {
      error: {
        code: "rate_limited",
        message: "Too many requests.",
        fix: "Wait 12 s.",
        request_id: "req_1",
        doc_url: "/docs#rate_limited",
        details: { limit: 100 },
      },
    };
    const error = toApiError(429, body, new Headers({ "retry-after": "12" }));
    expect(error).toMatchObject({ status: 429, retryAfter: 12, ...body.error });
  });

  it.each([null, "<html>", [], { error: "no" }, { error: null }, { error: { message: 5 } }])(
    "an answer that is no envelope still says what happened (%j)",
    (body) => {
      const error = toApiError(502, body, new Headers({ "x-request-id": "req_2" }));
      expect(error.message).toContain("502");
      expect(error).toMatchObject({ fix: "Try again.", request_id: "req_2" });
    },
  );
});

describe("second tries", () => {
  const of = (status: number, retryAfter?: number) =>
    new ApiClientError({ status, code: "x", message: "x", retryAfter });

  it("happen for silence, 429 and 5xx, twice at most", () => {
    expect([0, 429, 500, 503].every((status) => shouldRetry(0, of(status)))).toBe(true);
    expect([400, 401, 403, 404, 409].some((status) => shouldRetry(0, of(status)))).toBe(false);
    expect(shouldRetry(2, of(503))).toBe(false);
    expect(shouldRetry(0, new TypeError("a bug"))).toBe(false);
  });

  it("wait as long as the server asks, up to half a minute", () => {
    expect(retryDelay(0, of(429, 12))).toBe(12_000);
    expect(retryDelay(0, of(429, 3600))).toBe(30_000);
    expect(retryDelay(1, of(503))).toBe(2000);
  });
});

it("absent parameters stay out of the address", () => {
  expect(apiUrl("/api/v1/meetings", { page: 2, q: "", status: null, live: false })).toBe(
    "/api/v1/meetings?page=2&live=false",
  );
  expect(toApiError(500, null, none)).toBeInstanceOf(Error);
});
