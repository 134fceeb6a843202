"use client";

import { CircleHelp, Pencil, Volume2 } from "lucide-react";
import Link from "next/link";
import { memo, type ReactNode } from "react";
import { turnHref } from "@/app/(app)/meetings/[id]/meeting-tabs";
import { cn } from "@/components/ui/cn";
import { formatClock } from "@/components/ui/format";
import { IconButton } from "@/components/ui/icon-button";
import type { PageTurn } from "@/lib/meetings/page-queries";

/** What can be done with a turn; the same object as long as the page stands. */
export interface TurnActions {
  readonly meetingId: string;
  /** Plays from a turn; null where there is no recording. */
  readonly play: ((turn: number) => void) | null;
  /** Null for those who may only read. */
  readonly edit: ((turn: number) => void) | null;
  readonly openSpeaker: ((speaker: number) => void) | null;
}

export const turnId = (turn: number) => `turn-${turn}`;

interface TurnProps {
  readonly turn: number;
  readonly count: number;
  readonly content: PageTurn;
  readonly name: string;
  readonly actions: TurnActions;
  /** What the search looks for. */
  readonly pattern: RegExp | null;
  /** Which occurrence in this turn is the current match. */
  readonly nth: number | null;
  /** Spoken at this moment. */
  readonly isNow: boolean;
  /** The address points at it. */
  readonly isPointed: boolean;
  /** The one stop of the list for the Tab key. */
  readonly isStop: boolean;
  /** In place of the words, while they are edited. */
  readonly editor: ReactNode;
  /** Set where only some turns are rendered: its place, and what measures it. */
  readonly top?: number;
  readonly measure?: (element: HTMLElement | null) => void;
}

/** One block of speech: when, who, what. */
export const Turn = memo(function Turn(props: TurnProps) {
  const { turn, content, name, actions, isNow, isPointed, isStop, top } = props;
  const [speaker, startMs, text, unsure] = content;
  const { edit, openSpeaker } = actions;
  const tabIndex = isStop ? 0 : -1;
  return (
    <li
      id={turnId(turn)}
      ref={props.measure}
      data-index={turn}
      aria-setsize={props.count}
      aria-posinset={turn + 1}
      {...(isNow ? { "aria-current": "true" } : {})}
      tabIndex={tabIndex}
      className={cn(
        "group/turn grid w-full grid-cols-[3.5rem_minmax(0,1fr)] gap-x-3 rounded-md border-transparent border-l-2 px-1 py-2.5 scroll-mt-28 scroll-mb-32 focus-visible:-outline-offset-2 sm:grid-cols-[4rem_minmax(0,1fr)]",
        top !== undefined && "absolute top-0 left-0",
        isPointed && "bg-brand-tint",
        isNow && "rounded-l-none border-brand bg-brand-tint",
      )}
      style={top === undefined ? undefined : { transform: `translateY(${top}px)` }}
    >
      <Time turn={turn} startMs={startMs} actions={actions} isNow={isNow} />
      <div className="min-w-0">
        <p className="flex min-h-6 flex-wrap items-center gap-x-3 text-ink-muted text-sm">
          {openSpeaker === null ? (
            <span className="font-medium">{name}</span>
          ) : (
            <button
              type="button"
              tabIndex={tabIndex}
              aria-haspopup="dialog"
              aria-label={`${name}, rename or merge`}
              onClick={() => openSpeaker(speaker)}
              className="rounded-sm font-medium hover:text-ink hover:underline"
            >
              {name}
            </button>
          )}
          {unsure === undefined ? null : (
            <span className="inline-flex items-center gap-1 text-warning-ink text-xs">
              <CircleHelp aria-hidden className="size-3.5" />
              Unsure of the words
            </span>
          )}
          {edit === null || props.editor !== null ? null : (
            <IconButton
              label={`Edit the turn at ${formatClock(startMs / 1000)}`}
              size="sm"
              tabIndex={tabIndex}
              onClick={() => edit(turn)}
              className="-my-1 ml-auto opacity-0 focus-visible:opacity-100 group-hover/turn:opacity-100 group-focus-within/turn:opacity-100 pointer-coarse:opacity-100 print:hidden"
            >
              <Pencil />
            </IconButton>
          )}
        </p>
        {props.editor ?? (
          <p className="max-w-prose whitespace-pre-line break-words text-base leading-6">
            {props.pattern === null ? (
              text
            ) : (
              <Marked text={text} pattern={props.pattern} nth={props.nth} />
            )}
          </p>
        )}
      </div>
    </li>
  );
});

interface TimeProps {
  readonly turn: number;
  readonly startMs: number;
  readonly actions: TurnActions;
  readonly isNow: boolean;
}

/** When the turn begins: plays from there where there is a recording, and is its address in any case. */
function Time({ turn, startMs, actions: { meetingId, play }, isNow }: TimeProps) {
  const clock = formatClock(startMs / 1000);
  return (
    <Link
      href={turnHref(meetingId, turn)}
      scroll={false}
      tabIndex={-1}
      aria-label={play === null ? `${clock}, link to this turn` : `${clock}, play from here`}
      {...(play === null
        ? {}
        : {
            onClick: (event) => {
              if (event.metaKey || event.ctrlKey || event.shiftKey) return;
              event.preventDefault();
              play(turn);
            },
          })}
      className="flex h-6 items-center gap-1 self-start font-mono text-ink-muted text-xs tabular-nums hover:underline"
    >
      {clock}
      {isNow ? <Volume2 aria-hidden className="size-3.5 text-brand-ink" /> : null}
    </Link>
  );
}

interface MarkedProps {
  readonly text: string;
  readonly pattern: RegExp;
  readonly nth: number | null;
}

function Marked({ text, pattern, nth }: MarkedProps) {
  const parts: ReactNode[] = [];
  let end = 0;
  let count = 0;
  for (const match of text.matchAll(pattern)) {
    parts.push(text.slice(end, match.index));
    parts.push(
      <mark
        key={match.index}
        className={cn(
          "rounded-sm bg-warning-tint text-ink",
          count === nth && "outline-2 outline-warning-solid",
        )}
      >
        {match[0]}
      </mark>,
    );
    end = match.index + match[0].length;
    count += 1;
  }
  return (
    <>
      {parts}
      {text.slice(end)}
    </>
  );
}
