import { NotesEditor } from "@/app/(app)/meetings/[id]/lazy-parts";
import { requireSession } from "@/app/(app)/require-session";
import { Markdown } from "@/components/ui/markdown";
import { contextOf } from "@/lib/http/action";
import { notesMax } from "@/lib/meetings/inputs";
import { readMeetingNotes } from "@/lib/meetings/page-queries";

interface NotesTabProps {
  readonly id: string;
  readonly mayUpdate: boolean;
}

/** What people wrote down themselves (handbook D-67). */
export async function NotesTab({ id, mayUpdate }: NotesTabProps) {
  const notes = await readMeetingNotes(await contextOf(await requireSession()), id);
  return (
    <NotesEditor meetingId={id} notes={notes} mayUpdate={mayUpdate} maxLength={notesMax}>
      {notes.markdown === "" ? null : <Markdown>{notes.markdown}</Markdown>}
    </NotesEditor>
  );
}
