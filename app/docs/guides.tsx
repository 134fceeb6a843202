import { bestPracticeSamples, type Sample } from "@/app/docs/samples";
import { LanguageSamples } from "@/components/docs/language-samples";
import { Code, RichText } from "@/components/docs/rich-text";
import { Prose, Section } from "@/components/docs/section";
import { CodeBlock } from "@/components/ui/code-block";
import {
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import { SCOPES } from "@/lib/auth/scopes";
import { type ErrorCode, STATUS_BY_CODE } from "@/lib/core/errors";
import type { OperationGroup } from "@/lib/docs/reference";
import { ERROR_DOCS } from "@/lib/http/error-docs";
import { perPageDefault, perPageMax } from "@/lib/http/page";
import { PLANS, planNames } from "@/lib/plans/plans";

// The chapters around the endpoints. Numbers, codes and scopes come from the tables that the product itself uses.

interface ChapterProps {
  /** "https://harmony.example/v1" */
  readonly base: string;
}

export function GettingStarted({ base }: ChapterProps) {
  return (
    <Section id="getting-started" title="Getting started">
      <Prose>
        <p>
          Every path below stands behind <Code>{base}</Code>. The longer form, with{" "}
          <Code>/api/v1</Code> in place of <Code>/v1</Code>, gives the same answers. Requests and
          answers are JSON in UTF-8; only uploads are forms. Times are ISO 8601 in UTC.
        </p>
        <ol>
          <li>
            Go to <a href="/settings/integrations/api">Settings → Integrations → API</a>.
          </li>
          <li>
            Press <strong>Generate API Key</strong>, give it a name and choose what it may do.
          </li>
          <li>
            Copy the key. It is shown once; afterwards only its first and last four characters are.
          </li>
          <li>Call the API.</li>
        </ol>
      </Prose>
      <div className="mt-4 max-w-3xl space-y-3">
        <CodeBlock
          samples={[
            {
              label: "First call",
              code: `curl -X GET "${base}/meetings" \\
  -H "Authorization: Bearer YOUR_API_KEY" \\
  -H "Content-Type: application/json"`,
            },
          ]}
        />
      </div>
      <Prose>
        <p>
          To bring a meeting in, <a href="#uploadMeeting">upload</a> a recording or a transcript
          that Zoom, Teams or Meet exported, follow its <a href="#getMeetingStatus">status</a> until
          it is <Code>processed</Code>, and read its <a href="#getTranscript">transcript</a>,{" "}
          <a href="#getSummary">summary</a> and <a href="#getMeetingInsights">insights</a>.
        </p>
        <p>
          <strong>Look after your keys.</strong> Keep them in environment variables or a secrets
          manager, never in a repository or in code that runs in a browser. Rotate them from time to
          time, and revoke a key the moment that somebody else may have seen it: revoking holds on
          the next request.
        </p>
        <p>
          <strong>What will not change under you.</strong> Version 1 only grows: new fields,
          endpoints and error codes may appear, what is there keeps its name and meaning. Ignore
          fields that you do not know.
        </p>
      </Prose>
    </Section>
  );
}

export function Authentication() {
  return (
    <Section id="authentication" title="Authentication">
      <Prose>
        <p>
          Send your API key with every request, in the header <Code>Authorization</Code>:
        </p>
      </Prose>
      <div className="mt-3 max-w-3xl">
        <CodeBlock samples={[{ label: "Header", code: "Authorization: Bearer YOUR_API_KEY" }]} />
      </div>
      <Prose>
        <p>
          A key begins with <Code>hk_live_</Code> and belongs to one workspace. It is taken from
          this header only, never from the address. A missing, mistyped, expired or revoked key
          gives <a href="#error-unauthorized">401</a>; <Code>details.reason</Code> says{" "}
          <Code>expired</Code> where that is why. What a key may do is its scopes, within its role
          if it was given one:
        </p>
      </Prose>
      <div className="mt-3 max-w-3xl">
        <Table label="Scopes">
          <TableHeader>
            <TableRow>
              <TableHead>Scope</TableHead>
              <TableHead>Lets the key</TableHead>
            </TableRow>
          </TableHeader>
          <TableBody>
            {Object.entries(SCOPES).map(([scope, { title }]) => (
              <TableRow key={scope}>
                <TableCell>
                  <Code>{scope}</Code>
                </TableCell>
                <TableCell>{title}</TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      </div>
      <Prose>
        <p>
          Objects of another workspace, and those that the key's role may not see, are{" "}
          <a href="#error-not_found">not found</a>, as if they did not exist.
        </p>
      </Prose>
      <Prose>
        <p>
          Apps that act for a person send <Code>Authorization: Bearer USER_ACCESS_TOKEN</Code> in
          the same header. Their tokens begin with <Code>hat_</Code> and come from{" "}
          <a href="/docs/oauth">OAuth 2.0</a>, in which the person chooses what an app gets.
        </p>
      </Prose>
    </Section>
  );
}

export function Pagination({ base }: ChapterProps) {
  return (
    <Section id="pagination" title="Pagination">
      <Prose>
        <p>
          Lists answer one page at a time, with <Code>pagination</Code> beside the rows. Ask for a
          page by its number, or follow the cursor.
        </p>
      </Prose>
      <div className="mt-3 max-w-3xl">
        <Table label="Parameters of every list">
          <TableHeader>
            <TableRow>
              <TableHead>Parameter</TableHead>
              <TableHead>Default</TableHead>
              <TableHead>Most</TableHead>
            </TableRow>
          </TableHeader>
          <TableBody>
            <TableRow>
              <TableCell>
                <Code>page</Code>
              </TableCell>
              <TableCell label="Default">1</TableCell>
              <TableCell label="Most">none</TableCell>
            </TableRow>
            <TableRow>
              <TableCell>
                <Code>per_page</Code>
              </TableCell>
              <TableCell label="Default">{perPageDefault}</TableCell>
              <TableCell label="Most">
                {perPageMax}; more is taken as {perPageMax}
              </TableCell>
            </TableRow>
            <TableRow>
              <TableCell>
                <Code>cursor</Code>
              </TableCell>
              <TableCell label="Default">the first page</TableCell>
              <TableCell label="Most">not together with page</TableCell>
            </TableRow>
          </TableBody>
        </Table>
      </div>
      <div className="mt-4 max-w-3xl">
        <CodeBlock
          samples={[
            {
              label: "Second page of 50",
              code: `curl -X GET "${base}/meetings?page=2&per_page=50" \\
  -H "Authorization: Bearer YOUR_API_KEY"`,
            },
          ]}
        />
      </div>
      <Prose>
        <ul>
          <li>
            <Code>total</Code> is exact, <Code>has_more</Code> says whether another page follows. A
            page past the end is empty, not an error.
          </li>
          <li>
            <Code>next_cursor</Code> is the fast way through a long list, and neither skips nor
            repeats a row when others are added meanwhile. Keep the same filters while you follow
            it.
          </li>
          <li>
            Meetings and answers come newest first, contacts by name, insights in the order in which
            they were made, newest first.
          </li>
        </ul>
      </Prose>
    </Section>
  );
}

const pagingParameters = new Set(["page", "per_page", "cursor"]);

/** Each filter with the lists that take it, read from the endpoints themselves. */
function filtersOf(groups: readonly OperationGroup[]) {
  const operations = groups.flatMap((group) => group.operations);
  const names = operations.flatMap(({ parameters }) =>
    parameters
      .filter((parameter) => parameter.in === "query" && !pagingParameters.has(parameter.name))
      .map(({ name }) => name),
  );
  return [...new Set(names)].map((name) => {
    const takes = ({ parameters }: OperationGroup["operations"][number]) =>
      parameters.find((parameter) => parameter.in === "query" && parameter.name === name);
    const lists = operations.filter(takes);
    return { name, lists, meaning: lists[0] ? (takes(lists[0])?.description ?? "") : "" };
  });
}

export function Filtering({
  base,
  groups,
}: ChapterProps & { readonly groups: readonly OperationGroup[] }) {
  return (
    <Section id="filtering" title="Filtering">
      <Prose>
        <p>Narrow a list with query parameters; several together must all hold.</p>
      </Prose>
      <div className="mt-4 max-w-3xl">
        <CodeBlock
          samples={[
            {
              label: "Processed meetings of January",
              code: `curl -X GET "${base}/meetings?date_from=2026-01-01&date_to=2026-01-31&status=processed" \\
  -H "Authorization: Bearer YOUR_API_KEY"`,
            },
          ]}
        />
      </div>
      <div className="mt-4 max-w-3xl">
        <Table label="Filters">
          <TableHeader>
            <TableRow>
              <TableHead>Filter</TableHead>
              <TableHead>Meaning</TableHead>
              <TableHead>Taken by</TableHead>
            </TableRow>
          </TableHeader>
          <TableBody>
            {filtersOf(groups).map(({ name, lists, meaning }) => (
              <TableRow key={name}>
                <TableCell>
                  <Code>{name}</Code>
                </TableCell>
                <TableCell className="text-ink-muted text-sm">{meaning}</TableCell>
                <TableCell>
                  <span className="flex flex-wrap gap-x-3 gap-y-1">
                    {lists.map(({ id, title }) => (
                      <a
                        key={id}
                        href={`#${id}`}
                        className="text-brand-ink underline decoration-brand-line underline-offset-4"
                      >
                        {title}
                      </a>
                    ))}
                  </span>
                </TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      </div>
      <Prose>
        <p>
          Dates are a day (<Code>2026-01-31</Code>) or an ISO 8601 time; both ends count, and a bare{" "}
          <Code>date_to</Code> covers its whole day in UTC. A parameter that an endpoint does not
          know, or that is given twice, is a <a href="#error-invalid_request">400</a> that names it,
          because a filter that is silently ignored would give you the wrong data. An id that does
          not exist gives an empty list.
        </p>
      </Prose>
    </Section>
  );
}

export function Idempotency({ base }: ChapterProps) {
  return (
    <Section id="idempotency" title="Idempotency">
      <Prose>
        <p>
          A connection can break after the server has done its work and before you hear of it. Send
          an <Code>Idempotency-Key</Code> of 1 to 255 characters with every upload, and you may
          repeat it: within 24 hours the same key returns the first answer and makes no second
          meeting.
        </p>
      </Prose>
      <div className="mt-4 max-w-3xl">
        <CodeBlock
          samples={[
            {
              label: "Upload that may be repeated",
              code: `curl -X POST "${base}/meetings/upload" \\
  -H "Authorization: Bearer YOUR_API_KEY" \\
  -H "Idempotency-Key: 8f14e45f-customer-call" \\
  -F "file=@meeting.vtt" \\
  -F "title=Customer Call"`,
            },
          ]}
        />
      </div>
      <Prose>
        <p>
          The key counts for one credential and one path. The same key with other fields or another
          file is a <a href="#error-conflict">409</a>; two requests at the same moment make one
          meeting and get the same answer.
        </p>
      </Prose>
    </Section>
  );
}

const exampleError = (example: string) => [{ label: "404 Not Found", code: example }] as const;

export function Errors({ example }: { readonly example: string }) {
  const codes = Object.entries(ERROR_DOCS);
  return (
    <Section id="errors" title="Errors">
      <Prose>
        <p>
          An answer that is no success has one shape. <Code>code</Code> is for your program and
          never changes; <Code>message</Code> says what happened, <Code>fix</Code> what to do about
          it, and <Code>details</Code> holds the facts. <Code>doc_url</Code> leads to the entry
          below. Every answer carries <Code>X-Request-Id</Code>: give it to support and we find the
          request.
        </p>
      </Prose>
      <div className="mt-4 max-w-3xl">
        <CodeBlock samples={exampleError(example)} />
      </div>
      <ul className="mt-6 max-w-4xl divide-y border-y">
        {codes.map(([code, { meaning, remedy }]) => (
          <li
            key={code}
            id={`error-${code}`}
            className="grid scroll-mt-20 gap-x-6 gap-y-1 px-2 py-3.5 target:bg-brand-tint md:grid-cols-[15rem_minmax(0,1fr)]"
          >
            <h3 className="flex flex-wrap items-baseline gap-x-2">
              <a
                href={`#error-${code}`}
                className="rounded-sm font-medium font-mono text-sm hover:underline"
              >
                {code}
              </a>
              <span className="text-ink-faint text-sm tabular-nums">
                {STATUS_BY_CODE[code as ErrorCode]}
              </span>
            </h3>
            <div className="text-base leading-6">
              <p>{meaning}</p>
              <p className="text-ink-muted">
                <RichText>{remedy}</RichText>
              </p>
            </div>
          </li>
        ))}
      </ul>
    </Section>
  );
}

export function RateLimits() {
  return (
    <Section id="rate-limits" title="Rate limits">
      <Prose>
        <p>
          A plan includes a number of requests a minute, counted for the workspace over all of its
          keys. A key may have a lower limit of its own.
        </p>
      </Prose>
      <div className="mt-3 max-w-3xl">
        <Table label="Limits by plan">
          <TableHeader>
            <TableRow>
              <TableHead>Plan</TableHead>
              <TableHead>API access</TableHead>
              <TableHead numeric>Requests a minute</TableHead>
              <TableHead numeric>API keys</TableHead>
              <TableHead>Upload by API</TableHead>
            </TableRow>
          </TableHeader>
          <TableBody>
            {planNames.map((name) => {
              const plan = PLANS[name];
              return (
                <TableRow key={name}>
                  <TableCell className="font-medium">{plan.label}</TableCell>
                  <TableCell label="API access">{plan.apiAccess}</TableCell>
                  <TableCell label="Requests a minute" numeric>
                    {plan.requestsPerMinute.toLocaleString("en")}
                    {name === "enterprise" ? ", or as agreed" : ""}
                  </TableCell>
                  <TableCell label="API keys" numeric>
                    {plan.apiKeysMax}
                  </TableCell>
                  <TableCell label="Upload by API">{plan.apiUpload ? "Yes" : "No"}</TableCell>
                </TableRow>
              );
            })}
          </TableBody>
        </Table>
      </div>
      <Prose>
        <p>Every answer to a valid credential says where you stand:</p>
      </Prose>
      <div className="mt-3 max-w-3xl">
        <CodeBlock
          samples={[
            {
              label: "Headers",
              code: "X-RateLimit-Limit: 60\nX-RateLimit-Remaining: 45\nX-RateLimit-Reset: 1706803200",
            },
          ]}
        />
      </div>
      <Prose>
        <p>
          The window begins with its first request and lasts 60 seconds;{" "}
          <Code>X-RateLimit-Reset</Code> is its end in Unix seconds. Beyond the limit the answer is{" "}
          <a href="#error-rate_limited">429</a> with <Code>Retry-After</Code>. Refused requests do
          not make the wait longer. An upload counts as one request. Attempts with a wrong
          credential have a limit of their own for each address, and never hold up valid ones.
        </p>
      </Prose>
    </Section>
  );
}

export function Webhooks() {
  return (
    <Section id="webhooks" title="Webhooks">
      <Prose>
        <p>
          Do not ask again and again whether a meeting is ready: Harmony sends a signed request to
          your own server as soon as it is. <a href="/docs/webhooks">How to receive webhooks</a> has
          the events, receivers in three languages and what to do when one does not arrive.
        </p>
      </Prose>
    </Section>
  );
}

function SampleOf({ sample }: { readonly sample: Sample }) {
  return <LanguageSamples id={sample.id} title={sample.title} samples={sample.programs} />;
}

export function BestPractices({ base }: ChapterProps) {
  const samples = bestPracticeSamples(base);
  return (
    <Section id="best-practices" title="Best practices">
      <Prose>
        <p>
          The programs below use nothing but HTTP and run as they are, with your key in the
          environment variable <Code>HARMONY_API_KEY</Code>.
        </p>
      </Prose>
      <Section id="practice-paginate" title="Read long lists page by page" level={3}>
        <Prose>
          <p>
            Ask for 100 rows at a time and follow the cursor until <Code>has_more</Code> is false.
            For a data warehouse, remember the newest date that you have seen and pass it as{" "}
            <Code>date_from</Code> next time.
          </p>
        </Prose>
        <SampleOf sample={samples.paginate} />
      </Section>
      <Section id="practice-retry" title="Retry what can succeed later" level={3}>
        <Prose>
          <p>
            Repeat after 429, 500 and 503, and after a broken connection: wait for{" "}
            <Code>Retry-After</Code>, or twice as long each time with a little chance added. Other
            errors stay as they are until the request changes. Reads may always be repeated, uploads
            with an <a href="#idempotency">Idempotency-Key</a>.
          </p>
        </Prose>
        <SampleOf sample={samples.retry} />
      </Section>
      <Section id="practice-cache" title="Cache, and ask whether it still holds" level={3}>
        <Prose>
          <p>
            Every read answers with an <Code>ETag</Code>. Send it back as <Code>If-None-Match</Code>
            : 304 without a body means that what you have is current. It counts as a request, and
            saves the transfer of a long transcript. A processed meeting changes rarely.
          </p>
        </Prose>
        <SampleOf sample={samples.cache} />
      </Section>
    </Section>
  );
}

export function Sdks({ openApiUrl }: { readonly openApiUrl: string }) {
  return (
    <Section id="sdks" title="SDKs and libraries">
      <Prose>
        <p>
          Official libraries for Node.js, Python and Ruby are being built and have not been
          released. Until they are, call the API over HTTP as shown here, or make a client from the
          OpenAPI 3.1 document: it is made from the very schemas that check the answers.
        </p>
        <p>
          <a href="/api/v1/openapi.json">{openApiUrl}</a>
        </p>
      </Prose>
    </Section>
  );
}

interface SupportProps {
  readonly supportEmail: string;
}

export function CommunityLibraries({ supportEmail }: SupportProps) {
  return (
    <Section id="community-libraries" title="Community libraries">
      <Prose>
        <p>
          Libraries that others wrote will be listed here; there are none so far. If you have
          published one, tell us at <a href={`mailto:${supportEmail}`}>{supportEmail}</a>. We list
          what handles pagination, errors and rate limits as described above; such a library remains
          its author's, and we do not check its releases.
        </p>
      </Prose>
    </Section>
  );
}

export function Support({ supportEmail }: SupportProps) {
  return (
    <Section id="support" title="Support and status">
      <Prose>
        <ul>
          <li>
            Does the API answer at this moment? See the <a href="/status">status page</a>.
          </li>
          <li>
            Write to <a href={`mailto:${supportEmail}`}>{supportEmail}</a>. Give the request id, the
            time and what you expected. Never send us your key.
          </li>
        </ul>
      </Prose>
    </Section>
  );
}
