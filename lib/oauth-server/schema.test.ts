import { expect, test } from "vitest";
import { difference } from "@/lib/oauth-server/error-page";
import { oauthAppInput, redirectProblem } from "@/lib/oauth-server/schema";

test.each([
  "https://app.example/callback",
  "https://app.example:8443/cb?tenant=1",
  "http://localhost:3000/cb",
  "http://127.0.0.1/cb",
  "http://[::1]:8080/cb",
])("an app may be sent back to %s", (uri) => {
  expect(redirectProblem(uri)).toBeNull();
});

test.each([
  "http://app.example/callback",
  "https://app.example/callback#part",
  "https://user:secret@app.example/callback",
  "https://*.app.example/callback",
  "http://localhost.app.example/cb",
  "http://127.0.0.1.app.example/cb",
  "javascript:alert(1)",
  "app.example/callback",
  "myapp://callback",
  `https://app.example/${"a".repeat(500)}`,
])("an app may not be sent back to %s", (uri) => {
  expect(redirectProblem(uri)).not.toBeNull();
});

test("an app has one to ten different addresses and at least one scope", () => {
  const app = {
    name: "Deal Desk",
    redirect_uris: ["https://app.example/cb"],
    scopes: ["meetings:read"],
  };
  expect(oauthAppInput.safeParse(app).success).toBe(true);
  const eleven = Array.from({ length: 11 }, (_, n) => `https://app.example/${n}`);
  for (const changes of [
    { redirect_uris: [] },
    { redirect_uris: eleven },
    { redirect_uris: ["https://app.example/cb", "https://app.example/cb"] },
    { scopes: [] },
    { scopes: ["everything"] },
    { name: " " },
  ]) {
    expect(oauthAppInput.safeParse({ ...app, ...changes }).success).toBe(false);
  }
});

test("two addresses are told apart by where they begin to differ", () => {
  expect(difference("https://a.example/cb/", "https://a.example/cb")).toBe(
    "The same for 20 characters; then nothing is registered and “/” was sent.",
  );
});
