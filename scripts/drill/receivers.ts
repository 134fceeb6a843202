import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { Webhook } from "standardwebhooks";
import { z } from "zod";

/** What one receiver got of one event. */
interface Received {
  /** When it came, each time: Unix milliseconds. */
  readonly times: number[];
  readonly webhookIds: Set<string>;
}

export interface Receiver {
  readonly url: string;
  /** By the event's id. */
  readonly events: ReadonlyMap<string, Received>;
  /** Requests whose signature did not hold, and why the first of them did not. */
  readonly invalid: { count: number; first: string };
  /** Set once the webhook is made; nothing is sent before. */
  secret: string;
  readonly stop: () => Promise<void>;
}

const payload = z.object({ id: z.string() });

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

/** A real receiver on loopback: it verifies each request with the `standardwebhooks` package and answers 204. */
export async function startReceiver(): Promise<Receiver> {
  const events = new Map<string, Received>();
  const invalid = { count: 0, first: "" };

  async function receive(request: IncomingMessage): Promise<void> {
    const body = await bodyOf(request);
    const headers = Object.fromEntries(
      ["webhook-id", "webhook-timestamp", "webhook-signature"].map((name) => [
        name,
        String(request.headers[name] ?? ""),
      ]),
    );
    const { id } = payload.parse(new Webhook(receiver.secret).verify(body, headers));
    const known = events.get(id) ?? { times: [], webhookIds: new Set() };
    known.times.push(Date.now());
    known.webhookIds.add(headers["webhook-id"] ?? "");
    events.set(id, known);
  }

  const server = createServer((request, response) => {
    receive(request).then(
      () => response.writeHead(204).end(),
      (error: unknown) => {
        // A sender that was killed in the middle of a request has sent nothing that could be judged.
        if (request.complete) {
          invalid.count += 1;
          invalid.first ||= String(error);
        }
        response.writeHead(400).end();
      },
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not a TCP server");
  const receiver: Receiver = {
    url: `http://127.0.0.1:${address.port}/hooks`,
    events,
    invalid,
    secret: "",
    stop: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return receiver;
}
