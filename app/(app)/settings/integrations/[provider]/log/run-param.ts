"use client";

import { openParam } from "@/components/logs/open-param";

/** The run whose entries are open in the log. */
export const {
  href: runHref,
  open: openRun,
  close: closeRun,
  useOpen: useRunParam,
} = openParam("run");
