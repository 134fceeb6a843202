import { expect, test } from "vitest";
import { env } from "@/lib/core/env";
import { mayConnect, policyFor } from "@/lib/outbound/outbound-policy";

const settings = {
  ...env(),
  hostIsLoopback: true,
  appUrlIsLoopback: true,
  appUrl: "http://localhost:3000",
  PORT: 3000,
  SANDBOX_PORT: 4010,
  DATABASE_URL: undefined,
  DATABASE_DIRECT_URL: undefined,
  REDIS_URL: undefined,
  SMTP_URL: undefined,
  LLM_URL: undefined,
  TRANSCRIBE_URL: undefined,
};

test("loopback is allowed only when both HOST and APP_URL are loopback", () => {
  const allowed = (hostIsLoopback: boolean, appUrlIsLoopback: boolean) =>
    policyFor({ ...settings, hostIsLoopback, appUrlIsLoopback }).allowsLoopback;
  expect([allowed(true, true), allowed(true, false), allowed(false, true)]).toEqual([
    true,
    false,
    false,
  ]);
});

test("the services that Harmony stands on are known, with the ports that their URLs leave out", () => {
  const { ownServices } = policyFor({
    ...settings,
    appUrl: "https://harmony.example.com",
    DATABASE_URL: "postgres://harmony:secret@127.0.0.1:5499/harmony",
    DATABASE_DIRECT_URL: "postgresql://harmony:secret@db.example.com/harmony",
    REDIS_URL: "rediss://cache.example.com",
    SMTP_URL: "smtps://mail.example.com",
    LLM_URL: "http://[::1]:11434/v1",
    TRANSCRIBE_URL: "https://speech.example.com/v1",
  });
  expect([...ownServices].sort()).toEqual([
    "cache.example.com:6379",
    "db.example.com:5432",
    "harmony.example.com:443",
    "loopback:11434",
    "loopback:3000",
    "loopback:4010",
    "loopback:5499",
    "mail.example.com:465",
    "speech.example.com:443",
  ]);
});

test("a database behind a Unix socket has no port to keep", () => {
  const { ownServices } = policyFor({ ...settings, DATABASE_URL: "postgres:///harmony" });
  expect([...ownServices].sort()).toEqual(["loopback:3000", "loopback:4010"]);
});

test("only loopback's own names lead to loopback, and they lead nowhere else", () => {
  const local = policyFor(settings);
  const hosted = { ...local, allowsLoopback: false };
  expect(mayConnect(local, "localhost", "127.0.0.1")).toBe(true);
  expect(mayConnect(local, "localhost", "::1")).toBe(true);
  expect(mayConnect(hosted, "localhost", "127.0.0.1")).toBe(false);
  expect(mayConnect(local, "hooks.example.com", "127.0.0.1")).toBe(false);
  expect(mayConnect(local, "localhost", "1.1.1.1")).toBe(false);
  expect(mayConnect(local, "localhost", "10.0.0.1")).toBe(false);
  expect(mayConnect(hosted, "hooks.example.com", "1.1.1.1")).toBe(true);
});
