import { describe, expect, test } from "vitest";
import { AppError, invalidRequest, notFound, STATUS_BY_CODE } from "@/lib/core/errors";

describe("AppError", () => {
  test("takes its status from the one table", () => {
    for (const [code, status] of Object.entries(STATUS_BY_CODE))
      expect(new AppError(code as keyof typeof STATUS_BY_CODE, "x").status).toBe(status);
  });

  test("is recognised across module graphs by its brand, and other errors are not", () => {
    const fromAnotherCopy = Object.defineProperty(
      new Error("copy"),
      Symbol.for("harmony.AppError"),
      { value: true },
    );
    expect(fromAnotherCopy).toBeInstanceOf(AppError);
    for (const other of [new Error("x"), null, undefined, "text", {}])
      expect(other instanceof AppError).toBe(false);
  });

  test("keeps its cause for the log and shows nothing of it", () => {
    const error = new AppError("server_error", "Public words", { cause: new Error("inside") });
    expect(error.cause).toBeInstanceOf(Error);
    expect(JSON.stringify({ message: error.message, details: error.details })).not.toContain(
      "inside",
    );
  });
});

test("notFound says the same of everything", () => {
  expect(notFound("Meeting")).toMatchObject({
    code: "not_found",
    message: "Meeting not found",
    details: {},
  });
});

test("invalidRequest names its fields", () => {
  expect(invalidRequest("Wrong", { page: "must be a number" })).toMatchObject({
    status: 400,
    details: { fields: { page: "must be a number" } },
    fix: expect.stringContaining("details.fields"),
  });
});
