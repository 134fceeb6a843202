import type { Metadata } from "next";
import Link from "next/link";
import { Button } from "@/components/ui/button";
import { FullPage } from "@/components/ui/full-page";

export const metadata: Metadata = { title: "Page not found" };

export default function NotFound() {
  return (
    <FullPage
      overline="404"
      title="This page does not exist"
      actions={
        <>
          <Button variant="primary" size="lg" asChild>
            <Link href="/">Go to Home</Link>
          </Button>
          <Button size="lg" asChild>
            <Link href="/meetings">See meetings</Link>
          </Button>
        </>
      }
    >
      It may have been deleted, it may belong to another workspace, or the address has a typing
      error.
    </FullPage>
  );
}
