import { CalendarClock, ExternalLink, Lock, Video } from "lucide-react";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { formatCount } from "@/components/ui/format";
import { RelativeTime } from "@/components/ui/relative-time";
import { type EventView, platformWords, upcomingDays } from "@/lib/calendar/schema";

interface UpcomingEventsProps {
  readonly events: readonly EventView[];
  /** How many there are beyond those listed. */
  readonly more?: number;
  /** Home opens links; the detail page of a calendar only copies them (handbook D-26). */
  readonly withOpenLink?: boolean;
}

/** What is coming up in a person's calendars: when, who, where, and the link to the call. */
export function UpcomingEvents({ events, more = 0, withOpenLink = false }: UpcomingEventsProps) {
  if (events.length === 0) {
    return (
      <p className="flex items-center gap-2 rounded-lg border border-dashed px-4 py-6 text-base text-ink-muted">
        <CalendarClock aria-hidden className="size-4 shrink-0" />
        Nothing in the next {upcomingDays} days.
      </p>
    );
  }
  return (
    <>
      <ul className="divide-y border-y">
        {events.map((event) => (
          <EventRow key={event.id} event={event} withOpenLink={withOpenLink} />
        ))}
      </ul>
      {more > 0 ? (
        <p className="pt-2 text-ink-muted text-sm">
          and {formatCount(more, "more event")} in the next {upcomingDays} days
        </p>
      ) : null}
    </>
  );
}

interface EventRowProps {
  readonly event: EventView;
  readonly withOpenLink: boolean;
}

function EventRow({ event, withOpenLink }: EventRowProps) {
  const { title, startsAt, attendeeCount, meetingUrl, isPrivate } = event;
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-1 py-2.5">
      <div className="min-w-0 flex-1 basis-52">
        <p className="flex items-center gap-1.5">
          <span className="truncate font-medium text-base" title={title}>
            {title}
          </span>
          {isPrivate ? (
            <span className="flex shrink-0 items-center gap-1 text-ink-muted text-xs">
              <Lock aria-hidden className="size-3" />
              Private
            </span>
          ) : null}
        </p>
        <p className="flex flex-wrap gap-x-2 text-ink-muted text-sm">
          <RelativeTime value={startsAt} format="datetime" className="whitespace-nowrap" />
          <span className="whitespace-nowrap">
            {attendeeCount === 0 ? "No attendees" : formatCount(attendeeCount, "attendee")}
          </span>
          <Platform event={event} />
        </p>
      </div>
      {meetingUrl === null ? null : (
        <div className="flex shrink-0 items-center gap-1">
          {withOpenLink ? (
            <Button size="sm" asChild>
              <a
                href={meetingUrl}
                target="_blank"
                rel="noopener noreferrer"
                aria-label={`Open link of ${title}`}
              >
                <ExternalLink />
                Open link
              </a>
            </Button>
          ) : null}
          <CopyButton
            value={meetingUrl}
            label={`Copy link of ${title}`}
            {...(withOpenLink ? {} : { text: "Copy link" })}
          />
        </div>
      )}
    </li>
  );
}

function Platform({ event }: { readonly event: EventView }) {
  return (
    <span className="flex items-center gap-1 whitespace-nowrap">
      {event.platform === "none" ? null : <Video aria-hidden className="size-3.5" />}
      {platformWords[event.platform]}
    </span>
  );
}
