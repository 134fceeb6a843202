import { createHmac } from "node:crypto";
import { Webhook as StandardWebhook } from "standardwebhooks";
import { Webhook as SvixWebhook } from "svix";
import { describe, expect, test } from "vitest";
import { type SigningSecrets, signatureHeaders } from "@/lib/webhooks/signatures";

// Vectors made with Python's hmac from the rules of the handbook and of Standard Webhooks 1.0, not with this code.
const current = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const next = "whsec_ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=";
const body =
  '{"event":"meeting.processed","timestamp":"2026-02-01T15:30:00Z","data":{"meeting_id":"mtg_abc123","title":"Sales Call","duration":1800}}';
const currentHex = "eac2be87ab6831a96c19a438889efc5f7bf5b5a2e24623531e9c8d18b7c5f11a";
const nextHex = "065426889c2ee42a1ffe55d1f352fe9b0cb2ba7e7250531b8e18f000aa333a79";
const currentEntry = "v1,nhnpoBx51TLbSGClcCourgOMTdguNJdB+t00PDWGEbQ=";
const nextEntry = "v1,z32FrzjzKZqsa3k11ma6yUGpCqq/Wv82WZJ5IliBeds=";

const one: SigningSecrets = { current, next: null };
const overlap: SigningSecrets = { current, next };
const at = { id: "dlv_abc123", timestampSeconds: 1_769_959_800 };

function signedNow(text: string, secrets: SigningSecrets) {
  const timestampSeconds = Math.floor(Date.now() / 1000);
  return signatureHeaders({ id: "dlv_abc123", timestampSeconds, body: text }, secrets);
}

/** The source document's receiver: HMAC-SHA256 of the body, compared with one header. */
const seedReceiver = (headers: Record<string, string>, text: string, secret: string) =>
  headers["x-harmony-signature"] ===
  createHmac("sha256", secret).update(Buffer.from(text, "utf8")).digest("hex");

describe("the headers of an attempt", () => {
  test("are the known ones for a known secret, id, time and body", () => {
    expect(signatureHeaders({ ...at, body }, one)).toEqual({
      "x-harmony-signature": currentHex,
      "webhook-id": "dlv_abc123",
      "webhook-timestamp": "1769959800",
      "webhook-signature": currentEntry,
    });
  });

  test("keep the seed's header with the current secret while a rotation overlaps", () => {
    expect(signatureHeaders({ ...at, body }, overlap)).toEqual({
      "x-harmony-signature": currentHex,
      "x-harmony-signature-next": nextHex,
      "webhook-id": "dlv_abc123",
      "webhook-timestamp": "1769959800",
      "webhook-signature": `${currentEntry} ${nextEntry}`,
    });
  });

  test("are the same for text and for its bytes", () => {
    const text = '{"title":"Gespräch über Zürich 🎧"}';
    const bytes = new TextEncoder().encode(text);
    expect(signatureHeaders({ ...at, body: bytes }, overlap)).toEqual(
      signatureHeaders({ ...at, body: text }, overlap),
    );
  });

  test("change with the time of the attempt, but not the signature of the body alone", () => {
    const first = signatureHeaders({ ...at, body }, one);
    const second = signatureHeaders(
      { ...at, timestampSeconds: at.timestampSeconds + 5, body },
      one,
    );
    expect(second["webhook-id"]).toBe(first["webhook-id"]);
    expect(second["webhook-signature"]).not.toBe(first["webhook-signature"]);
    expect(second["x-harmony-signature"]).toBe(first["x-harmony-signature"]);
  });

  test.for(["", "whsec_", "sec_AAECAwQF", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="])(
    "are refused for the secret “%s”, in words that do not repeat it",
    (secret) => {
      expect(() => signatureHeaders({ ...at, body }, { current: secret, next: null })).toThrow(
        /^a webhook's secret is not whsec_ followed by base64$/,
      );
    },
  );
});

describe.for([
  ["plain text", body],
  ["an umlaut, an emoji and a line separator", '{"title":"Zürich 🎧 \u2028 日本語"}'],
] as const)("a body with %s", ([, text]) => {
  test("is accepted by the source document's receiver, also by one that knows the old secret only", () => {
    expect(seedReceiver(signedNow(text, one), text, current)).toBe(true);
    expect(seedReceiver(signedNow(text, overlap), text, current)).toBe(true);
    expect(seedReceiver(signedNow(text, overlap), text, next)).toBe(false);
  });

  test.for([
    ["standardwebhooks", StandardWebhook],
    ["svix", SvixWebhook],
  ] as const)(
    "is accepted by the %s library with either secret during the overlap",
    ([, Library]) => {
      // svix says yes by not throwing; it returns nothing.
      for (const secret of [current, next]) {
        expect(() => new Library(secret).verify(text, signedNow(text, overlap))).not.toThrow();
      }
      expect(() => new Library(current).verify(text, signedNow(text, one))).not.toThrow();
      expect(() => new Library(next).verify(text, signedNow(text, one))).toThrow(/signature/);
    },
  );

  test("is refused by all of them when a byte was changed", () => {
    const headers = signedNow(text, overlap);
    const tampered = text.replace("}", " }");
    expect(tampered).not.toBe(text);
    expect(seedReceiver(headers, tampered, current)).toBe(false);
    expect(() => new StandardWebhook(current).verify(tampered, headers)).toThrow(/signature/);
    expect(() => new SvixWebhook(next).verify(tampered, headers)).toThrow(/signature/);
  });
});

test("a retired secret is refused once the overlap is over", () => {
  const headers = signedNow(body, { current: next, next: null });
  expect(seedReceiver(headers, body, next)).toBe(true);
  expect(seedReceiver(headers, body, current)).toBe(false);
  expect(() => new StandardWebhook(current).verify(body, headers)).toThrow(/signature/);
  expect(() => new SvixWebhook(current).verify(body, headers)).toThrow(/signature/);
});
