import { FileQuestion } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";

export const metadata: Metadata = { title: "Page not found" };

/** The 404 of signed-in pages. What is missing and what one may not see look the same. */
export default function NotFound() {
  return (
    <>
      <PageHeader title="This page does not exist" />
      <EmptyState
        icon={FileQuestion}
        title="Nothing to see at this address"
        action={
          <>
            <Button variant="primary" asChild>
              <Link href="/meetings">See meetings</Link>
            </Button>
            <Button asChild>
              <Link href="/">Go to Home</Link>
            </Button>
          </>
        }
      >
        It may have been deleted, it may belong to another workspace, or the address has a typing
        error.
      </EmptyState>
    </>
  );
}
