"use client";

import { useEffect, useRef } from "react";

/**
 * Runs a task every so often while the tab is in sight, one run at a time: it rests while the tab is hidden and runs
 * at once when it comes back. A run that fails, because the server cannot be reached, is followed by the next.
 */
export function useWhileVisible(task: () => Promise<void>, everyMs: number): void {
  const latest = useRef(task);
  latest.current = task;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isRunning = false;
    let isOver = false;
    const wait = () => {
      isRunning = false;
      if (!isOver && !document.hidden) timer = setTimeout(run, everyMs);
    };
    const run = () => {
      isRunning = true;
      latest.current().then(wait, wait);
    };
    const turn = () => {
      clearTimeout(timer);
      if (!document.hidden && !isRunning) run();
    };
    timer = setTimeout(run, everyMs);
    document.addEventListener("visibilitychange", turn);
    return () => {
      isOver = true;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", turn);
    };
  }, [everyMs]);
}
