"use client";

import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { Kbd } from "@/components/ui/kbd";
import { placeTip } from "@/components/ui/place-tip";

interface Tip {
  readonly target: HTMLElement;
  readonly words: string;
  readonly keys: readonly string[];
}

const delayMs = 350;
const graceMs = 120;

function side(target: HTMLElement): "bottom" | "top" | "right" | "left" {
  const wanted = target.dataset.tipSide;
  return wanted === "top" || wanted === "right" || wanted === "left" ? wanted : "bottom";
}

function tipOf(node: EventTarget | null): Tip | null {
  const target = node instanceof Element ? node.closest<HTMLElement>("[data-tip]") : null;
  const words = target?.dataset.tip;
  if (target === null || words === undefined) return null;
  if (target.dataset.tipOnlyIfHidden !== undefined) {
    const visible = target.querySelector<HTMLElement>("[data-tip-words]")?.offsetWidth ?? 0;
    if (visible > 0) return null;
  }
  return { target, words, keys: target.dataset.tipKeys?.split(" ") ?? [] };
}

/** Follows pointer and keyboard over everything with `data-tip`. Returns the way to stop. */
function follow(box: () => HTMLElement | null, change: (tip: Tip | null) => void): () => void {
  const stop = new AbortController();
  const options = { signal: stop.signal, capture: true, passive: true };
  let timer: ReturnType<typeof setTimeout> | undefined;
  let current: HTMLElement | null = null;
  const later = (tip: Tip | null, ms: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      // Over an open menu the hint of its button would hide what one is about to choose.
      const shown = tip?.target.matches('[aria-haspopup][aria-expanded="true"]') ? null : tip;
      current = shown?.target ?? null;
      change(shown);
    }, ms);
  };
  const hide = () => later(null, 0);
  const scrolled = () => {
    if (current !== null) hide();
  };
  const over = (event: PointerEvent) => {
    if (event.pointerType === "touch") return;
    const onTip = event.target instanceof Node && box()?.contains(event.target) === true;
    const tip = tipOf(event.target);
    // Staying on the button or moving onto the hint keeps it (WCAG 1.4.13).
    if (onTip || (tip !== null && tip.target === current)) clearTimeout(timer);
    else if (tip === null) later(null, graceMs);
    else later(tip, current === null ? delayMs : 0);
  };
  const focus = (event: FocusEvent) => {
    const byKeyboard = event.target instanceof Element && event.target.matches(":focus-visible");
    later(byKeyboard ? tipOf(event.target) : null, 0);
  };
  document.addEventListener("pointerover", over, options);
  document.addEventListener("focusin", focus, options);
  document.addEventListener("focusout", hide, options);
  document.addEventListener("pointerdown", hide, options);
  document.addEventListener("keydown", hide, options);
  document.addEventListener("scroll", scrolled, options);
  document.documentElement.addEventListener("pointerleave", hide, options);
  return () => {
    stop.abort();
    clearTimeout(timer);
  };
}

/**
 * Draws the one visible tooltip, in the browser's top layer and so above dialogs. One for the whole
 * page instead of one per button: no wrapper around the button, and next to no code.
 */
export function TooltipLayer() {
  const [tip, setTip] = useState<Tip | null>(null);
  const box = useRef<HTMLDivElement>(null);

  useEffect(() => follow(() => box.current, setTip), []);

  useLayoutEffect(() => {
    const element = box.current;
    if (tip === null || element === null || !tip.target.isConnected) return;
    // Where there is no top layer yet, the z-index must do.
    if ("showPopover" in element && !element.matches(":popover-open")) element.showPopover();
    const view = { width: document.documentElement.clientWidth, height: window.innerHeight };
    const size = element.getBoundingClientRect();
    const place = placeTip(side(tip.target), tip.target.getBoundingClientRect(), size, view);
    element.style.left = `${place.left}px`;
    element.style.top = `${place.top}px`;
  }, [tip]);

  if (tip === null) return null;
  return (
    <div
      ref={box}
      popover="manual"
      // The button's own name or description says it; loose text outside landmarks would repeat it.
      aria-hidden
      data-tooltip=""
      className="pointer-events-auto fixed inset-auto top-0 left-0 z-50 m-0 max-w-72 animate-fade-in items-center gap-2 overflow-visible border-0 rounded-md bg-ink px-2 py-1 text-surface text-xs open:flex"
    >
      <span>{tip.words}</span>
      {tip.keys.length === 0 ? null : <Kbd keys={tip.keys} />}
    </div>
  );
}
