import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";

const tryTimeoutMs = 20_000;
const patienceMs = 120_000;

export interface Uploads {
  /** In the order of their acceptance; `at` in Unix milliseconds. */
  readonly accepted: readonly { readonly id: string; readonly at: number }[];
}

const view = z.object({ id: z.string() });

function transcript(number: number): Blob {
  return new Blob([
    "WEBVTT\n\n",
    `00:00:01.000 --> 00:00:04.000\nNora Falk: This is call number ${number}.\n\n`,
    "00:00:05.000 --> 00:00:09.000\nEmil Brandt: I will send the offer by Friday.\n",
  ]);
}

/** One try; null when it is worth another: nobody answered, or the product was not able to. */
async function tryUpload(
  target: { readonly url: string; readonly key: string },
  number: number,
): Promise<string | null> {
  const form = new FormData();
  form.append("title", `Upload ${number}`);
  form.append("file", transcript(number), `call-${number}.vtt`);
  const answer = await fetch(`${target.url}/v1/meetings/upload`, {
    method: "POST",
    // The same key on every try: an upload whose answer was lost is not taken in twice.
    headers: { authorization: `Bearer ${target.key}`, "idempotency-key": `drill-${number}` },
    body: form,
    signal: AbortSignal.timeout(tryTimeoutMs),
  }).catch(() => null);
  if (answer === null) return null;
  const text = await answer.text().catch(() => null);
  if (text === null || answer.status >= 500 || answer.status === 409) return null;
  if (answer.status !== 202) throw new Error(`an upload was answered ${answer.status}: ${text}`);
  return view.parse(JSON.parse(text)).id;
}

/** Uploads transcripts over HTTP, spread over `seconds`, each until it is accepted. */
export async function startUploads(
  target: { readonly url: string; readonly key: string },
  size: { readonly count: number; readonly seconds: number; readonly signal: AbortSignal },
): Promise<Uploads> {
  const accepted: { id: string; at: number }[] = [];
  const beganAt = Date.now();
  for (let number = 0; number < size.count; number += 1) {
    const dueAt = beganAt + (number / size.count) * size.seconds * 1000;
    await delay(Math.max(0, dueAt - Date.now()), undefined, { signal: size.signal });
    const deadline = Date.now() + patienceMs;
    let id: string | null = null;
    while (id === null) {
      id = await tryUpload(target, number);
      if (id !== null) break;
      if (Date.now() > deadline) throw new Error("uploads were not accepted any more");
      await delay(100, undefined, { signal: size.signal });
    }
    accepted.push({ id, at: Date.now() });
  }
  return { accepted };
}
