import { Pool } from "undici";
import { z } from "zod";

// The floor of the webhook pipeline: undici in a loop that posts the same body, and nothing else. No row, no
// signature, no vetting of the address, no time limit, no log.

const settings = z
  .object({
    RAW_URL: z.url(),
    RAW_BODY: z.string(),
    RAW_COUNT: z.coerce.number().int(),
    RAW_CONCURRENCY: z.coerce.number().int(),
  })
  .parse(process.env);

const { origin, pathname } = new URL(settings.RAW_URL);
const pool = new Pool(origin, { connections: settings.RAW_CONCURRENCY });

async function postAll(count: number): Promise<number> {
  let left = count;
  const post = async () => {
    while (left > 0) {
      left -= 1;
      const { statusCode, body } = await pool.request({
        path: pathname,
        method: "POST",
        headers: { "content-type": "application/json; charset=utf-8" },
        body: settings.RAW_BODY,
      });
      await body.dump();
      if (statusCode !== 204) throw new Error(`the receiver answered ${statusCode}`);
    }
  };
  const beganAt = performance.now();
  await Promise.all(Array.from({ length: settings.RAW_CONCURRENCY }, post));
  return performance.now() - beganAt;
}

await postAll(Math.ceil(settings.RAW_COUNT / 5));
const ms = await postAll(settings.RAW_COUNT);
process.send?.({ ms }, () => process.exit(0));
