import type { LookupAddress } from "node:dns";
import { lookup } from "node:dns/promises";
import { buildConnector } from "undici";
import { noSuchName } from "@/lib/outbound/describe-failure";
import { OutboundError } from "@/lib/outbound/outbound-error";
import { mayConnect, type OutboundPolicy } from "@/lib/outbound/outbound-policy";

const dnsTimeoutMs = 5_000;
/** Ends attempts that outlive their requests; each request has its own, usually shorter, deadline. */
const connectTimeoutMs = 10_000;

/** All addresses of a name; rejects with the system's error (`ENOTFOUND`, `EAI_AGAIN`). */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

/** Names as this machine sees them, `/etc/hosts` included, in the order that the answer has. */
export const resolveName: Resolve = (host) => lookup(host, { all: true, order: "verbatim" });

export interface VettedConnector {
  readonly connect: buildConnector.connector;
  /**
   * Milliseconds that the new connection took (name, TCP, TLS), when asked while its first request is being
   * written; undefined when a request is written to a connection that is reused.
   */
  newConnectionMs(): number | undefined;
}

function blockedHost(host: string): OutboundError {
  return new OutboundError(
    "blocked_address",
    `${host} leads to an address in a private, local or reserved network. Harmony sends to the public internet only. Let the name lead to a public address.`,
  );
}

/** The addresses of a name, once at a time per name, when every one of them may be connected to. */
function vettedLookup(policy: OutboundPolicy, resolve: Resolve) {
  // The system's resolver has four threads: many connections to one slow name must not take them all.
  const underWay = new Map<string, Promise<readonly LookupAddress[]>>();

  const resolveOnce = (host: string) => {
    const running = underWay.get(host);
    if (running !== undefined) return running;
    const started = resolve(host).finally(() => underWay.delete(host));
    underWay.set(host, started);
    return started;
  };

  const resolveInTime = (host: string) =>
    new Promise<readonly LookupAddress[]>((fulfil, reject) => {
      const late = new OutboundError(
        "dns_error",
        `The name ${host} could not be looked up within ${dnsTimeoutMs / 1000} s. Check that its DNS servers answer.`,
      );
      const timer = setTimeout(reject, dnsTimeoutMs, late);
      resolveOnce(host)
        .then(fulfil, reject)
        .finally(() => clearTimeout(timer));
    });

  return async (host: string): Promise<LookupAddress[]> => {
    const addresses = await resolveInTime(host);
    if (addresses.length === 0) throw noSuchName(host);
    if (!addresses.every(({ address }) => mayConnect(policy, host, address)))
      throw blockedHost(host);
    return [...addresses];
  };
}

/**
 * Opens connections only to vetted addresses: a name is resolved, refused when any of its addresses is blocked,
 * and the connection goes to exactly these, without a second lookup in between. Hosts that are addresses
 * themselves never come to a lookup; they are vetted with their URL. Both are judged once more by where the
 * socket ended.
 */
export function vettedConnector(
  policy: OutboundPolicy,
  resolve: Resolve,
  ca: string | undefined,
): VettedConnector {
  const lookupVetted = vettedLookup(policy, resolve);
  let newConnectionMs: number | undefined;

  const open = buildConnector({
    // undici's connections carry one request at a time; HTTP/2 would mix the time limits of many.
    allowH2: false,
    autoSelectFamily: true,
    timeout: connectTimeoutMs,
    // Said aloud, because NODE_TLS_REJECT_UNAUTHORIZED=0 would change the default.
    rejectUnauthorized: true,
    ...(ca === undefined ? {} : { ca }),
    lookup: (host, _options, callback) => {
      lookupVetted(host).then(
        (addresses) => callback(null, addresses),
        (error) => callback(error, []),
      );
    },
  });

  return {
    connect: (options, callback) => {
      const begunAt = performance.now();
      open(options, (...[error, socket]) => {
        if (error !== null) return callback(error, null);
        if (!mayConnect(policy, options.hostname, socket.remoteAddress ?? "")) {
          socket.destroy();
          return callback(blockedHost(options.hostname), null);
        }
        // undici writes the request that waits for this connection before the callback returns.
        newConnectionMs = performance.now() - begunAt;
        callback(null, socket);
        newConnectionMs = undefined;
      });
    },
    newConnectionMs: () => newConnectionMs,
  };
}
