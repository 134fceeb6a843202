"use client";

import { ChevronDown, ChevronUp } from "lucide-react";
import { useState } from "react";
import { IconButton } from "@/components/ui/icon-button";
import {
  isMoving,
  percentOf,
  phaseWords,
  type UploadItem,
} from "@/components/uploads/upload-items";
import { UploadRow } from "@/components/uploads/upload-row";
import { useUploads } from "@/components/uploads/use-uploads";

function summaryOf(items: readonly UploadItem[]): string {
  const moving = items.filter(isMoving).length;
  if (moving > 0) {
    const open = items.filter((item) => isMoving(item));
    const total = {
      size: open.reduce((sum, { size }) => sum + size, 0),
      sent: open.reduce((sum, { sent }) => sum + sent, 0),
    };
    return `${moving === 1 ? "1 upload" : `${moving} uploads`} · ${percentOf(total)}%`;
  }
  const waiting = items.filter(({ phase }) => phase !== "done").length;
  if (waiting === 0) return "Uploads complete";
  return waiting === 1 ? "1 upload needs you" : `${waiting} uploads need you`;
}

/** The uploads of this tab in a corner of every page, as long as there are any. */
export function UploadDock() {
  const items = useUploads().filter(({ inSheet }) => !inSheet);
  const [open, setOpen] = useState(true);
  if (items.length === 0) return null;
  return (
    <aside
      aria-label="Uploads"
      className="fixed inset-x-3 bottom-3 z-30 overflow-hidden rounded-lg border bg-surface shadow-float sm:right-4 sm:bottom-4 sm:left-auto sm:w-96"
    >
      <div className="flex items-center justify-between gap-2 py-1.5 pr-1.5 pl-3">
        <h2 className="font-medium text-sm tabular-nums">{summaryOf(items)}</h2>
        <IconButton
          label={open ? "Fold the uploads" : "Show the uploads"}
          size="sm"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {open ? <ChevronDown /> : <ChevronUp />}
        </IconButton>
      </div>
      {open ? (
        <ul className="max-h-[50vh] divide-y overflow-y-auto border-t">
          {items.map((item) => (
            <li key={item.id} className="px-3 py-2.5">
              <UploadRow item={item} />
            </li>
          ))}
        </ul>
      ) : null}
      <Announcements items={items} />
    </aside>
  );
}

/** Tells screen readers when an upload gets from one phase into another; never each percent. */
function Announcements({ items }: { readonly items: readonly UploadItem[] }) {
  const words = items.map((item) =>
    item.phase === "uploading" ? `${item.name}: uploading` : `${item.name}: ${phaseWords(item)}`,
  );
  return (
    <p role="status" className="sr-only">
      {words.join(". ")}
    </p>
  );
}
