import Link from "next/link";
import { samplesOf } from "@/app/(app)/settings/integrations/api/oauth-apps/[id]/connect-samples";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { CodeBlock } from "@/components/ui/code-block";
import { CopyableCode } from "@/components/ui/copyable-code";
import { DataList } from "@/components/ui/data-list";
import type { OAuthAppView } from "@/lib/oauth-server/schema";

interface ConnectionFactsProps {
  readonly app: OAuthAppView;
  readonly issuer: string;
}

/** Where the app's developer points it, and a first flow by hand. */
export function ConnectionFacts({ app, issuer }: ConnectionFactsProps) {
  const facts = [
    { term: "Client ID", value: app.id },
    { term: "Issuer", value: issuer },
    { term: "Authorization endpoint", value: `${issuer}/oauth/authorize` },
    { term: "Token endpoint", value: `${issuer}/oauth/token` },
    { term: "Discovery", value: `${issuer}/.well-known/openid-configuration` },
  ];
  return (
    <Card>
      <CardHeader
        title="Connect"
        description={
          <>
            Authorization code with PKCE (S256). A library that knows OpenID Connect needs the
            issuer and the client ID alone.{" "}
            <Link
              href="/docs"
              className="rounded-sm text-brand-ink underline decoration-brand-line underline-offset-4 hover:decoration-current"
            >
              API documentation
            </Link>
          </>
        }
      />
      <CardBody className="flex flex-col gap-4">
        <DataList
          items={facts.map(({ term, value }) => ({
            term,
            value: <CopyableCode value={value} label={`Copy ${term}`} />,
          }))}
        />
        <CodeBlock label="A flow by hand" samples={samplesOf(app, issuer)} />
      </CardBody>
    </Card>
  );
}
