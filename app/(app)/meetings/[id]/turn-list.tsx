"use client";

import { useWindowVirtualizer } from "@tanstack/react-virtual";
import Link from "next/link";
import {
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { turnHref } from "@/app/(app)/meetings/[id]/meeting-tabs";
import type { Match } from "@/components/meetings/find-matches";
import { cn } from "@/components/ui/cn";
import { formatClock } from "@/components/ui/format";
import type { PageTranscript } from "@/lib/meetings/page-queries";

/** A turn to bring into sight. A new object is a new wish, also for the same turn. */
export interface Target {
  readonly turn: number;
  readonly takeFocus: boolean;
}

interface TurnListProps extends Pick<PageTranscript, "speakers" | "turns"> {
  readonly label: string;
  readonly meetingId: string;
  readonly pattern: RegExp | null;
  readonly current: Match | null;
  readonly target: Target | null;
}

/** Up to this many turns stand in the page as they are, where the browser's own search finds them too. */
const plainMax = 300;

/** The turns of a transcript. Long ones render only what is near the viewport. */
export function TurnList(props: TurnListProps) {
  const cursor = useTurnCursor(props.turns.length, props.target);
  return props.turns.length <= plainMax ? (
    <PlainTurns {...props} cursor={cursor} />
  ) : (
    <VirtualTurns {...props} cursor={cursor} />
  );
}

// --- Keyboard ---------------------------------------------------------------------------------------------

interface Cursor {
  /** The turn that Tab reaches. */
  readonly active: number;
  readonly onKeyDown: (event: KeyboardEvent, show: (turn: number) => void) => void;
}

const steps: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  j: 1,
  ArrowUp: -1,
  k: -1,
  PageDown: 10,
  PageUp: -10,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

/** One stop for Tab; arrows, j and k, Page, Home and End move within the list. */
function useTurnCursor(count: number, target: Target | null): Cursor {
  const [active, setActive] = useState(target?.turn ?? 0);
  const [seen, setSeen] = useState(target);
  if (target !== seen) {
    setSeen(target);
    if (target !== null) setActive(target.turn);
  }
  const onKeyDown = (event: KeyboardEvent, show: (turn: number) => void) => {
    const step = steps[event.key];
    if (step === undefined || event.metaKey || event.ctrlKey || event.altKey) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(count - 1, active + step));
    setActive(next);
    show(next);
  };
  return { active, onKeyDown };
}

const turnId = (turn: number) => `turn-${turn}`;

/** Puts the focus on a turn as soon as it is rendered; gives up after a second. */
function focusTurn(turn: number) {
  const until = performance.now() + 1000;
  const attempt = () => {
    const element = document.getElementById(turnId(turn));
    if (element !== null) element.focus({ preventScroll: true });
    else if (performance.now() < until) requestAnimationFrame(attempt);
  };
  attempt();
}

// --- The two ways to render -------------------------------------------------------------------------------

interface TurnsProps extends TurnListProps {
  readonly cursor: Cursor;
}

function PlainTurns({ cursor, target, ...props }: TurnsProps) {
  const show = (turn: number) => {
    document.getElementById(turnId(turn))?.scrollIntoView({ block: "center" });
    focusTurn(turn);
  };
  useEffect(() => {
    if (target === null) return;
    document.getElementById(turnId(target.turn))?.scrollIntoView({ block: "center" });
    if (target.takeFocus) focusTurn(target.turn);
  }, [target]);
  return (
    <ol aria-label={props.label} onKeyDown={(event) => cursor.onKeyDown(event, show)}>
      {props.turns.map((_, turn) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a turn is its place in the transcript
        <Turn key={turn} turn={turn} target={target} cursor={cursor} {...props} />
      ))}
    </ol>
  );
}

function VirtualTurns({ cursor, target, ...props }: TurnsProps) {
  const list = useRef<HTMLOListElement>(null);
  const [scrollMargin, setScrollMargin] = useState(0);
  useLayoutEffect(() => {
    const measure = () => {
      const top = list.current?.getBoundingClientRect().top ?? 0;
      setScrollMargin(top + window.scrollY);
    };
    measure();
    // What stands above the list folds and wraps.
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, []);
  const virtual = useWindowVirtualizer({
    count: props.turns.length,
    estimateSize: (turn) => 44 + 20 * Math.ceil((props.turns[turn]?.[2].length ?? 0) / 90),
    overscan: 12,
    scrollMargin,
    // The top bar and the search stay above.
    scrollPaddingStart: 112,
    initialRect: { width: 1024, height: 900 },
  });
  const show = (turn: number) => {
    virtual.scrollToIndex(turn, { align: "center" });
    focusTurn(turn);
  };
  useEffect(() => {
    if (target === null) return;
    virtual.scrollToIndex(target.turn, { align: "center" });
    if (target.takeFocus) focusTurn(target.turn);
  }, [target, virtual]);
  return (
    <ol
      ref={list}
      aria-label={props.label}
      onKeyDown={(event) => cursor.onKeyDown(event, show)}
      className="relative"
      style={{ height: virtual.getTotalSize() }}
    >
      {virtual.getVirtualItems().map((item) => (
        <Turn
          key={item.key}
          turn={item.index}
          target={target}
          cursor={cursor}
          measure={virtual.measureElement}
          top={item.start - scrollMargin}
          {...props}
        />
      ))}
    </ol>
  );
}

interface TurnProps extends TurnsProps {
  readonly turn: number;
  /** Set where only some turns are rendered: their place, and what measures them. */
  readonly top?: number;
  readonly measure?: (element: HTMLElement | null) => void;
}

function Turn(props: TurnProps) {
  const { turn, turns, speakers, meetingId, pattern, current, target, cursor, top, measure } =
    props;
  const [speaker, startMs, text] = turns[turn] ?? [0, 0, ""];
  const name = speakers[speaker] ?? "Speaker";
  const clock = formatClock(startMs / 1000);
  const pointed = target?.takeFocus === true && target.turn === turn;
  return (
    <li
      id={turnId(turn)}
      ref={measure}
      data-index={turn}
      aria-setsize={turns.length}
      aria-posinset={turn + 1}
      tabIndex={turn === cursor.active ? 0 : -1}
      className={cn(
        "grid w-full grid-cols-[3.5rem_minmax(0,1fr)] gap-x-3 rounded-md px-1 py-2.5 scroll-mt-28 focus-visible:-outline-offset-2 sm:grid-cols-[4rem_minmax(0,1fr)]",
        top !== undefined && "absolute top-0 left-0",
        pointed && "bg-brand-tint",
      )}
      style={top === undefined ? undefined : { transform: `translateY(${top}px)` }}
    >
      <Link
        href={turnHref(meetingId, turn)}
        scroll={false}
        tabIndex={-1}
        aria-label={`${clock}, link to this turn`}
        className="pt-0.5 font-mono text-ink-muted text-xs tabular-nums hover:underline"
      >
        {clock}
      </Link>
      <div className="min-w-0">
        <p className="font-medium text-ink-muted text-sm">{name}</p>
        <p className="max-w-prose whitespace-pre-line break-words text-base leading-6">
          {pattern === null ? (
            text
          ) : (
            <Marked
              text={text}
              pattern={pattern}
              nth={current?.turn === turn ? current.nth : null}
            />
          )}
        </p>
      </div>
    </li>
  );
}

interface MarkedProps {
  readonly text: string;
  readonly pattern: RegExp;
  /** Which occurrence is the current match. */
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
