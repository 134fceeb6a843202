import { ActionItemList } from "@/app/(app)/meetings/[id]/lazy-parts";
import { requireSession } from "@/app/(app)/require-session";
import { contextOf } from "@/lib/http/action";
import { readPageActionItems } from "@/lib/meetings/page-queries";

interface ActionItemsTabProps {
  readonly id: string;
  readonly mayUpdate: boolean;
}

/** The tasks that came out of the meeting. */
export async function ActionItemsTab({ id, mayUpdate }: ActionItemsTabProps) {
  const items = await readPageActionItems(await contextOf(await requireSession()), id);
  return <ActionItemList meetingId={id} items={items} mayUpdate={mayUpdate} />;
}
