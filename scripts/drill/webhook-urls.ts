import { createHook } from "node:async_hooks";
import { once } from "node:events";
import { createServer } from "node:net";
import { hostileUrls } from "@/lib/outbound/hostile-urls";
import { createOutboundClient } from "@/lib/outbound/outbound-client";
import { OutboundError } from "@/lib/outbound/outbound-error";
import type { OutboundPolicy } from "@/lib/outbound/outbound-policy";
import type { Resolve } from "@/lib/outbound/vetted-connector";
import { type DrillPart, type Finding, none } from "./drill-part";

// Every hostile URL is sent to, as an installation on the internet and as one on a developer's machine. No try to
// connect may come of it, to any address: Node.js itself is asked, and a listener stands where loopback leads.

const hosted: OutboundPolicy = { allowsLoopback: false, ownServices: new Set() };
const local: OutboundPolicy = { allowsLoopback: true, ownServices: new Set() };

/** Counts the TCP connections that this process tries to make from now on, whoever makes them. */
function countConnects(): { readonly count: () => number; readonly stop: () => void } {
  let count = 0;
  const hook = createHook({
    init: (_id, type) => {
      if (type === "TCPCONNECTWRAP") count += 1;
    },
  }).enable();
  return { count: () => count, stop: () => hook.disable() };
}

async function listen(): Promise<{
  readonly port: number;
  readonly connections: () => number;
  readonly stop: () => void;
}> {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.on("error", () => undefined).end();
  }).listen(0, "::");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not a TCP server");
  return { port: address.port, connections: () => connections, stop: () => server.close() };
}

/** Names lead where the corpus says, and nowhere else: a lookup of another one would be a mistake of the guard. */
function resolver(): Resolve {
  const leadsTo = new Map(
    hostileUrls.flatMap(({ url, resolvesTo }) =>
      resolvesTo ? [[new URL(url).hostname, resolvesTo] as const] : [],
    ),
  );
  return async (host) => {
    const found = leadsTo.get(host);
    if (!found) throw new Error(`${host} was looked up`);
    return found.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
  };
}

/** The code of the refusal; the words of whatever else happened. */
async function refusalOf(policy: OutboundPolicy, url: string): Promise<string> {
  const client = createOutboundClient({ policy, resolve: resolver() });
  try {
    const request = { url, method: "POST", headers: {}, body: "{}" } as const;
    const { status } = await client.send({ ...request, timeoutMs: 2000, captureBytes: 0 });
    return `answered ${status}`;
  } catch (error) {
    return error instanceof OutboundError ? error.code : String(error);
  } finally {
    await client.close();
  }
}

const refusals = new Set(["invalid_url", "blocked_address"]);

async function notRefused(policy: OutboundPolicy, urls: readonly string[]): Promise<string[]> {
  const through: string[] = [];
  for (const url of urls) {
    const what = await refusalOf(policy, url);
    if (!refusals.has(what)) through.push(`${url} ${what}`);
  }
  return through;
}

export const webhookUrls: DrillPart = {
  id: "urls",
  title: "hostile URLs",
  run: async () => {
    const listener = await listen();
    const connects = countConnects();
    try {
      // The corpus leaves the port open: it becomes that of the listener.
      const at = (url: string) => url.replace(":8443", `:${listener.port}`);
      const all = hostileUrls.map(({ url }) => at(url));
      const beyond = hostileUrls.filter(({ isLoopback }) => !isLoopback).map(({ url }) => at(url));
      const through = [...(await notRefused(hosted, all)), ...(await notRefused(local, beyond))];
      const tried = connects.count();
      const heard = listener.connections();
      // Both counters must count, or their zero means nothing.
      await refusalOf(local, `http://127.0.0.1:${listener.port}/`);
      const counts = connects.count() === tried + 1 && listener.connections() === heard + 1;
      return [
        {
          name: "URLs tried",
          promised: "≥ 60",
          seen: `${all.length} as on the internet, ${beyond.length} as on a developer's machine`,
          isKept: all.length >= 60,
        },
        none("URLs that were not refused", through.length, through[0]),
        none("connections tried", tried),
        none("connections at the listener", heard),
        {
          name: "a connection that is allowed is counted",
          promised: "1",
          seen: counts ? "1" : "0",
          isKept: counts,
        },
      ] satisfies Finding[];
    } finally {
      connects.stop();
      listener.stop();
    }
  },
};
