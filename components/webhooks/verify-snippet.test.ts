import { createHmac, timingSafeEqual } from "node:crypto";
import { expect, test } from "vitest";
import { signatureHeaders } from "@/lib/webhooks/signatures";
import { verifySnippet } from "./verify-snippet";

const secrets = {
  current: "whsec_b2xkZXIgc2VjcmV0IG9mIHRoaXMgdGVzdCBvbmx5ISE=",
  next: "whsec_bmV3ZXIgc2VjcmV0IG9mIHRoaXMgdGVzdCBvbmx5ISE=",
};
const rawBody = '{"event":"meeting.processed","data":{"title":"Grüße"}}';

/** Runs the text that the page shows, with the receiver's variables. */
function isGenuine(secret: string, headers: Record<string, string>, body = rawBody): boolean {
  const code = `${verifySnippet.replace(/^import.*$/m, "")}\nreturn isGenuine;`;
  const names = ["createHmac", "timingSafeEqual", "process", "rawBody", "request"];
  return new Function(...names, code)(
    createHmac,
    timingSafeEqual,
    { env: { HARMONY_WEBHOOK_SECRET: secret } },
    Buffer.from(body),
    { headers },
  );
}

const now = Math.floor(Date.now() / 1000);
const signed = (next: string | null, timestampSeconds = now) =>
  signatureHeaders({ id: "dlv_1", timestampSeconds, body: rawBody }, { ...secrets, next });

test("the snippet accepts what we sign, and with either secret while a rotation overlaps", () => {
  expect(isGenuine(secrets.current, signed(null))).toBe(true);
  expect(isGenuine(secrets.current, signed(secrets.next))).toBe(true);
  expect(isGenuine(secrets.next, signed(secrets.next))).toBe(true);
});

test("the snippet refuses another secret, another body, and headers that are missing or odd", () => {
  expect(isGenuine(secrets.next, signed(null))).toBe(false);
  expect(isGenuine(secrets.current, signed(null), `${rawBody} `)).toBe(false);
  expect(isGenuine(secrets.current, {})).toBe(false);
  expect(isGenuine(secrets.current, { ...signed(null), "webhook-signature": "odd" })).toBe(false);
  expect(isGenuine(secrets.current, { ...signed(null), "webhook-timestamp": "soon" })).toBe(false);
});

test("the snippet refuses what was sent long ago, or claims to be from the future", () => {
  expect(isGenuine(secrets.current, signed(null, now - 900))).toBe(false);
  expect(isGenuine(secrets.current, signed(null, now + 900))).toBe(false);
});
