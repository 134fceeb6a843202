import type { IncomingMessage } from "node:http";
import { BlockList, isIP } from "node:net";
import { env } from "@/lib/core/env";
import { singleton } from "@/lib/core/singleton";

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIP(address) === 6 ? "ipv6" : "ipv4";
}

/** `::ffff:10.0.0.1` is an IPv4 peer on a dual-stack socket. */
function unmapped(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, "");
}

function trustedProxies(): BlockList {
  return singleton("trusted-proxies", () => {
    const list = new BlockList();
    for (const entry of (env().TRUSTED_PROXIES ?? "").split(",")) {
      const [address = "", bits] = entry.trim().split("/");
      if (isIP(address) === 0) continue;
      const family = familyOf(address);
      list.addSubnet(
        address,
        bits === undefined ? (family === "ipv6" ? 128 : 32) : Number(bits),
        family,
      );
    }
    return list;
  });
}

const isTrusted = (address: string) =>
  isIP(address) !== 0 && trustedProxies().check(address, familyOf(address));

/**
 * The client's address: the peer's, unless the peer is one of TRUSTED_PROXIES; then X-Forwarded-For is read from
 * the right up to the first address that is not a trusted proxy.
 */
export function clientIpOf(request: IncomingMessage): string | null {
  const peer = unmapped(request.socket.remoteAddress ?? "");
  if (!isTrusted(peer)) return peer || null;
  const header = request.headers["x-forwarded-for"];
  const hops = (Array.isArray(header) ? header.join(",") : (header ?? "")).split(",");
  for (const hop of hops.reverse()) {
    const address = unmapped(hop.trim());
    if (isIP(address) === 0) break;
    if (!isTrusted(address)) return address;
  }
  return peer;
}

const forwardingHeaders = ["x-forwarded-for", "forwarded", "x-real-ip", "x-forwarded-host"];

/** True for a request that was made on this very machine, not handed on by a proxy on it. */
export function isLoopbackPeer(request: IncomingMessage): boolean {
  const peer = unmapped(request.socket.remoteAddress ?? "");
  const isLocal = peer === "::1" || peer.startsWith("127.");
  return isLocal && forwardingHeaders.every((name) => request.headers[name] === undefined);
}

/** Only APP_URL's host and loopback names are served, so that no link is ever made from a forged Host. */
export function isKnownHost(header: string | undefined): boolean {
  if (header === undefined) return true;
  const host = header.replace(/:\d+$/, "").toLowerCase();
  return (
    host === singleton("app-host", () => new URL(env().appUrl).hostname) ||
    host === "localhost" ||
    host === "[::1]" ||
    /^127\.\d+\.\d+\.\d+$/.test(host)
  );
}
