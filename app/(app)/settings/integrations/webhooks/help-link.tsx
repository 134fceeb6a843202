import type { LucideIcon } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";

interface HelpLinkProps {
  readonly href: string;
  readonly icon: LucideIcon;
  readonly children: ReactNode;
}

/** A link in a sentence to where something is explained. */
export function HelpLink({ href, icon: Icon, children }: HelpLinkProps) {
  return (
    <Link
      href={href}
      className="mr-2 inline-flex items-center gap-1 whitespace-nowrap rounded-sm text-brand-ink underline decoration-brand-line underline-offset-4 hover:decoration-current"
    >
      <Icon aria-hidden className="size-3.5" />
      {children}
    </Link>
  );
}
