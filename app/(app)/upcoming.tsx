import { CalendarDays } from "lucide-react";
import Link from "next/link";
import { UpcomingEvents } from "@/components/integrations/upcoming-events";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import type { Context } from "@/lib/auth/principal";
import type { UpcomingView } from "@/lib/calendar/schema";
import { upcomingEvents } from "@/lib/calendar/service";
import { log } from "@/lib/core/log";

const shown = 6;

/** The read, or null when it failed: the rest of Home does not depend on it. */
async function readUpcoming(ctx: Context): Promise<UpcomingView | null> {
  try {
    return await upcomingEvents(ctx, { limit: shown });
  } catch (error) {
    log().error({ request: ctx.requestId, err: error }, "upcoming events could not be read");
    return null;
  }
}

interface UpcomingProps {
  readonly ctx: Context;
  readonly mayConnect: boolean;
}

/** The person's calendar of the coming days, or the way to connect one. */
export async function Upcoming({ ctx, mayConnect }: UpcomingProps) {
  const upcoming = await readUpcoming(ctx);
  if (upcoming === null) {
    return (
      <Notice tone="warning" title="Your events could not be read">
        Reload the page. If it stays, write to support and name {ctx.requestId}.
      </Notice>
    );
  }
  if (upcoming.calendars === "none") return <NoCalendar mayConnect={mayConnect} />;
  return (
    <div className="flex flex-col gap-3">
      {upcoming.troubled === null ? null : (
        <Notice
          tone="warning"
          action={
            <Button size="sm" asChild>
              <Link href={`/settings/integrations/${upcoming.troubled}`}>Reconnect</Link>
            </Button>
          }
        >
          A calendar needs attention. What you see here may be out of date.
        </Notice>
      )}
      <UpcomingEvents events={upcoming.events} more={upcoming.more} withOpenLink />
    </div>
  );
}

function NoCalendar({ mayConnect }: { readonly mayConnect: boolean }) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-3 rounded-lg border border-dashed px-4 py-4">
      <p className="flex min-w-0 flex-1 basis-52 items-center gap-2 text-base text-ink-muted">
        <CalendarDays aria-hidden className="size-4 shrink-0" />
        See your next meetings and their links here.
      </p>
      {mayConnect ? (
        <Button size="sm" asChild>
          <Link href="/settings/integrations?category=calendar">Connect a calendar</Link>
        </Button>
      ) : null}
    </div>
  );
}
