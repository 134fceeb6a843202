"use client";

import { openParam } from "@/components/logs/open-param";

/** The entry that is open over the list. */
export const {
  href: entryHref,
  open: openEntry,
  close: closeEntry,
  useOpen: useEntryParam,
} = openParam("entry");
