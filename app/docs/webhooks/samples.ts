import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { LanguageSample } from "@/components/docs/language-samples";
import { singleton } from "@/lib/core/singleton";
import { apiVersion, EVENTS, type EventPayload, type EventType } from "@/lib/events/schema";
import { signatureHeaders } from "@/lib/webhooks/signatures";

// What the page about webhooks prints. The helpers and receivers are files that tests/conformance runs; they are
// read, never repeated.

const files = {
  verify: { node: "verify-webhook.mjs", python: "verify_webhook.py", ruby: "verify_webhook.rb" },
  receiver: { node: "receiver.mjs", python: "receiver.py", ruby: "receiver.rb" },
} as const;
const languages = ["node", "python", "ruby"] as const;

function readFiles(kind: keyof typeof files): readonly LanguageSample[] {
  return languages.map((language) => {
    const file = files[kind][language];
    const path = join(process.cwd(), "docs", "examples", "webhooks", file);
    return { language, file, code: readFileSync(path, "utf8").trimEnd() };
  });
}

/** The receiver kit of `docs/examples/webhooks`, read once per process. */
export function receiverKit() {
  return singleton("docs.receiver-kit", () => ({
    verify: readFiles("verify"),
    receiver: readFiles("receiver"),
  }));
}

/** The route of a receiver inside a framework, with the helper beside it. */
export const frameworkSamples: readonly LanguageSample[] = [
  {
    language: "node",
    file: "Express",
    code: `import express from "express";
import { verifyWebhook, WebhookVerificationError } from "./verify-webhook.mjs";

const app = express();
const secret = process.env.HARMONY_WEBHOOK_SECRET;

// express.raw keeps the bytes; put this route before any express.json().
app.post("/webhooks/harmony", express.raw({ type: "application/json" }), (request, response) => {
  try {
    const event = verifyWebhook(request.body, request.headers, secret);
    console.log(event.event, event.data); // your work
    response.sendStatus(204);
  } catch (error) {
    if (!(error instanceof WebhookVerificationError)) throw error;
    response.status(400).send(\`\${error.code}: \${error.message}\`);
  }
});

app.listen(8787, "127.0.0.1");`,
  },
  {
    language: "python",
    file: "Flask",
    code: `import os

from flask import Flask, request
from verify_webhook import WebhookVerificationError, verify_webhook

app = Flask(__name__)
SECRET = os.environ["HARMONY_WEBHOOK_SECRET"]


@app.post("/webhooks/harmony")
def handle_webhook():
    try:
        event = verify_webhook(request.get_data(), request.headers, SECRET)
    except WebhookVerificationError as error:
        return f"{error.code}: {error}", 400
    print(event["event"], event["data"])  # your work
    return "", 204`,
  },
  {
    language: "ruby",
    file: "Sinatra",
    code: `require "sinatra"
require_relative "verify_webhook"

post "/webhooks/harmony" do
  event = HarmonyWebhooks.verify_webhook(
    request.body.read, request.env, ENV.fetch("HARMONY_WEBHOOK_SECRET")
  )
  puts event["event"], event["data"] # your work
  204
rescue HarmonyWebhooks::WebhookVerificationError => e
  halt 400, "#{e.code}: #{e.message}"
end`,
  },
];

/** The same with a library of the Standard Webhooks project; its package has that name in every language. */
export const librarySamples: readonly LanguageSample[] = [
  {
    language: "node",
    code: `import { Webhook } from "standardwebhooks";

const event = new Webhook(process.env.HARMONY_WEBHOOK_SECRET).verify(rawBody, headers);`,
  },
  {
    language: "python",
    code: `import os
from standardwebhooks.webhooks import Webhook

event = Webhook(os.environ["HARMONY_WEBHOOK_SECRET"]).verify(raw_body, headers)`,
  },
  {
    language: "ruby",
    code: `require "standardwebhooks"

event = StandardWebhooks::Webhook.new(ENV.fetch("HARMONY_WEBHOOK_SECRET")).verify(raw_body, headers)`,
  },
];

const sampleTime = "2026-02-01T15:30:00Z";

/** The whole body of an event with the values of its catalogue entry. */
export function samplePayload(type: EventType): EventPayload {
  return {
    event: type,
    timestamp: sampleTime,
    data: EVENTS[type].sample,
    id: "evt_abc123",
    workspace_id: "wsp_abc123",
    api_version: apiVersion,
  };
}

/** Signs the request of the page, so that a reader can compute its signatures. */
export const sampleSecret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/** A delivery as it goes over the wire, with signatures that hold for `sampleSecret`. */
export function sampleRequest(): string {
  const type = "meeting.processed";
  const body = JSON.stringify(samplePayload(type));
  const id = "dlv_abc123";
  const headers = {
    "Content-Type": "application/json; charset=utf-8",
    "User-Agent": "Harmony-Webhooks/1.0",
    "X-Harmony-Event": type,
    "X-Harmony-Delivery": id,
    ...signatureHeaders(
      { id, timestampSeconds: Date.parse(sampleTime) / 1000, body },
      { current: sampleSecret, next: null },
    ),
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return ["POST /webhooks/harmony HTTP/1.1", "Host: hooks.example.com", ...lines, "", body].join(
    "\n",
  );
}
