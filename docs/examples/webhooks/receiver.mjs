// A receiver of Harmony's webhooks on Node.js 18 or later, with verify-webhook.mjs beside it:
//
//   HARMONY_WEBHOOK_SECRET=whsec_... PORT=8787 node receiver.mjs
//
// While you change the secret, give both with a comma between them.

import { createServer } from "node:http";
import { verifyWebhook, WebhookVerificationError } from "./verify-webhook.mjs";

const secrets = (process.env.HARMONY_WEBHOOK_SECRET ?? "").split(/[\s,]+/).filter(Boolean);
const bodyBytesMax = 1_048_576;
const rememberedMax = 10_000;
/** Deliveries that are done, oldest first. In production: a table with a unique column. */
const done = new Set();

/** Put your work here. Keep it short: store the event, and do what takes long afterwards. */
function handle(event, deliveryId) {
  console.log(event.event, event.id, deliveryId, JSON.stringify(event.data));
}

/** Harmony sends a delivery again when its answer was lost; it then has the same webhook-id. */
function handleOnce(event, deliveryId) {
  if (done.has(deliveryId)) return;
  handle(event, deliveryId);
  done.add(deliveryId);
  if (done.size > rememberedMax) done.delete(done.values().next().value);
}

/** The bytes as they came: the signature is over them. Null when there are too many. */
async function readBody(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= bodyBytesMax) chunks.push(chunk);
  }
  return size <= bodyBytesMax ? Buffer.concat(chunks) : null;
}

/** The status and the text of the answer. Harmony shows the text in its log, so say why. */
async function receive(request) {
  if (request.method !== "POST") return [405, "Events come as POST."];
  const body = await readBody(request);
  if (body === null) return [413, `A body has at most ${bodyBytesMax} bytes.`];
  const { headers } = request;
  // The test of an address, before it is saved, cannot be signed: answer, and do nothing with it.
  if (headers["x-harmony-test"] === "true" && !headers["webhook-signature"]) return [204, ""];
  try {
    handleOnce(verifyWebhook(body, headers, secrets), headers["webhook-id"]);
    return [204, ""];
  } catch (error) {
    if (!(error instanceof WebhookVerificationError)) throw error;
    console.error("refused:", error.code);
    return [400, `${error.code}: ${error.message}`];
  }
}

function answer(response, [status, text]) {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(text);
}

const server = createServer({ requestTimeout: 10_000 }, (request, response) => {
  receive(request).then(
    (reply) => answer(response, reply),
    (error) => {
      console.error(error);
      // Anything but 2xx makes Harmony try again.
      answer(response, [500, "The event could not be handled."]);
    },
  );
});

server.listen(Number(process.env.PORT ?? 8787), "127.0.0.1", () => {
  console.log(`Listening on http://127.0.0.1:${server.address().port}`);
});
