import { ArrowRight, BookOpen, KeyRound, type LucideIcon, Webhook } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { requireSession } from "@/app/(app)/require-session";
import { PageHeader } from "@/components/ui/page-header";

export const metadata: Metadata = { title: "Integrations" };

export default async function IntegrationsPage() {
  await requireSession();
  return (
    <>
      <PageHeader
        title="Integrations"
        description="No app can be connected yet: the catalogue arrives with its connectors. The API and webhooks work today."
      />
      <ul className="grid gap-4 sm:grid-cols-2">
        <Way
          href="/settings/integrations/api"
          icon={KeyRound}
          title="API keys"
          text="Generate a key and read meetings, transcripts, summaries and insights from your own programs."
        />
        <Way
          href="/settings/integrations/webhooks"
          icon={Webhook}
          title="Webhooks"
          text="Have your own server told when a meeting starts, is processed or fails, and when an insight is there."
        />
        <Way
          href="/docs"
          icon={BookOpen}
          title="API documentation"
          text="Every endpoint with its parameters, answers, errors and limits, and examples to copy."
        />
      </ul>
    </>
  );
}

interface WayProps {
  readonly href: string;
  readonly icon: LucideIcon;
  readonly title: string;
  readonly text: string;
}

function Way({ href, icon: Icon, title, text }: WayProps) {
  return (
    <li className="group relative flex gap-3 rounded-lg border bg-surface p-4 shadow-lift transition-colors hover:bg-hover">
      <Icon aria-hidden className="mt-0.5 size-5 shrink-0 text-brand-ink" />
      <div className="min-w-0">
        <Link
          href={href}
          className="flex items-center gap-1 font-semibold text-base after:absolute after:inset-0 after:rounded-lg focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-ring"
        >
          {title}
          <ArrowRight
            aria-hidden
            className="size-4 text-ink-faint transition-transform group-hover:translate-x-0.5"
          />
        </Link>
        <p className="mt-1 text-pretty text-ink-muted text-sm">{text}</p>
      </div>
    </li>
  );
}
