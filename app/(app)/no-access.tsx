import { NotAllowed } from "@/app/(app)/settings/view-only";
import { PageHeader } from "@/components/ui/page-header";

interface NoAccessProps {
  /** The page's own title. */
  readonly title: string;
  /** Completes "Your role does not include …". */
  readonly what: string;
}

/** A whole page that the person's role does not include: its title, and why there is nothing below it. */
export function NoAccess({ title, what }: NoAccessProps) {
  return (
    <>
      <PageHeader title={title} />
      <NotAllowed what={what} />
    </>
  );
}
