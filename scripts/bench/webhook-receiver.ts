import { createServer } from "node:http";
import { z } from "zod";

// The receiver of the webhook measurements, a process of its own: it notes when the first byte of each request came
// and answers 204 after a set time. `/hang/…` never answers.

const settings = z.object({ PORT: z.coerce.number() }).parse(process.env);

/** What the measuring process may ask for. */
export type ReceiverOrder =
  | { readonly kind: "reset"; readonly thinkMs: number }
  | { readonly kind: "report" };

/** Requests since the last reset, in the order of their arrival. */
export interface ReceiverReport {
  readonly arrivals: readonly {
    readonly path: string;
    readonly body: string;
    /** Milliseconds since 1970, with fractions. */
    readonly at: number;
  }[];
}

let thinkMs = 0;
let arrivals: { path: string; body: string; at: number }[] = [];

const server = createServer((request, response) => {
  // The headers have been read by now: a little later than the first byte, never earlier.
  const at = performance.timeOrigin + performance.now();
  const path = request.url ?? "/";
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    arrivals.push({ path, body: Buffer.concat(chunks).toString(), at });
    if (path.startsWith("/hang/")) return;
    if (thinkMs === 0) response.writeHead(204).end();
    else setTimeout(() => response.writeHead(204).end(), thinkMs);
  });
});

process.on("message", (order: ReceiverOrder) => {
  if (order.kind === "reset") {
    arrivals = [];
    thinkMs = order.thinkMs;
  }
  process.send?.({ arrivals } satisfies ReceiverReport);
});
process.once("disconnect", () => process.exit(0));
server.listen(settings.PORT, "127.0.0.1", () => process.send?.({ arrivals }));
