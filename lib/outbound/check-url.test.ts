import { describe, expect, test } from "vitest";
import { checkOutboundUrl } from "@/lib/outbound/check-url";
import { hostileUrls } from "@/lib/outbound/hostile-urls";
import { OutboundError, type OutboundErrorCode } from "@/lib/outbound/outbound-error";
import type { OutboundPolicy } from "@/lib/outbound/outbound-policy";

const ownServices = new Set(["loopback:3000", "harmony.example.com:443", "db.example.com:5432"]);
const hosted: OutboundPolicy = { allowsLoopback: false, ownServices };
const local: OutboundPolicy = { allowsLoopback: true, ownServices };

function refusal(url: string, policy: OutboundPolicy): OutboundError {
  try {
    checkOutboundUrl(url, policy);
  } catch (error) {
    if (error instanceof OutboundError) return error;
    throw error;
  }
  throw new Error(`${url} was allowed`);
}

const byText = hostileUrls.filter(({ resolvesTo }) => resolvesTo === undefined);

test("the corpus has at least 60 URLs, none twice", () => {
  expect(new Set(hostileUrls.map(({ url }) => url)).size).toBe(hostileUrls.length);
  expect(hostileUrls.length).toBeGreaterThanOrEqual(60);
});

describe("a hosted Harmony", () => {
  test.for(byText)("refuses $url ($why)", ({ url }) => {
    expect(["invalid_url", "blocked_address"]).toContain(refusal(url, hosted).code);
  });

  test.for([
    "https://hooks.example.com/harmony",
    "https://hooks.example.com:443/",
    "https://hooks.example.com:80/",
    "https://hooks.example.com:1024/",
    "https://hooks.example.com:65535/a?b=c",
    "https://1.1.1.1/",
    "https://[2606:4700:4700::1111]:8443/",
    "https://under_score.example.com/",
    "https://localhost.example.com/",
    "https://internal.example.com/",
    "https://hooks.example.com:3000/",
    "https://hooks.example.com:5432/",
  ])("accepts %s", (url) => {
    expect(checkOutboundUrl(url, hosted).href).toBe(new URL(url).href);
  });

  test("refuses http", () => {
    const error = refusal("http://hooks.example.com/", hosted);
    expect(error.code).toBe("invalid_url");
    expect(error.message).toContain("https://");
  });

  test.for([
    ["https://harmony.example.com/api/v1/meetings", "blocked_address"],
    ["https://HARMONY.example.com./", "blocked_address"],
    ["https://db.example.com:5432/", "blocked_address"],
  ] as const)("refuses %s, which is Harmony itself", ([url, code]) => {
    expect(refusal(url, hosted).code).toBe(code);
  });
});

describe("a Harmony that only this machine can reach", () => {
  test.for(byText.filter(({ isLoopback }) => !isLoopback))("refuses $url ($why)", ({ url }) => {
    expect(["invalid_url", "blocked_address"]).toContain(refusal(url, local).code);
  });

  test.for([
    "http://127.0.0.1:8080/hook",
    "http://127.8.8.8/",
    "http://[::1]:8080/",
    "https://localhost:8080/",
    "http://hooks.example.com/",
  ])("accepts %s", (url) => {
    expect(checkOutboundUrl(url, local).href).toBe(url);
  });

  test.for(byText.filter(({ isLoopback }) => isLoopback))("reads $url as loopback", ({ url }) => {
    expect(checkOutboundUrl(url, local).hostname).toMatch(
      /^(127\.\d+\.\d+\.\d+|\[::1\]|localhost)$/,
    );
  });

  test.for([
    "http://127.0.0.1:3000/",
    "http://localhost:3000/",
    "http://127.9.9.9:3000/",
    "http://[::1]:3000/",
    "http://0x7f.1:3000/",
    "http://localhost.:3000/",
  ])("refuses its own port at %s", (url) => {
    expect(refusal(url, local).code).toBe("blocked_address");
  });
});

describe("the URL that is sent to", () => {
  test("has no fragment", () => {
    expect(checkOutboundUrl("https://hooks.example.com/a?b=c#d", hosted).href).toBe(
      "https://hooks.example.com/a?b=c",
    );
  });

  test("has the ASCII form of an international name, without the dot at its end", () => {
    expect(checkOutboundUrl("https://Bücher.example.com.:8443/", hosted).href).toBe(
      "https://xn--bcher-kva.example.com:8443/",
    );
  });

  test("may have 2048 characters and not one more, encoded too", () => {
    const start = "https://hooks.example.com/";
    const longest = start + "a".repeat(2048 - start.length);
    expect(checkOutboundUrl(longest, hosted).href).toBe(longest);
    expect(refusal(`${longest}a`, hosted).code).toBe("invalid_url");
    expect(refusal(start + "é".repeat(1000), hosted).code).toBe("invalid_url");
  });
});

describe("the words of a refusal", () => {
  test.for([
    ["https://printer.local/", "blocked_address", "local network"],
    ["https://postgres/", "blocked_address", "local network"],
    ["https://localhost/", "blocked_address", "machine that Harmony runs on"],
    ["https://10.0.0.1/", "blocked_address", "public"],
    ["https://hooks.example.com:22/", "invalid_url", "Port 22"],
    ["https://a:b@hooks.example.com/", "invalid_url", "user name or password"],
    ["ftp://hooks.example.com/", "invalid_url", "https://"],
    ["not a url", "invalid_url", "not a URL"],
  ] as const satisfies [string, OutboundErrorCode, string][])(
    "for %s are %s and say why: %s",
    ([url, code, words]) => {
      const error = refusal(url, hosted);
      expect(error.code).toBe(code);
      expect(error.message).toContain(words);
    },
  );

  test("never repeat credentials, path or query", () => {
    for (const url of [
      "https://user:hunter2@hooks.example.com/",
      "https://10.0.0.1/hunter2?key=hunter2",
      "https://hooks.example.com:22/hunter2",
    ])
      expect(refusal(url, hosted).message).not.toContain("hunter2");
  });
});
