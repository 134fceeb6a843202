/**
 * Checks a delivery in Node with nothing but `node:crypto`; `request` and `rawBody` are the receiver's own. It checks
 * the signature that covers the time too, and knows every entry, so that either secret fits while a rotation overlaps.
 */
export const verifySnippet = `import { createHmac, timingSafeEqual } from "node:crypto";

const { "webhook-id": id, "webhook-timestamp": time, "webhook-signature": given = "" } = request.headers;
const key = Buffer.from(process.env.HARMONY_WEBHOOK_SECRET.slice("whsec_".length), "base64");
const hmac = createHmac("sha256", key).update(\`\${id}.\${time}.\`).update(rawBody);
const expected = Buffer.from("v1," + hmac.digest("base64"));
const isGenuine =
  Math.abs(Date.now() / 1000 - Number(time)) <= 300 &&
  given.split(" ").map((entry) => Buffer.from(entry)).some(
    (entry) => entry.length === expected.length && timingSafeEqual(entry, expected),
  );
`;
