import { FactTable } from "@/components/docs/fact-table";
import { Prose, Section } from "@/components/docs/section";
import { answerWords } from "@/components/webhooks/words";
import type { OutboundErrorCode } from "@/lib/outbound/outbound-error";

interface Fault {
  readonly cause: string;
  readonly remedy: string;
}

/** A code that the outbound client learns and that is not told here does not compile. */
const withoutAnswer: Readonly<Record<OutboundErrorCode, Fault>> = {
  timeout: {
    cause: "There was no connection, or no complete answer, within 10 seconds.",
    remedy: "Answer first and do the work afterwards. Look for a firewall that drops packets.",
  },
  connection_refused: {
    cause: "Nothing listens at that host and port.",
    remedy: "Start the receiver; check the port, and that it listens on more than loopback.",
  },
  connection_reset: {
    cause: "The connection was closed before the answer was complete.",
    remedy: "Look into the log of the receiver or its proxy for a crash or a limit.",
  },
  dns_error: {
    cause: "The host's name leads to no address.",
    remedy: "Check its spelling and its DNS records.",
  },
  tls_error: {
    cause: "The certificate has expired, is self-signed, or is for another name.",
    remedy: "Install a publicly trusted certificate with its intermediate certificates.",
  },
  blocked_address: {
    cause: "The host leads into a private, local or reserved network.",
    remedy: "Use an address on the public internet.",
  },
  invalid_url: {
    cause:
      "The address cannot be used: no `https://`, a user name in it, or a port that is not allowed.",
    remedy: "Edit the webhook and correct it.",
  },
  protocol_error: {
    cause: "What came back is not HTTP, or has more than 16 KB of headers.",
    remedy: "Check that a web server listens on this port, and not on another protocol.",
  },
  network_error: {
    cause: "The host could not be reached over the network.",
    remedy: "Check that it is up and that its address is right.",
  },
  aborted: {
    cause: "Harmony was stopped in the middle of the attempt.",
    remedy: "Nothing: it is tried again.",
  },
};

const answers: readonly (readonly [answer: string, fault: Fault])[] = [
  [
    "300 to 399",
    {
      cause: "The address redirects, often from http to https or to one with a slash at its end.",
      remedy: "Enter the address that it leads to.",
    },
  ],
  [
    "400",
    {
      cause: "The receivers of this page answer so when the signature does not hold.",
      remedy: "Read the answer's text in the log, then the table below.",
    },
  ],
  [
    "401, 403",
    {
      cause: "A login, a CSRF check or a firewall stands in front of the receiver.",
      remedy: "Exempt the path from it; the signature proves the sender.",
    },
  ],
  ["404", { cause: "There is nothing at this path.", remedy: "Check the path of the address." }],
  ["405", { cause: "The route does not take POST.", remedy: "Add POST, or check the path." }],
  [
    "410",
    {
      cause: "The receiver asks to stop for good.",
      remedy: "Answer 404 or 503 for what is only away for a while, then re-enable the webhook.",
    },
  ],
  [
    "413",
    {
      cause: "The receiver's limit for bodies is too small.",
      remedy: "Allow at least 100 KB.",
    },
  ],
  [
    "500 to 599",
    {
      cause: "The receiver failed.",
      remedy: "Look into its own log; what it answered is in ours.",
    },
  ],
];

/** The codes of the verify helpers, the same in every language. */
const refusals: Readonly<Record<string, Fault>> = {
  body_not_raw: {
    cause: "The body was parsed and written anew before it was verified.",
    remedy: "Hand over the raw bytes, as the table of frameworks says.",
  },
  signature_mismatch: {
    cause: "The secret is another webhook's or an old one, or the request was changed on the way.",
    remedy:
      "Compare the last four characters of the secret with those on the webhook's page. Look for a proxy that rewrites bodies.",
  },
  missing_header: {
    cause: "A header of the signature did not arrive, or the request is not from Harmony.",
    remedy: "Let your proxy pass on all headers. The unsigned Test of an address has none.",
  },
  timestamp_too_old: {
    cause: "The request was held up or repeated, or your clock is ahead.",
    remedy: "Set your clock by the network. The next attempt is signed anew.",
  },
  timestamp_in_future: {
    cause: "Your clock is behind.",
    remedy: "Set it by the network (NTP).",
  },
  invalid_secret: {
    cause: "The secret is empty, cut off, or has no `whsec_`.",
    remedy: "Set it whole, as it was shown. If it is lost, regenerate it.",
  },
  not_json: {
    cause: "The signature holds, but the body is no JSON object.",
    remedy: "Tell support: Harmony does not send such a body.",
  },
};

const columns = (first: string) => [{ title: first }, { title: "Why" }, { title: "What to do" }];

const row = (key: string, name: string, { cause, remedy }: Fault) => ({
  key,
  cells: [name, cause, remedy],
});

export function Troubleshooting() {
  return (
    <Section id="troubleshooting" title="Troubleshooting">
      <Prose>
        <p>
          Open the webhook and look at its log: it has every attempt with the request, the answer
          and the times. <strong>Why was this not delivered?</strong> answers for one event or
          meeting, also when no delivery was made at all: the webhook was paused, does not receive
          that event, or a filter kept it out.
        </p>
      </Prose>
      <Section id="no-answer" title="There was no answer" level={3}>
        <FactTable
          label="Reasons for no answer"
          columns={columns("In the log")}
          rows={Object.entries(withoutAnswer).map(([code, fault]) => {
            const words = answerWords(null, code) ?? code;
            return row(code, words, fault);
          })}
        />
      </Section>
      <Section id="refused" title="The answer was not 2xx" level={3}>
        <FactTable
          label="Answers that are no success"
          columns={columns("Answer")}
          rows={answers.map(([answer, fault]) => row(answer, answer, fault))}
        />
      </Section>
      <Section id="helper-errors" title="The verify helper refuses" level={3}>
        <FactTable
          label="Codes of the verify helpers"
          columns={columns("Code")}
          rows={Object.entries(refusals).map(([code, fault]) => ({
            ...row(code, `\`${code}\``, fault),
            id: `helper-${code}`,
          }))}
        />
      </Section>
    </Section>
  );
}
