"use client";

import { FailurePage } from "@/components/ui/failure-page";

interface ErrorPageProps {
  readonly error: unknown;
  readonly retry: () => void;
}

export default function ErrorPage({ error, retry }: ErrorPageProps) {
  return <FailurePage error={error} retry={retry} />;
}
