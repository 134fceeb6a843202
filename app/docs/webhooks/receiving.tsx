import {
  frameworkSamples,
  librarySamples,
  receiverKit,
  sampleRequest,
  sampleSecret,
} from "@/app/docs/webhooks/samples";
import { FactTable } from "@/components/docs/fact-table";
import { LanguageSamples } from "@/components/docs/language-samples";
import { Code } from "@/components/docs/rich-text";
import { Prose, Section } from "@/components/docs/section";
import { CodeBlock } from "@/components/ui/code-block";
import { PLANS, planNames } from "@/lib/plans/plans";

// What the owner of a receiver builds: set-up, the request, the check of its signature.

export function SetUp() {
  const numbers = planNames.map((name) => `${PLANS[name].label} ${PLANS[name].webhooksMax}`);
  return (
    <Section id="set-up" title="Set up in five steps">
      <Prose>
        <ol>
          <li>
            Build the receiver: an address of yours that takes a POST and answers 2xx. Start with
            one of the <a href="#receivers">programs below</a>.
          </li>
          <li>
            Go to <a href="/settings/integrations/webhooks">Settings → Integrations → Webhooks</a>{" "}
            and press <strong>Add Webhook</strong>.
          </li>
          <li>
            Enter your endpoint URL and select the events to receive. <strong>Test</strong> sends
            one unsigned request and says whether the address can be reached. Save.
          </li>
          <li>
            Copy the signing secret, which is shown once, and give it to your receiver as{" "}
            <Code>HARMONY_WEBHOOK_SECRET</Code>.
          </li>
          <li>
            Choose <strong>Send test</strong> in the webhook's menu: it sends a signed sample. The
            log shows the request and what your receiver answered.
          </li>
        </ol>
        <p>
          Admins manage webhooks; managers see them and their log. A webhook can be limited to
          teams, people, sources of meetings and a minimum length. How many a workspace may have
          depends on its plan: {numbers.join(", ")}.
        </p>
      </Prose>
    </Section>
  );
}

const headerRows: readonly (readonly [name: string, meaning: string])[] = [
  ["X-Harmony-Event", "The event's name, as in the body."],
  ["X-Harmony-Delivery", "The delivery: this event for this webhook. The same on every attempt."],
  [
    "X-Harmony-Signature",
    "HMAC-SHA256 of the raw body in lowercase hex, keyed with the whole secret as text, `whsec_` included.",
  ],
  [
    "X-Harmony-Signature-Next",
    "The same with the new secret; only while a change of the secret overlaps.",
  ],
  [
    "webhook-id",
    "The same value as `X-Harmony-Delivery`, under the name that Standard Webhooks gives it.",
  ],
  ["webhook-timestamp", "When this attempt was signed, in Unix seconds: new on every attempt."],
  [
    "webhook-signature",
    "`v1,` and base64 of the HMAC-SHA256 of `id.timestamp.body`, keyed with the bytes that follow `whsec_` in base64. While a change of the secret overlaps, two such entries with a space between them.",
  ],
  ["X-Harmony-Test", "`true` on tests; absent otherwise."],
  ["User-Agent", "`Harmony-Webhooks/1.0`"],
];

export function Request() {
  return (
    <Section id="request" title="The request">
      <Prose>
        <p>
          Each delivery is a POST with <Code>Content-Type: application/json; charset=utf-8</Code>.
          Its body is written once: every attempt sends the same bytes.
        </p>
      </Prose>
      <FactTable
        label="Headers of a delivery"
        columns={[{ title: "Header" }, { title: "Meaning" }]}
        rows={headerRows.map(([name, meaning]) => ({
          key: name,
          cells: [`\`${name}\``, meaning],
        }))}
      />
      <Prose>
        <p>
          This one is signed with the secret <Code>{sampleSecret}</Code>, so you can compare what
          your own code computes:
        </p>
      </Prose>
      <div className="mt-3 max-w-4xl">
        <CodeBlock samples={[{ label: "A delivery", code: sampleRequest() }]} />
      </div>
    </Section>
  );
}

const frameworks: readonly (readonly [name: string, how: string])[] = [
  [
    "Express",
    '`express.raw({ type: "application/json" })` on the route, before any `express.json()`; then `request.body`',
  ],
  ["Next.js, Hono", "`await request.text()`"],
  ["Fastify", '`addContentTypeParser` for `application/json` with `parseAs: "buffer"`'],
  ["Flask", "`request.get_data()`"],
  ["FastAPI, Starlette", "`await request.body()`"],
  ["Django", "`request.body`"],
  ["Rails", "`request.raw_post`"],
  ["Sinatra, Rack", "`request.body.read`"],
];

export function Verify() {
  const { verify, receiver } = receiverKit();
  return (
    <Section id="verify" title="Verify that it comes from Harmony">
      <Prose>
        <p>
          Anybody can send a request to your address. The signature proves that this one is from
          Harmony and that nobody changed it. Copy the helper for your language into your project;
          it needs nothing else. It checks the signature and the time, and says what is wrong in
          words that you can act on.
        </p>
      </Prose>
      <LanguageSamples id="verify-helper" title="Verify helper" samples={verify} isLong />

      <Section id="receivers" title="Complete receivers" level={3}>
        <Prose>
          <p>
            These run as they are, with the helper beside them: they read the raw body up to a
            limit, verify it, handle each delivery once and answer at once.
          </p>
        </Prose>
        <LanguageSamples id="receiver" title="Receiver" samples={receiver} isLong />
      </Section>

      <Section id="frameworks" title="In a framework" level={3}>
        <Prose>
          <p>
            <strong>Verify the raw body.</strong> The signature is over the bytes that were sent. A
            framework that parses JSON and writes it anew may change spaces or characters, and then
            no signature fits. This is the most common reason why verification fails.
          </p>
        </Prose>
        <LanguageSamples id="framework" title="In a framework" samples={frameworkSamples} />
        <FactTable
          label="Where frameworks keep the raw body"
          columns={[{ title: "Framework" }, { title: "Raw body" }]}
          rows={frameworks.map(([name, how]) => ({ key: name, cells: [name, how] }))}
        />
      </Section>

      <Section id="standard-webhooks" title="With a Standard Webhooks library" level={3}>
        <Prose>
          <p>
            Deliveries follow <strong>Standard Webhooks 1.0</strong>, so its libraries verify them
            too. The package is called <Code>standardwebhooks</Code> in each of these languages; in
            Ruby, give it a Hash with the three <Code>webhook-*</Code> headers in lower case.
          </p>
        </Prose>
        <LanguageSamples id="library" title="Standard Webhooks" samples={librarySamples} />
      </Section>

      <Section id="by-hand" title="By hand" level={3}>
        <Prose>
          <ol>
            <li>
              Get the signature from the <Code>X-Harmony-Signature</Code> header.
            </li>
            <li>
              Compute HMAC-SHA256 of the request body, as it came, with the whole secret as the key,
              and write it in lowercase hex.
            </li>
            <li>Compare the two with a function that takes the same time for every input.</li>
          </ol>
          <p>
            This proves who wrote the body, but not when: see{" "}
            <a href="#replay">protection against replays</a>.
          </p>
        </Prose>
      </Section>
    </Section>
  );
}

export function Replay() {
  return (
    <Section id="replay" title="Protection against replays">
      <Prose>
        <p>
          Somebody who got hold of a delivery could send it again later. Every attempt is signed
          with its own <Code>webhook-timestamp</Code>, and the helpers refuse what is more than 300
          seconds away from your clock. The time is trusted only because{" "}
          <Code>webhook-signature</Code> covers it; <Code>X-Harmony-Signature</Code> covers the body
          alone.
        </p>
        <p>
          So the helpers require these headers. Only <Code>requireTimestamp: false</Code> in
          Node.js, <Code>require_timestamp</Code> in Python and Ruby, makes them take a request that
          has <Code>X-Harmony-Signature</Code> alone, however old it is. Keep the clock of your
          computer set by the network, and remember the ids of the deliveries that you have handled.
        </p>
      </Prose>
    </Section>
  );
}

const rotationRows: readonly (readonly [
  when: string,
  seed: string,
  next: string,
  standard: string,
])[] = [
  ["Before", "old secret", "absent", "one entry, old secret"],
  ["During the overlap", "old secret", "new secret", "two entries, one for each"],
  ["After it, or after Switch now", "new secret", "absent", "one entry, new secret"],
];

export function Rotation() {
  return (
    <Section id="rotation" title="Change the secret without losing an event">
      <Prose>
        <p>
          <strong>Regenerate secret</strong> in the webhook's menu makes a new one. Let the current
          one go on for 24 hours, and both sign:
        </p>
      </Prose>
      <FactTable
        label="Which secret signs"
        columns={[
          { title: "When" },
          { title: "X-Harmony-Signature", isShort: true },
          { title: "X-Harmony-Signature-Next", isShort: true },
          { title: "webhook-signature", isShort: true },
        ]}
        rows={rotationRows.map(([when, ...cells]) => ({ key: when, cells: [when, ...cells] }))}
      />
      <Prose>
        <ol>
          <li>Regenerate with the overlap of 24 hours and copy the new secret.</li>
          <li>
            Give your receivers the new one, or both: the helpers take several, the receivers above
            with a comma between them. A receiver that still knows only the old one goes on too.
          </li>
          <li>
            When all of them have it, press <strong>Switch now</strong>, or wait for the end of the
            24 hours.
          </li>
        </ol>
        <p>
          If somebody else may have seen the secret, let it end at once instead: from the next
          attempt on only the new one signs, also for deliveries that are being tried again.
        </p>
      </Prose>
    </Section>
  );
}
