import { SearchX } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";

interface NoMatchProps {
  readonly title: string;
  /** The address without any filter. */
  readonly clearHref: string;
  readonly clearLabel?: string;
  readonly children: ReactNode;
}

/** Stands where a list would be when its filters leave nothing of it. */
export function NoMatch({ title, clearHref, clearLabel, children }: NoMatchProps) {
  return (
    <EmptyState
      icon={SearchX}
      title={title}
      action={
        <Button asChild>
          <Link href={clearHref}>{clearLabel ?? "Clear filters"}</Link>
        </Button>
      }
    >
      {children}
    </EmptyState>
  );
}
