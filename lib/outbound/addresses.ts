import { BlockList, isIP } from "node:net";

/**
 * Addresses that no request of a user's may reach: network, prefix length, and why.
 * Source: the IANA IPv4 and IPv6 special-purpose address registries (RFC 6890 and the RFCs named here), taken
 * whole, with the entries that IANA calls globally reachable: nobody receives webhooks there.
 */
export const blockedRanges: readonly (readonly [network: string, bits: number, why: string])[] = [
  ["0.0.0.0", 8, "this network, RFC 791"],
  ["10.0.0.0", 8, "private, RFC 1918"],
  ["100.64.0.0", 10, "carrier-grade NAT, RFC 6598; 100.100.100.200 is Alibaba's metadata service"],
  ["127.0.0.0", 8, "loopback, RFC 1122"],
  ["168.63.129.16", 32, "public, but Azure's host agent answers there inside each of its machines"],
  [
    "169.254.0.0",
    16,
    "link-local, RFC 3927; 169.254.169.254 is the metadata service of most clouds",
  ],
  ["172.16.0.0", 12, "private, RFC 1918"],
  [
    "192.0.0.0",
    24,
    "IETF protocol assignments, RFC 6890; 192.0.0.192 is Oracle's metadata service",
  ],
  ["192.0.2.0", 24, "documentation, RFC 5737"],
  ["192.31.196.0", 24, "AS112, RFC 7535"],
  ["192.52.193.0", 24, "multicast tunnelling, RFC 7450"],
  ["192.88.99.0", 24, "6to4 relays, RFC 7526"],
  ["192.168.0.0", 16, "private, RFC 1918"],
  ["192.175.48.0", 24, "AS112, RFC 7534"],
  ["198.18.0.0", 15, "benchmarking, RFC 2544"],
  ["198.51.100.0", 24, "documentation, RFC 5737"],
  ["203.0.113.0", 24, "documentation, RFC 5737"],
  ["224.0.0.0", 4, "multicast, RFC 5771"],
  ["240.0.0.0", 4, "reserved, RFC 1112, with the broadcast address of RFC 919"],
  ["::", 96, "unspecified, loopback and IPv4-compatible, RFC 4291"],
  ["64:ff9b::", 96, "NAT64, RFC 6052"],
  ["64:ff9b:1::", 48, "local NAT64, RFC 8215"],
  ["100::", 64, "discard-only, RFC 6666"],
  ["100:0:0:1::", 64, "dummy prefix, RFC 9780"],
  ["2001::", 23, "IETF protocol assignments, RFC 2928: Teredo, ORCHID, benchmarking"],
  ["2001:db8::", 32, "documentation, RFC 3849"],
  ["2002::", 16, "6to4, RFC 3056: carries any IPv4 address"],
  ["2620:4f:8000::", 48, "AS112, RFC 7534"],
  ["3fff::", 20, "documentation, RFC 9637"],
  ["5f00::", 16, "segment routing, RFC 9602"],
  ["fc00::", 7, "unique local, RFC 4193; fd00:ec2::254 is Amazon's metadata service"],
  ["fe80::", 10, "link-local, RFC 4291"],
  ["fec0::", 10, "site-local, RFC 3879"],
  ["ff00::", 8, "multicast, RFC 4291"],
];

const familyOf = (address: string) => (isIP(address) === 6 ? "ipv6" : "ipv4");

const blocked = new BlockList();
for (const [network, bits] of blockedRanges) blocked.addSubnet(network, bits, familyOf(network));

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");

/** The only part of IPv6 that is given out to the public (IANA, IPv6 address space). */
const globalUnicast = new BlockList();
globalUnicast.addSubnet("2000::", 3, "ipv6");

/** The IPv4 address inside `::ffff:0:0/96` (RFC 4291, 2.5.5.2), in any spelling; null for other addresses. */
function mappedIPv4(address: string): string | null {
  const canonical = new URL(`http://[${address}]`).hostname;
  const [, high, low] = /^\[::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/.exec(canonical) ?? [];
  if (high === undefined || low === undefined) return null;
  const bytes = [high, low].flatMap((group) => {
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
  return bytes.join(".");
}

function isBlockedIPv6(address: string): boolean {
  const mapped = mappedIPv4(address);
  if (mapped !== null) return blocked.check(mapped, "ipv4");
  return !globalUnicast.check(address, "ipv6") || blocked.check(address, "ipv6");
}

/**
 * Whether an IP address is anything but an ordinary address of the public internet. What is no address, or has a
 * zone (`fe80::1%eth0`), is blocked too.
 */
export function isBlockedAddress(address: string): boolean {
  if (address.includes("%")) return true;
  switch (isIP(address)) {
    case 4:
      return blocked.check(address, "ipv4");
    case 6:
      return isBlockedIPv6(address);
    default:
      return true;
  }
}

/**
 * Exactly 127.0.0.0/8 and ::1, as URLs and sockets spell them; not the unspecified addresses, and no IPv4
 * written as IPv6.
 */
export function isLoopbackAddress(address: string): boolean {
  return address === "::1" || (isIP(address) === 4 && loopback.check(address, "ipv4"));
}
