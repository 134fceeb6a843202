"use client";

import { Share2 } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import type { ShareTarget } from "@/app/(app)/meetings/[id]/share-buttons";
import { Button } from "@/components/ui/button";
import { useEverOpen } from "@/components/ui/modal";

// Comes with its first opening.
const ShareDialog = dynamic(() =>
  import("@/app/(app)/meetings/[id]/share-dialog").then((module) => module.ShareDialog),
);

interface ShareButtonProps {
  readonly meetingId: string;
  readonly target: ShareTarget;
}

/** Opens the dialog that posts the meeting to a channel. */
export function ShareButton({ meetingId, target }: ShareButtonProps) {
  const [open, setOpen] = useState(false);
  const everOpen = useEverOpen(open);
  return (
    <>
      <Button aria-haspopup="dialog" onClick={() => setOpen(true)}>
        <Share2 />
        Share to {target.toolName.replace(/^Microsoft /, "")}
      </Button>
      {everOpen ? (
        <ShareDialog meetingId={meetingId} target={target} open={open} onOpenChange={setOpen} />
      ) : null}
    </>
  );
}
