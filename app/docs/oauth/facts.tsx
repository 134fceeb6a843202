import { exampleApp } from "@/app/docs/oauth/samples";
import { FactTable } from "@/components/docs/fact-table";
import { Code } from "@/components/docs/rich-text";
import { Prose, Section } from "@/components/docs/section";
import { CodeBlock } from "@/components/ui/code-block";
import { type Practice, practices } from "@/lib/docs/rfc9700";

// What stands still: errors, the example, and what is done about each demand of RFC 9700.

export function Example() {
  return (
    <Section id="example" title="A complete app">
      <Prose>
        <p>
          One file with <Code>openid-client</Code>: it connects, lists the latest meetings,
          refreshes, and revokes when the person disconnects. It is in{" "}
          <Code>docs/examples/oauth-app</Code>, with three commands to run it.
        </p>
      </Prose>
      <div className="mt-4 max-w-3xl">
        <CodeBlock samples={[{ label: "app.mjs", code: exampleApp() }]} />
      </div>
    </Section>
  );
}

const errorRows: readonly (readonly [code: string, where: string, means: string])[] = [
  [
    "access_denied",
    "address",
    "The person pressed Cancel. Offer Connect again; do not ask by yourself.",
  ],
  [
    "invalid_request",
    "address, token",
    "A parameter is missing, doubled or malformed; `error_description` names it. Without PKCE you get this one.",
  ],
  [
    "invalid_scope",
    "address, token",
    "A scope is unknown, is not one of your app's, or is wider than what was given.",
  ],
  ["unsupported_response_type", "address", "Only `code` is offered."],
  [
    "login_required, consent_required, interaction_required",
    "address",
    "You sent `prompt=none`, and the person has to be asked.",
  ],
  [
    "request_not_supported, request_uri_not_supported",
    "address",
    "Send the parameters themselves.",
  ],
  [
    "invalid_client",
    "page, token",
    "The app is unknown or disabled, or its secret or key is wrong. On a page: the person sees it, and nothing is sent to you.",
  ],
  [
    "invalid_redirect_uri",
    "page",
    "The address is not registered. An admin of the app's publisher sees there where the two differ.",
  ],
  [
    "invalid_grant",
    "token",
    "The code or refresh token is used up, expired, revoked, of another app, or does not fit its `redirect_uri` or verifier. Offer Connect again.",
  ],
  [
    "unsupported_grant_type, unauthorized_client",
    "token",
    "Not offered, or not to your app. There is no password grant and no implicit one.",
  ],
];

export function ErrorTable() {
  return (
    <Section id="errors" title="Errors">
      <Prose>
        <p>
          Errors are those of RFC 6749. They come in the address that the browser is sent back to,
          as JSON from an endpoint, or on a page of Harmony where sending them on would not be safe.
          Errors of the API itself are <a href="/docs#errors">the usual ones</a>.
        </p>
      </Prose>
      <FactTable
        label="Errors of OAuth"
        columns={[
          { title: "Error" },
          { title: "Where", isShort: true },
          { title: "What it means, and what to do" },
        ]}
        rows={errorRows.map(([code, where, means]) => ({
          key: code,
          cells: [
            code
              .split(", ")
              .map((one) => `\`${one}\``)
              .join(" "),
            where,
            means,
          ],
        }))}
      />
    </Section>
  );
}

const words: Readonly<Record<Practice["kept"], string>> = {
  yes: "Yes",
  partly: "In part",
  no: "No",
};

const testsOf = ({ proofs }: Practice) =>
  proofs.map(({ file, test }) => `${test} (\`${file.split("/").at(-1)}\`)`).join("; ");

export function Security() {
  return (
    <Section id="security" title="Security, RFC 9700">
      <Prose>
        <p>
          RFC 9700 is the best current practice for the security of OAuth 2.0. Each demand on a
          server is here, with what Harmony does and the tests that prove it; these run with every
          change. Demands on apps are yours: <a href="#example">the example</a> meets them.
        </p>
      </Prose>
      <div className="[&_code]:wrap-anywhere">
        <FactTable
          label="RFC 9700"
          columns={[
            { title: "Section", isShort: true },
            { title: "Demand" },
            { title: "Kept", isShort: true },
            { title: "What Harmony does" },
            { title: "Tests" },
          ]}
          rows={practices.map((one) => ({
            key: `${one.section} ${one.demand}`,
            cells: [
              one.section,
              `${one.level}: ${one.demand}`,
              words[one.kept],
              one.done,
              testsOf(one),
            ],
          }))}
        />
      </div>
    </Section>
  );
}
