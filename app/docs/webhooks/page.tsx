import type { Metadata } from "next";
import {
  Answers,
  Duplicates,
  Failing,
  Firewalls,
  OwnMachine,
  Retries,
} from "@/app/docs/webhooks/delivering";
import { Events } from "@/app/docs/webhooks/event-reference";
import { Replay, Request, Rotation, SetUp, Verify } from "@/app/docs/webhooks/receiving";
import { Troubleshooting } from "@/app/docs/webhooks/troubleshooting";
import { DocsLayout } from "@/components/docs/docs-layout";
import type { DocsNavGroup } from "@/components/docs/docs-nav";
import { Prose, Section } from "@/components/docs/section";
import { env } from "@/lib/core/env";
import { eventTypes } from "@/lib/events/schema";

export const metadata: Metadata = {
  title: "Webhooks",
  description:
    "Receive Harmony's events on your own server: set-up, events, signatures, retries and troubleshooting.",
};

const contents: readonly DocsNavGroup[] = [
  {
    title: "Receive",
    items: [
      { id: "set-up", label: "Set up in five steps" },
      { id: "request", label: "The request" },
      { id: "verify", label: "Verify" },
      { id: "receivers", label: "Complete receivers" },
      { id: "frameworks", label: "In a framework" },
      { id: "standard-webhooks", label: "Standard Webhooks" },
      { id: "by-hand", label: "By hand" },
      { id: "replay", label: "Replays" },
      { id: "rotation", label: "Change the secret" },
      { id: "own-machine", label: "On your own machine" },
    ],
  },
  {
    title: "Delivery",
    items: [
      { id: "answers", label: "What counts as delivered" },
      { id: "retries", label: "Retries" },
      { id: "failing", label: "Failing receivers" },
      { id: "duplicates", label: "Duplicates and order" },
      { id: "firewalls", label: "Firewalls and addresses" },
    ],
  },
  {
    title: "Events",
    items: [
      { id: "events", label: "Their form" },
      ...eventTypes.map((type) => ({ id: `event-${type}`, label: type })),
    ],
  },
  {
    title: "Help",
    items: [
      { id: "troubleshooting", label: "Troubleshooting" },
      { id: "support", label: "Support" },
    ],
  },
];

/** How to receive webhooks. Like the reference it needs no sign-in, no database and no JavaScript. */
export default function WebhookDocsPage() {
  const { SUPPORT_EMAIL } = env();
  return (
    <DocsLayout
      title="Webhooks"
      lead="Harmony tells your own server as soon as something happens to a meeting: signed, tried again until it arrives, and in a log where you can see every attempt."
      current="/docs/webhooks"
      contents={contents}
    >
      <SetUp />
      <Request />
      <Verify />
      <Replay />
      <Rotation />
      <OwnMachine />
      <Answers />
      <Retries />
      <Failing />
      <Duplicates />
      <Firewalls />
      <Events />
      <Troubleshooting />
      <Section id="support" title="Support">
        <Prose>
          <p>
            Write to <a href={`mailto:${SUPPORT_EMAIL}`}>{SUPPORT_EMAIL}</a> with the id of the
            delivery (<code>dlv_…</code>) or of the event (<code>evt_…</code>). Never send us your
            signing secret.
          </p>
        </Prose>
      </Section>
    </DocsLayout>
  );
}
