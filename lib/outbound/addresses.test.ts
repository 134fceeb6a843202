import { isIP } from "node:net";
import { describe, expect, test } from "vitest";
import { blockedRanges, isBlockedAddress, isLoopbackAddress } from "@/lib/outbound/addresses";

const bytesOf = { 4: 4, 6: 16 } as const;

function toBytes(address: string): number[] {
  if (isIP(address) === 4) return address.split(".").map(Number);
  const [head = "", tail = ""] = address.split("::");
  const groups = (text: string) => text.split(":").filter((group) => group !== "");
  const missing = 8 - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...Array<string>(missing).fill("0"), ...groups(tail)];
  return all.flatMap((group) => {
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}

function toText(bytes: readonly number[]): string {
  if (bytes.length === 4) return bytes.join(".");
  const groups = Array.from({ length: 8 }, (_, at) =>
    (((bytes[at * 2] ?? 0) << 8) | (bytes[at * 2 + 1] ?? 0)).toString(16),
  );
  return groups.join(":");
}

/** The last address of a network. */
function lastOf(network: string, bits: number): string {
  return toText(
    toBytes(network).map((byte, at) => {
      const fixed = Math.min(8, Math.max(0, bits - at * 8));
      return byte | (0xff >> fixed);
    }),
  );
}

describe("isBlockedAddress", () => {
  test.for(blockedRanges)("blocks %s/%i from its first to its last address", ([network, bits]) => {
    expect(toBytes(network)).toHaveLength(bytesOf[isIP(network) === 6 ? 6 : 4]);
    expect(isBlockedAddress(network)).toBe(true);
    expect(isBlockedAddress(lastOf(network, bits))).toBe(true);
  });

  test.for(blockedRanges.filter(([network]) => isIP(network) === 4))(
    "blocks %s/%i written as an IPv4-mapped address",
    ([network, bits]) => {
      expect(isBlockedAddress(`::ffff:${network}`)).toBe(true);
      expect(isBlockedAddress(`0:0:0:0:0:FFFF:${lastOf(network, bits)}`)).toBe(true);
    },
  );

  test.for([
    // The public neighbours of the blocked ranges.
    "1.0.0.0",
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.0",
    "168.63.129.15",
    "168.63.129.17",
    "169.253.255.255",
    "169.255.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "191.255.255.255",
    "192.0.1.0",
    "192.0.3.0",
    "192.88.98.255",
    "192.167.255.255",
    "192.169.0.0",
    "198.17.255.255",
    "198.20.0.0",
    "203.0.112.255",
    "203.0.114.0",
    "223.255.255.255",
    "2000::",
    "2001:200::1",
    "2001:4860:4860::8888",
    "2001:db7:ffff::1",
    "2001:db9::",
    "2003::1",
    "2606:4700:4700::1111",
    "2a00:1450:4001:80b::200e",
    "3ffe:ffff::1",
    "3fff:1000::",
    "::ffff:8.8.8.8",
    "::ffff:808:808",
  ])("lets the public address %s pass", (address) => {
    expect(isBlockedAddress(address)).toBe(false);
  });

  test.for([
    "::",
    "::1",
    "::7f00:1",
    "::ffff:0:7f00:1",
    "1fff:ffff::1",
    "4000::1",
    "8000::1",
    "fbff::1",
    "fe80::1%eth0",
    "2606:4700:4700::1111%eth0",
    "localhost",
    "127.1",
    "0x7f.0.0.1",
    "1.1.1.1.",
    "",
  ])("blocks %o, which is no address of the public internet", (address) => {
    expect(isBlockedAddress(address)).toBe(true);
  });
});

test("loopback is 127.0.0.0/8 and ::1, and nothing else", () => {
  for (const address of ["127.0.0.1", "127.255.255.255", "::1"])
    expect(isLoopbackAddress(address)).toBe(true);
  for (const address of ["0.0.0.0", "::", "::ffff:127.0.0.1", "128.0.0.1", "10.0.0.1", "::2", ""])
    expect(isLoopbackAddress(address)).toBe(false);
});
