import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Logo } from "@/components/ui/logo";

export type PublicPlace = (typeof places)[number]["href"];

interface PublicHeaderProps {
  /** Where we are: "API reference". */
  readonly title: string;
  readonly current: PublicPlace;
}

const places = [
  { href: "/docs", label: "Reference", isAlwaysShown: true },
  // On the narrowest screens the reference leads to them.
  { href: "/docs/webhooks", label: "Webhooks", isAlwaysShown: false },
  { href: "/docs/oauth", label: "OAuth", isAlwaysShown: false },
  { href: "/status", label: "Status", isAlwaysShown: true },
] as const;

/** The head of pages that need no sign-in; the way into the product is on the right. */
export function PublicHeader({ title, current }: PublicHeaderProps) {
  return (
    <header className="sticky top-0 z-20 border-b bg-surface">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-10 focus:rounded-lg focus:bg-brand focus:px-3 focus:py-1.5 focus:text-on-brand focus:text-sm"
      >
        Skip to the content
      </a>
      <div className="mx-auto flex h-14 max-w-[90rem] items-center gap-2 px-4 sm:gap-3 sm:px-6">
        <a href="/docs" aria-label={`Harmony ${title}`} className="flex rounded-md">
          <Logo wordmark />
        </a>
        <span aria-hidden className="text-ink-muted text-base max-sm:hidden">
          {title}
        </span>
        <nav aria-label="Public pages" className="ml-auto flex items-center gap-0.5 sm:gap-2">
          {places.map(({ href, label, isAlwaysShown }) => (
            <a
              key={href}
              href={href}
              {...(href === current ? { "aria-current": "page" as const } : {})}
              className={cn(
                "rounded-md px-1.5 py-1.5 font-medium text-ink-muted text-sm transition-colors hover:bg-hover hover:text-ink aria-[current=page]:text-ink max-[24rem]:aria-[current=page]:hidden sm:px-2",
                isAlwaysShown || "max-[24rem]:hidden",
              )}
            >
              {label}
            </a>
          ))}
          <Button asChild>
            <a href="/">
              <span className="max-sm:hidden">Open Harmony</span>
              <span className="sm:hidden">Open</span>
            </a>
          </Button>
        </nav>
      </div>
    </header>
  );
}
