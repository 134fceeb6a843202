import { type Env, env } from "@/lib/core/env";
import { singleton } from "@/lib/core/singleton";
import { isBlockedAddress, isLoopbackAddress } from "@/lib/outbound/addresses";

export interface OutboundPolicy {
  /** http, and targets on this machine: only where nobody else can reach Harmony (HOST and APP_URL are loopback). */
  readonly allowsLoopback: boolean;
  /** Where Harmony and what it stands on listen, as `serviceKey` writes it. */
  readonly ownServices: ReadonlySet<string>;
}

/** The host of a URL without the brackets of IPv6 and without the dot at the end of a full name. */
export function bareHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$|\.$/g, "");
}

/** `localhost`, or an address of 127.0.0.0/8 or ::1. No other name counts, whatever it leads to. */
export function isLoopbackHost(host: string): boolean {
  return host === "localhost" || isLoopbackAddress(host);
}

/** `host:port`; everything on this machine is one host. */
export function serviceKey(host: string, port: number): string {
  return `${isLoopbackHost(host) ? "loopback" : host}:${port}`;
}

const defaultPorts: Readonly<Record<string, number>> = {
  "http:": 80,
  "https:": 443,
  "postgres:": 5432,
  "postgresql:": 5432,
  "redis:": 6379,
  "rediss:": 6379,
  "smtp:": 587,
  "smtps:": 465,
};

/** The key of a service's URL; null when the URL has no host and port, such as that of a Unix socket. */
function serviceOf(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const port = url.port === "" ? defaultPorts[url.protocol] : Number(url.port);
  return port === undefined || url.hostname === "" ? null : serviceKey(bareHost(url), port);
}

function ownServices(settings: Env): ReadonlySet<string> {
  const urls = [
    settings.appUrl,
    settings.DATABASE_URL,
    settings.DATABASE_DIRECT_URL,
    settings.REDIS_URL,
    settings.SMTP_URL,
    settings.LLM_URL,
    settings.TRANSCRIBE_URL,
  ];
  const keys = urls.map((url) => (url === undefined ? null : serviceOf(url)));
  const here = [settings.PORT, settings.SANDBOX_PORT].map((port) => serviceKey("localhost", port));
  return new Set([...here, ...keys.filter((key) => key !== null)]);
}

/** What a process with these settings may reach for its users. */
export function policyFor(settings: Env): OutboundPolicy {
  return {
    allowsLoopback: settings.hostIsLoopback && settings.appUrlIsLoopback,
    ownServices: ownServices(settings),
  };
}

/** The policy of this process. */
export function outboundPolicy(): OutboundPolicy {
  return singleton("outbound-policy", () => policyFor(env()));
}

/**
 * Whether a connection for `host` may go to `address`. Loopback is reached under its own names only, so that no
 * name of somebody else's can lead there.
 */
export function mayConnect(policy: OutboundPolicy, host: string, address: string): boolean {
  if (isLoopbackHost(host)) return policy.allowsLoopback && isLoopbackAddress(address);
  return !isBlockedAddress(address);
}
