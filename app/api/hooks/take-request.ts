import { systemClock } from "@/lib/core/clock";
import { env } from "@/lib/core/env";
import { callOfRequest } from "@/lib/http/call";
import { takeCall } from "@/lib/integrations/service";

const bodyBytesMax = 1024 * 1024;

/** The raw bytes, which the signature is over; null when there are more than a megabyte. */
async function rawBody(request: Request): Promise<Uint8Array | null> {
  if (request.body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > bodyBytesMax) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Hands a call of a tool to the service, as it was sent. */
export async function takeRequest(
  request: Request,
  slug: string,
  hookId: string | null,
): Promise<Response> {
  const body = await rawBody(request);
  if (body === null) return new Response(null, { status: 413 });
  const { path, search } = callOfRequest(request, {});
  const url = new URL(`${env().appUrl}${path}${search === "" ? "" : `?${search}`}`);
  const { method, headers } = request;
  const reply = await takeCall(
    { slug, hookId, request: { method, headers, url, body } },
    systemClock(),
  );
  return new Response(reply.body, {
    status: reply.status,
    headers: {
      "cache-control": "no-store",
      ...(reply.body === null ? {} : { "content-type": contentType(reply.body) }),
    },
  });
}

/** Handshakes are echoed as JSON or as bare text; never as something that a browser would run. */
function contentType(body: string): string {
  return body.startsWith("{") ? "application/json" : "text/plain; charset=utf-8";
}
