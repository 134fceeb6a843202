import { KeyRound } from "lucide-react";
import Link from "next/link";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { CodeBlock } from "@/components/ui/code-block";

/** The way to the first answer of the API, for developers in a workspace without a key. */
export function GetStarted({ appUrl }: { readonly appUrl: string }) {
  return (
    <Card>
      <CardHeader
        title="Get started with the API"
        description="Two steps: generate a key, then call."
        actions={
          <Button variant="primary" asChild>
            <Link href="/settings/integrations/api">
              <KeyRound />
              Generate API Key
            </Link>
          </Button>
        }
      />
      <CardBody className="flex flex-col gap-3">
        <CodeBlock
          samples={[
            {
              label: "curl",
              code: `curl "${appUrl}/v1/meetings" \\\n  -H "Authorization: Bearer YOUR_API_KEY"`,
            },
          ]}
        />
        <p className="text-ink-muted text-sm">
          Everything else is in the{" "}
          <Link
            href="/docs"
            className="rounded-sm text-brand-ink underline decoration-brand-line underline-offset-4 hover:decoration-current"
          >
            API documentation
          </Link>
          .
        </p>
      </CardBody>
    </Card>
  );
}
