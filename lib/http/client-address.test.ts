import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { clientIpOf, isKnownHost, isLoopbackPeer } from "@/lib/http/client-address";

beforeAll(() => {
  vi.stubEnv("TRUSTED_PROXIES", "10.0.0.0/8, 192.0.2.7, 2001:db8::/32");
  vi.stubEnv("APP_URL", "https://harmony.example:8443");
});

function request(peer: string, headers: Record<string, string> = {}): IncomingMessage {
  const socket = new Socket();
  Object.defineProperty(socket, "remoteAddress", { value: peer });
  const message = new IncomingMessage(socket);
  Object.assign(message.headers, headers);
  return message;
}

describe("the client's address", () => {
  test.for([
    ["203.0.113.9", "1.2.3.4", "203.0.113.9"],
    ["10.1.2.3", "1.2.3.4", "1.2.3.4"],
    ["::ffff:10.1.2.3", "1.2.3.4", "1.2.3.4"],
    ["10.1.2.3", "6.6.6.6, 1.2.3.4", "1.2.3.4"],
    ["10.1.2.3", "6.6.6.6, 1.2.3.4, 10.9.9.9, 192.0.2.7", "1.2.3.4"],
    ["10.1.2.3", "6.6.6.6, nonsense", "10.1.2.3"],
    ["10.1.2.3", "10.4.4.4", "10.1.2.3"],
    ["10.1.2.3", "", "10.1.2.3"],
    ["2001:db8::1", "2001:4860::8", "2001:4860::8"],
    ["192.0.2.8", "1.2.3.4", "192.0.2.8"],
  ] as const)("peer %s with X-Forwarded-For %j is %s", ([peer, forwarded, address]) => {
    const headers: Record<string, string> =
      forwarded === "" ? {} : { "x-forwarded-for": forwarded };
    expect(clientIpOf(request(peer, headers))).toBe(address);
  });
});

describe("a request made on this machine", () => {
  test.for([
    ["127.0.0.1", {}, true],
    ["::1", {}, true],
    ["::ffff:127.0.0.1", {}, true],
    ["203.0.113.9", {}, false],
    ["127.0.0.1", { "x-forwarded-for": "1.2.3.4" }, false],
    ["127.0.0.1", { forwarded: "for=1.2.3.4" }, false],
    ["127.0.0.1", { "x-real-ip": "1.2.3.4" }, false],
  ] as const)("peer %s with %j: %s", ([peer, headers, isLocal]) => {
    expect(isLoopbackPeer(request(peer, headers))).toBe(isLocal);
  });
});

describe("the hosts that are served", () => {
  test.for([
    ["harmony.example", true],
    ["HARMONY.example:8443", true],
    ["localhost:3000", true],
    ["127.0.0.1", true],
    ["127.1.2.3:80", true],
    ["[::1]:3000", true],
    [undefined, true],
    ["", false],
    ["evil.example", false],
    ["harmony.example.evil.example", false],
    ["localhost.evil.example", false],
    ["127.0.0.1.evil.example", false],
  ] as const)("%j: %s", ([host, isKnown]) => {
    expect(isKnownHost(host)).toBe(isKnown);
  });
});
