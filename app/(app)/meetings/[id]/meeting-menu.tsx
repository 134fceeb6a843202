"use client";

import { Ellipsis, Hash, LinkIcon, Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { deleteMeeting } from "@/app/(app)/meetings/[id]/actions";
import { formProblem } from "@/app/(auth)/form-problem";
import { useAction } from "@/components/hooks/use-action";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { IconButton } from "@/components/ui/icon-button";
import { toast } from "@/components/ui/toast";

interface MeetingMenuProps {
  readonly id: string;
  readonly title: string;
  readonly mayDelete: boolean;
}

async function copy(text: string, done: string) {
  try {
    await navigator.clipboard.writeText(text);
    toast.success(done);
  } catch {
    toast.error("The browser did not allow copying.");
  }
}

/** What one can do with the meeting as a whole. */
export function MeetingMenu({ id, title, mayDelete }: MeetingMenuProps) {
  const [deleting, setDeleting] = useState(false);
  return (
    <>
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <IconButton label="More actions" variant="secondary">
            <Ellipsis />
          </IconButton>
        </DropdownMenuTrigger>
        <DropdownMenuContent>
          <DropdownMenuItem
            onSelect={() => void copy(`${location.origin}/meetings/${id}`, "Link copied")}
          >
            <LinkIcon aria-hidden />
            Copy link
          </DropdownMenuItem>
          <DropdownMenuItem onSelect={() => void copy(id, "Meeting id copied")}>
            <Hash aria-hidden />
            Copy meeting id
          </DropdownMenuItem>
          {mayDelete ? (
            <>
              <DropdownMenuSeparator />
              <DropdownMenuItem danger onSelect={() => setDeleting(true)}>
                <Trash2 aria-hidden />
                Delete meeting
              </DropdownMenuItem>
            </>
          ) : null}
        </DropdownMenuContent>
      </DropdownMenu>
      <DeleteMeetingDialog id={id} title={title} open={deleting} onOpenChange={setDeleting} />
    </>
  );
}

interface DeleteMeetingDialogProps {
  readonly id: string;
  readonly title: string;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

function DeleteMeetingDialog({ id, title, open, onOpenChange }: DeleteMeetingDialogProps) {
  const router = useRouter();
  const action = useAction(deleteMeeting, {
    onSuccess: () => {
      toast.success("Meeting deleted");
      router.replace("/meetings");
    },
  });
  const change = (next: boolean) => {
    action.reset();
    onOpenChange(next);
  };
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={change}
      title={`Delete “${title}”?`}
      confirmLabel="Delete meeting"
      typed="delete"
      pending={action.pending}
      error={formProblem(action.error)}
      onConfirm={() => void action.run({ id })}
    >
      <p>
        <strong className="font-medium text-ink">Goes at once:</strong> the transcript, summary,
        action items, insight answers, notes and the uploaded file. The API answers 404.
      </p>
      <p>
        <strong className="font-medium text-ink">Stays:</strong> its contacts, and what was already
        written to other tools (CRM records, tasks, messages).
      </p>
      <p>This cannot be undone.</p>
    </ConfirmDialog>
  );
}
