"use client";

import { defaultRangeExtractor, useWindowVirtualizer } from "@tanstack/react-virtual";
import {
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { Turn, type TurnActions, turnId } from "@/app/(app)/meetings/[id]/turn";
import { usePrinting } from "@/app/(app)/meetings/[id]/use-printing";
import type { Match } from "@/components/meetings/find-matches";
import type { PageTranscript } from "@/lib/meetings/page-queries";

/** A turn to bring into sight. A new object is a new wish, also for the same turn. */
export interface Target {
  readonly turn: number;
  readonly takeFocus: boolean;
}

interface TurnListProps extends Pick<PageTranscript, "speakers" | "turns"> {
  readonly label: string;
  readonly actions: TurnActions;
  readonly pattern: RegExp | null;
  readonly match: Match | null;
  readonly target: Target | null;
  /** The turn that is spoken now; null without a recording, or before the first. */
  readonly now: number | null;
  /** Whether that turn is kept in sight. */
  readonly isFollowing: boolean;
  /** The turn that is edited, and what edits it. */
  readonly editing: number | null;
  readonly editor: ReactNode;
}

/** Up to this many turns stand in the page as they are, where the browser's own search finds them too. */
const plainMax = 300;

/** The turns of a transcript. Long ones render only what is near the viewport; paper gets all of them. */
export function TurnList(props: TurnListProps) {
  const cursor = useTurnCursor(props.turns.length, props.target, props.actions);
  const isPrinting = usePrinting();
  return props.turns.length <= plainMax || isPrinting ? (
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
  ArrowUp: -1,
  PageDown: 10,
  PageUp: -10,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

/** Rows of a list, as everywhere; where there is a recording both keys are its player's. */
const letterSteps: Readonly<Record<string, number>> = { j: 1, k: -1 };

function stepOf(key: string, hasPlayer: boolean): number | undefined {
  return steps[key] ?? (hasPlayer ? undefined : letterSteps[key]);
}

/**
 * One stop for Tab; arrows, Page, Home and End move within the list, Enter plays from the turn, e edits it. Keys that
 * are pressed in its controls and its editor are theirs.
 */
function useTurnCursor(count: number, target: Target | null, actions: TurnActions): Cursor {
  const [active, setActive] = useState(target?.turn ?? 0);
  const [seen, setSeen] = useState(target);
  if (target !== seen) {
    setSeen(target);
    if (target !== null) setActive(target.turn);
  }
  const onKeyDown = (event: KeyboardEvent, show: (turn: number) => void) => {
    if (!(event.target instanceof HTMLLIElement)) return;
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    // The row that has the focus, however it came to it.
    const row = Number(event.target.dataset.index ?? active);
    const step = stepOf(event.key, actions.play !== null);
    if (step !== undefined) {
      event.preventDefault();
      const next = Math.max(0, Math.min(count - 1, row + step));
      setActive(next);
      show(next);
    } else if (event.key === "Enter" && actions.play !== null) {
      event.preventDefault();
      actions.play(row);
    } else if (event.key === "e" && actions.edit !== null) {
      event.preventDefault();
      actions.edit(row);
    }
  };
  return { active, onKeyDown };
}

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

/** What one row shows, of what the list knows. */
function rowProps(props: TurnsProps, turn: number) {
  const { turns, speakers, actions, pattern, match, target, now, cursor, editing, editor } = props;
  const content = turns[turn] ?? ([0, 0, ""] as const);
  return {
    turn,
    count: turns.length,
    content,
    name: speakers[content[0]] ?? "Speaker",
    actions,
    pattern,
    nth: match?.turn === turn ? match.nth : null,
    isNow: now === turn,
    isPointed: target?.takeFocus === true && target.turn === turn,
    isStop: cursor.active === turn,
    editor: editing === turn ? editor : null,
  };
}

const sight = (turn: number, block: ScrollLogicalPosition) =>
  document.getElementById(turnId(turn))?.scrollIntoView({ block });

function PlainTurns(props: TurnsProps) {
  const { target, now, isFollowing } = props;
  const show = (turn: number) => {
    sight(turn, "center");
    focusTurn(turn);
  };
  useEffect(() => {
    if (target === null) return;
    sight(target.turn, "center");
    if (target.takeFocus) focusTurn(target.turn);
  }, [target]);
  useEffect(() => {
    if (isFollowing && now !== null) sight(now, "center");
  }, [isFollowing, now]);
  return (
    <ol aria-label={props.label} onKeyDown={(event) => props.cursor.onKeyDown(event, show)}>
      {props.turns.map((_, turn) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a turn is its place in the transcript
        <Turn key={turn} {...rowProps(props, turn)} />
      ))}
    </ol>
  );
}

function VirtualTurns(props: TurnsProps) {
  const { target, now, isFollowing, editing } = props;
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
    estimateSize: (turn) => 44 + 24 * Math.ceil((props.turns[turn]?.[2].length ?? 0) / 75),
    overscan: 12,
    scrollMargin,
    // The top bar and the search stay above, the player below.
    scrollPaddingStart: 112,
    scrollPaddingEnd: 128,
    initialRect: { width: 1024, height: 900 },
    // What is being typed must not be lost when the person scrolls on.
    rangeExtractor: (range) => {
      const rows = defaultRangeExtractor(range);
      if (editing === null || rows.includes(editing)) return rows;
      return [...rows, editing].sort((left, right) => left - right);
    },
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
  useEffect(() => {
    if (isFollowing && now !== null) virtual.scrollToIndex(now, { align: "center" });
  }, [isFollowing, now, virtual]);
  return (
    <ol
      ref={list}
      aria-label={props.label}
      onKeyDown={(event) => props.cursor.onKeyDown(event, show)}
      className="relative"
      style={{ height: virtual.getTotalSize() }}
    >
      {virtual.getVirtualItems().map((item) => (
        <Turn
          key={item.key}
          {...rowProps(props, item.index)}
          measure={virtual.measureElement}
          top={item.start - scrollMargin}
        />
      ))}
    </ol>
  );
}
