import { FactTable } from "@/components/docs/fact-table";
import { Code } from "@/components/docs/rich-text";
import { Prose, Section } from "@/components/docs/section";
import { CodeBlock } from "@/components/ui/code-block";
import { formatDuration } from "@/components/ui/format";
import { Notice } from "@/components/ui/notice";
import { outboundPolicy } from "@/lib/outbound/outbound-policy";
import { attemptDelaysSeconds } from "@/lib/webhooks/schedule";
import { logRetentionDays } from "@/lib/webhooks/schema";

// What Harmony does: which answers count, when it tries again, when it stops.

const answerRows: readonly (readonly [answer: string, means: string])[] = [
  ["200 to 299", "Delivered."],
  ["300 to 399", "Failed, tried again. Redirects are not followed: enter the final address."],
  ["410 Gone", "You ask to stop: no further attempt, the webhook is disabled, admins are told."],
  [
    "429 Too Many Requests",
    "Tried again; `Retry-After` is honoured. It never counts towards disabling the webhook.",
  ],
  ["503 Service Unavailable", "Failed, tried again; `Retry-After` is honoured."],
  ["Any other status", "Failed, tried again."],
  [
    "No answer",
    "Failed, tried again: the host is not found, refuses the connection, has no valid certificate, or is not done within 10 seconds.",
  ],
];

export function Answers() {
  return (
    <Section id="answers" title="What counts as delivered">
      <Prose>
        <p>
          Any answer from 200 to 299, complete within 10 seconds from the start of the connection.
          Store the event, answer, and do what takes long afterwards.
        </p>
      </Prose>
      <FactTable
        label="What an answer means"
        columns={[{ title: "Your answer" }, { title: "What Harmony does" }]}
        rows={answerRows.map(([answer, means]) => ({ key: answer, cells: [answer, means] }))}
      />
      <Prose>
        <p>
          The log keeps the first 2 KB of your answer. Say there why you refuse something, and
          nothing that is secret.
        </p>
      </Prose>
    </Section>
  );
}

/** Each attempt with the wait before it and the time since the first, both without jitter. */
function schedule() {
  let since = 0;
  return attemptDelaysSeconds.map((delay, index) => {
    since += delay;
    return { attempt: index + 1, delay, since };
  });
}

export function Retries() {
  const attempts = schedule();
  const days = Math.round((attempts.at(-1)?.since ?? 0) / 86_400);
  return (
    <Section id="retries" title="Retries">
      <Prose>
        <p>
          What is not delivered is tried again: {attempts.length} attempts in about {days} days.
        </p>
      </Prose>
      <FactTable
        label="Attempts"
        columns={[
          { title: "Attempt", isShort: true },
          { title: "After the one before", isShort: true },
          { title: "Since the first", isShort: true },
        ]}
        rows={attempts.map(({ attempt, delay, since }) => ({
          key: String(attempt),
          cells: [
            String(attempt),
            delay === 0 ? "at once" : formatDuration(delay),
            since === 0 ? "–" : formatDuration(since),
          ],
        }))}
      />
      <Prose>
        <p>
          Up to a tenth is added to each wait by chance, so that many deliveries do not return in
          the same moment. With 429 or 503 send <Code>Retry-After</Code>, in seconds or as a date:
          the next attempt waits for it, at most 24 hours, and never comes earlier than the table
          says.
        </p>
        <p>
          After the last attempt the delivery is failed. It stays in the log for {logRetentionDays}{" "}
          days: open it and press <strong>Redeliver</strong>, or send all that are missing since a
          time.
        </p>
      </Prose>
    </Section>
  );
}

export function Failing() {
  return (
    <Section id="failing" title="When a receiver keeps failing">
      <Prose>
        <ul>
          <li>
            After an hour of failures without a success, admins are told in the app and by e-mail,
            and again after four days. The webhook's page says since when it is failing, and why.
          </li>
          <li>
            When it has failed for more than five days and fails once more, it is{" "}
            <strong>Disabled</strong>: nothing is sent any more, and admins are told.
          </li>
          <li>
            Repair the receiver and choose <strong>Re-enable</strong>. The page counts what was
            missed in the last {logRetentionDays} days and offers to send it.
          </li>
          <li>
            <strong>Pause</strong> does the same on purpose, for example during maintenance;{" "}
            <strong>Resume</strong> also offers what was missed.
          </li>
        </ul>
        <p>One success starts the count anew. Answers of 429 and tests do not count.</p>
      </Prose>
    </Section>
  );
}

export function Duplicates() {
  return (
    <Section id="duplicates" title="Duplicates and order">
      <Prose>
        <p>
          An event is delivered at least once. It can come twice: when your answer gets lost on its
          way, Harmony has to send again. Both times it has the same <Code>webhook-id</Code>. Keep
          the ids that you have handled, for example in a table with a unique column, and answer 2xx
          without doing the work again.
        </p>
        <p>
          <strong>Redeliver</strong> and <strong>Send missed events</strong> make a new delivery
          with an id of its own, because you ask for it to be handled again; the <Code>id</Code> in
          the body is still the event's. Keep to that one if an event must never be handled twice.
        </p>
        <p>
          The order is not guaranteed: a retry comes later than what happened after it. Use the
          body's <Code>timestamp</Code>, or read the current state from the{" "}
          <a href="/docs#getMeeting">API</a>.
        </p>
      </Prose>
    </Section>
  );
}

export function OwnMachine() {
  const { allowsLoopback } = outboundPolicy();
  return (
    <Section id="own-machine" title="Test on your own machine">
      <Notice
        className="mt-4 max-w-3xl"
        title={
          allowsLoopback
            ? "This Harmony runs on your machine and can reach a receiver there"
            : "This Harmony cannot reach a receiver on your machine"
        }
      >
        {allowsLoopback
          ? "Start a receiver as below and enter http://127.0.0.1:8787/webhooks/harmony as its address. Other private addresses are refused."
          : "It sends to public https:// addresses only. Let a tunnel give your receiver one, or check the receiver with the signed request above."}
      </Notice>
      <div className="mt-4 max-w-3xl">
        <CodeBlock
          label="Start a receiver"
          samples={[
            {
              label: "Start a receiver",
              code: `export HARMONY_WEBHOOK_SECRET=whsec_...
PORT=8787 node receiver.mjs      # or: python3 receiver.py, ruby receiver.rb`,
            },
          ]}
        />
      </div>
      <Prose>
        <p>
          Then choose <strong>Send test</strong>, or upload a short transcript and wait for{" "}
          <Code>meeting.processed</Code>. A sample sent as a test is marked with{" "}
          <Code>X-Harmony-Test: true</Code>; leave it out of your data by that header.
        </p>
      </Prose>
    </Section>
  );
}

export function Firewalls() {
  return (
    <Section id="firewalls" title="Firewalls and addresses">
      <Prose>
        <ul>
          <li>
            Addresses begin with <Code>https://</Code> and need a certificate that is publicly
            trusted, with its intermediate certificates. Ports 443, 80 and 1024 to 65535 are
            allowed. (Where Harmony itself runs on loopback only, <Code>http://</Code> is allowed
            too.)
          </li>
          <li>
            Private, local and reserved networks are refused, when you save and again at every
            attempt, whatever the name leads to by then.
          </li>
          <li>
            Let the path of the receiver through without a login, a challenge or a check of the
            sender's address: there is no fixed list of addresses that deliveries come from. The
            signature is the check.
          </li>
          <li>
            Do not put a password or token into the address. It would stand in logs; the signature
            is better proof.
          </li>
        </ul>
      </Prose>
    </Section>
  );
}
