/** A URL that must never make Harmony open a connection. */
export interface HostileUrl {
  readonly url: string;
  readonly why: string;
  /** What its name leads to; without it the URL is refused by its text alone. */
  readonly resolvesTo?: readonly string[];
  /** Allowed where HOST and APP_URL are loopback: it is this machine, only oddly written. */
  readonly isLoopback?: true;
}

/**
 * The corpus that tests and drills hold the guard against. The port is 8443 wherever none else is the point: put
 * that of a listening socket there, and it must see no connection.
 */
export const hostileUrls: readonly HostileUrl[] = [
  // This machine, in every spelling.
  { url: "https://127.0.0.1:8443/", why: "loopback", isLoopback: true },
  { url: "https://127.255.255.254:8443/", why: "the far end of 127.0.0.0/8", isLoopback: true },
  { url: "https://127.1:8443/", why: "short form", isLoopback: true },
  { url: "https://127.0.1:8443/", why: "short form of three parts", isLoopback: true },
  { url: "https://2130706433:8443/", why: "decimal", isLoopback: true },
  { url: "https://0x7f000001:8443/", why: "hexadecimal", isLoopback: true },
  { url: "https://0x7f.0x0.0x0.0x1:8443/", why: "hexadecimal parts", isLoopback: true },
  { url: "https://017700000001:8443/", why: "octal", isLoopback: true },
  { url: "https://0177.0.0.01:8443/", why: "octal parts", isLoopback: true },
  { url: "https://127.0.0.1.:8443/", why: "dot at the end", isLoopback: true },
  { url: "https://１２７.０.０.１:8443/", why: "full-width digits", isLoopback: true },
  { url: "https://①②⑦.⓪.⓪.①:8443/", why: "circled digits", isLoopback: true },
  { url: "https://127。0。0。1:8443/", why: "ideographic full stops", isLoopback: true },
  { url: "https://127%2e0%2e0%2e1:8443/", why: "percent-encoded dots", isLoopback: true },
  { url: "https:127.0.0.1:8443", why: "no slashes", isLoopback: true },
  { url: "https:\\\\127.0.0.1:8443\\", why: "backslashes", isLoopback: true },
  { url: "https://localhost:8443/", why: "this machine by name", isLoopback: true },
  { url: "https://LOCALHOST.:8443/", why: "the same with a dot, in capitals", isLoopback: true },
  { url: "https://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:8443/", why: "circled letters", isLoopback: true },
  { url: "https://[::1]:8443/", why: "IPv6 loopback", isLoopback: true },
  { url: "https://[0:0:0:0:0:0:0:1]:8443/", why: "IPv6 loopback, written out", isLoopback: true },
  { url: "https://api.localhost:8443/", why: "below localhost" },
  { url: "https://0.0.0.0:8443/", why: "unspecified, reaches this machine on Linux" },
  { url: "https://0:8443/", why: "unspecified, short" },
  { url: "https://[::]:8443/", why: "unspecified, IPv6" },
  { url: "https://[::ffff:127.0.0.1]:8443/", why: "loopback as IPv4-mapped" },
  { url: "https://[::ffff:7f00:1]:8443/", why: "loopback as IPv4-mapped, hexadecimal" },
  { url: "https://[::127.0.0.1]:8443/", why: "loopback as IPv4-compatible" },
  { url: "https://[0:0:0:0:ffff:0:127.0.0.1]:8443/", why: "loopback as IPv4-translated" },

  // Private, local and shared networks.
  { url: "https://10.0.0.1:8443/", why: "RFC 1918" },
  { url: "https://10.255.255.255:8443/", why: "RFC 1918, last address" },
  { url: "https://167772161:8443/", why: "10.0.0.1 in decimal" },
  { url: "https://012.0.0.1:8443/", why: "10.0.0.1 in octal" },
  { url: "https://172.16.0.1:8443/", why: "RFC 1918" },
  { url: "https://172.31.255.255:8443/", why: "RFC 1918, last address" },
  { url: "https://192.168.1.1:8443/", why: "RFC 1918" },
  { url: "https://0xc0a80101:8443/", why: "192.168.1.1 in hexadecimal" },
  { url: "https://100.64.0.1:8443/", why: "carrier-grade NAT" },
  { url: "https://169.254.1.1:8443/", why: "link-local" },
  { url: "https://[fc00::1]:8443/", why: "unique local" },
  { url: "https://[fd12:3456:789a::1]:8443/", why: "unique local" },
  { url: "https://[fe80::1]:8443/", why: "link-local, IPv6" },
  { url: "https://[fe80::1%25eth0]:8443/", why: "link-local with a zone" },
  { url: "https://[fec0::1]:8443/", why: "site-local" },
  { url: "https://[::ffff:10.0.0.1]:8443/", why: "RFC 1918 as IPv4-mapped" },
  { url: "https://[::ffff:c0a8:101]:8443/", why: "192.168.1.1 as IPv4-mapped" },
  { url: "https://[64:ff9b::10.0.0.1]:8443/", why: "RFC 1918 through NAT64" },
  { url: "https://[64:ff9b:1::7f00:1]:8443/", why: "loopback through local NAT64" },
  { url: "https://[2002:7f00:1::]:8443/", why: "loopback through 6to4" },
  { url: "https://[2002:a00:1::]:8443/", why: "RFC 1918 through 6to4" },
  { url: "https://[2001:0:c0a8:101::]:8443/", why: "Teredo" },

  // Metadata services of clouds.
  { url: "http://169.254.169.254/latest/meta-data/", why: "metadata" },
  { url: "https://2852039166:8443/", why: "169.254.169.254 in decimal" },
  { url: "https://[::ffff:a9fe:a9fe]:8443/", why: "169.254.169.254 as IPv4-mapped" },
  { url: "https://[fd00:ec2::254]:8443/", why: "metadata of Amazon over IPv6" },
  { url: "https://100.100.100.200:8443/", why: "metadata of Alibaba" },
  { url: "https://192.0.0.192:8443/", why: "metadata of Oracle" },
  { url: "https://168.63.129.16:8443/", why: "Azure's host agent, in public space" },
  { url: "https://metadata.google.internal:8443/", why: "metadata of Google by name" },

  // Reserved, for documentation, for groups.
  { url: "https://192.0.2.1:8443/", why: "documentation" },
  { url: "https://198.51.100.1:8443/", why: "documentation" },
  { url: "https://203.0.113.1:8443/", why: "documentation" },
  { url: "https://198.18.0.1:8443/", why: "benchmarking" },
  { url: "https://192.88.99.1:8443/", why: "6to4 relay" },
  { url: "https://224.0.0.1:8443/", why: "multicast" },
  { url: "https://240.0.0.1:8443/", why: "reserved" },
  { url: "https://255.255.255.255:8443/", why: "broadcast" },
  { url: "https://[2001:db8::1]:8443/", why: "documentation, IPv6" },
  { url: "https://[3fff::1]:8443/", why: "documentation, IPv6" },
  { url: "https://[100::1]:8443/", why: "discard-only" },
  { url: "https://[4000::1]:8443/", why: "not given out to anybody" },
  { url: "https://[ff02::1]:8443/", why: "multicast, IPv6" },

  // Names of local networks.
  { url: "https://printer.local:8443/", why: "multicast DNS" },
  { url: "https://vault.corp.internal:8443/", why: "private-use domain" },
  { url: "https://nas.home.arpa:8443/", why: "home network" },
  { url: "https://postgres:8443/", why: "a single label, such as a container's name" },

  // URLs that are not what they seem.
  { url: "https://hooks.example.com@127.0.0.1:8443/", why: "user name that looks like a host" },
  { url: "https://user:secret@hooks.example.com:8443/", why: "password" },
  { url: "http://127.0.0.1:8443\\@hooks.example.com/", why: "parsers disagree", isLoopback: true },
  { url: "https://hooks.example.com:22/", why: "a port of another service" },
  { url: "https://hooks.example.com:0/", why: "no port at all" },
  { url: "https://hooks.example.com:99999/", why: "beyond the last port" },
  { url: "https://hooks.example.com:8443 /", why: "space" },
  { url: "https://127.0.0.1\n.example.com:8443/", why: "line break" },
  { url: "https://hooks..example.com:8443/", why: "empty label" },
  { url: "https://localhost%00.example.com:8443/", why: "zero byte" },
  { url: "file:///etc/passwd", why: "file" },
  { url: "ftp://hooks.example.com/", why: "ftp" },
  { url: "gopher://127.0.0.1:8443/_GET", why: "gopher" },
  { url: "data:text/plain,hello", why: "data" },
  { url: "javascript:alert(1)", why: "script" },
  { url: "//127.0.0.1:8443/", why: "no scheme" },
  { url: "hooks.example.com", why: "no scheme" },
  { url: "", why: "empty" },
  { url: `https://hooks.example.com/${"a".repeat(2048)}`, why: "too long" },

  // Public names that lead into private networks.
  { url: "https://loopback.example.com:8443/", why: "loopback", resolvesTo: ["127.0.0.1"] },
  { url: "https://loopback6.example.com:8443/", why: "loopback, IPv6", resolvesTo: ["::1"] },
  { url: "https://zero.example.com:8443/", why: "unspecified", resolvesTo: ["0.0.0.0"] },
  { url: "https://intranet.example.com:8443/", why: "RFC 1918", resolvesTo: ["10.0.0.5"] },
  { url: "https://meta.example.com:8443/", why: "metadata", resolvesTo: ["169.254.169.254"] },
  {
    url: "https://mapped.example.com:8443/",
    why: "loopback as IPv4-mapped",
    resolvesTo: ["::ffff:127.0.0.1"],
  },
  {
    url: "https://nat64.example.com:8443/",
    why: "RFC 1918 through NAT64",
    resolvesTo: ["64:ff9b::a00:1"],
  },
  {
    url: "https://zone.example.com:8443/",
    why: "link-local with a zone",
    resolvesTo: ["fe80::1%eth0"],
  },
  {
    url: "https://mixed.example.com:8443/",
    why: "public and loopback",
    resolvesTo: ["1.1.1.1", "127.0.0.1"],
  },
  {
    url: "https://mixed6.example.com:8443/",
    why: "public and loopback, IPv6",
    resolvesTo: ["2606:4700:4700::1111", "::1"],
  },
];
