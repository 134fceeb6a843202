import { isIP } from "node:net";
import { OutboundError } from "@/lib/outbound/outbound-error";
import {
  bareHost,
  isLoopbackHost,
  mayConnect,
  type OutboundPolicy,
  outboundPolicy,
  serviceKey,
} from "@/lib/outbound/outbound-policy";

const lengthMax = 2048;

/** Names that lead nowhere on the public internet, by their last labels. */
const localNames: readonly (readonly [suffix: string, why: string])[] = [
  ["localhost", "names this machine (RFC 6761)"],
  ["local", "belongs to the local network (RFC 6762)"],
  ["internal", "belongs to private networks (ICANN resolution 2024.07.29.06)"],
  ["home.arpa", "belongs to home networks (RFC 8375)"],
];

const publicOnly = "Harmony sends to the public internet only. Use an address that is public.";
const label = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/;

const invalid = (message: string) => new OutboundError("invalid_url", message);
const blocked = (message: string) => new OutboundError("blocked_address", message);

function parse(text: string): URL {
  if (text.length > lengthMax) {
    throw invalid(`The URL is longer than ${lengthMax} characters. Use a shorter one.`);
  }
  // URL parsers drop tabs and line breaks silently; in an address they are a mistake or a disguise.
  if (/[\s\p{Cc}]/u.test(text) || !URL.canParse(text)) {
    throw invalid("This is not a URL. Write it like https://hooks.example.com/harmony.");
  }
  const url = new URL(text);
  url.hash = "";
  if (url.href.length > lengthMax) {
    throw invalid(`With its special characters encoded, the URL is longer than ${lengthMax}.`);
  }
  return url;
}

function checkName(host: string): void {
  const labels = host.split(".");
  if (host.length > 253 || !labels.every((part) => label.test(part))) {
    throw invalid("The host of the URL is not a valid name. Check its spelling.");
  }
  const local = localNames.find(([suffix]) => host === suffix || host.endsWith(`.${suffix}`));
  if (local) throw blocked(`${host}: .${local[0]} ${local[1]}. ${publicOnly}`);
  if (labels.length === 1) {
    throw blocked(`${host} is a name of a local network. ${publicOnly}`);
  }
}

function checkHost(host: string, policy: OutboundPolicy): void {
  if (isLoopbackHost(host)) {
    if (policy.allowsLoopback) return;
    throw blocked(`${host} is the machine that Harmony runs on. ${publicOnly}`);
  }
  if (isIP(host) === 0) {
    checkName(host);
  } else if (!mayConnect(policy, host, host)) {
    throw blocked(`${host} belongs to a private, local or reserved network. ${publicOnly}`);
  }
}

function checkPort(url: URL, host: string, policy: OutboundPolicy): void {
  const usual = url.protocol === "https:" ? 443 : 80;
  const port = url.port === "" ? usual : Number(url.port);
  if (port < 1024 && port !== 80 && port !== 443) {
    throw invalid(`Port ${port} is not allowed. Use 443, 80, or a port from 1024 to 65535.`);
  }
  if (policy.ownServices.has(serviceKey(host, port))) {
    throw blocked(`${url.host} is Harmony itself or its database. Use the address of a receiver.`);
  }
}

/**
 * The parsed form of a URL that somebody typed, without its fragment, when Harmony may send to it. Resolves
 * nothing: names are judged again by what they lead to, each time that a connection is made.
 * Hosts in odd spellings (`0x7f.1`, full-width digits, international names) are judged in the form that the
 * WHATWG URL standard gives them. Throws an OutboundError, `invalid_url` or `blocked_address`.
 */
export function checkOutboundUrl(text: string, policy: OutboundPolicy = outboundPolicy()): URL {
  const url = parse(text);
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw invalid("The URL must start with https://.");
  }
  if (url.username !== "" || url.password !== "") {
    throw invalid("The URL has a user name or password in it. Remove the part before the @.");
  }
  const host = bareHost(url);
  checkHost(host, policy);
  checkPort(url, host, policy);
  if (url.protocol === "http:" && !policy.allowsLoopback) {
    throw invalid(
      "The URL must start with https://: what is sent over http can be read on its way.",
    );
  }
  if (url.hostname.endsWith(".")) url.hostname = host;
  return url;
}
