"use client";

import { Upload } from "lucide-react";
import dynamic from "next/dynamic";
import { useSearchParams } from "next/navigation";
import { Button } from "@/components/ui/button";
import { useEverOpen } from "@/components/ui/modal";
import { withQuery } from "@/components/ui/query-string";
import type { Choice } from "@/lib/meetings/page-queries";

// The form comes with the first opening; most visits of the list never need it.
const UploadSheet = dynamic(() =>
  import("@/app/(app)/meetings/(list)/upload-sheet").then((module) => module.UploadSheet),
);

export interface UploadOptions {
  /** The teams that the person may put meetings into. */
  readonly teams: readonly Choice[];
  /** The one to begin with, or "". */
  readonly ownTeamId: string;
  readonly maxBytes: number;
}

/** The button "Upload" and its sheet, which is open while the address says `upload=1`. */
export function UploadButton(options: UploadOptions) {
  const query = useSearchParams().toString();
  const open = new URLSearchParams(query).get("upload") === "1";
  const everOpen = useEverOpen(open);

  // The history alone changes: the list behind the sheet stays as it is.
  const show = () => window.history.pushState(null, "", withQuery(query, { upload: "1" }));
  const hide = () =>
    window.history.replaceState(null, "", withQuery(query, { upload: null }) || "?");
  return (
    <>
      <Button variant="primary" onClick={show}>
        <Upload />
        Upload
      </Button>
      {everOpen ? <UploadSheet {...options} open={open} onClose={hide} /> : null}
    </>
  );
}
