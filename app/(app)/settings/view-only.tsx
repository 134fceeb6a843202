import { Eye, Lock } from "lucide-react";
import { Badge } from "@/components/ui/badge";
import { EmptyState } from "@/components/ui/empty-state";

/** Beside the title of a page whose content one may see but not change. */
export function ViewOnly() {
  return (
    <Badge>
      <Eye aria-hidden />
      View only
    </Badge>
  );
}

/** Stands where a page would be that the person's role does not include. */
export function NotAllowed({ what }: { readonly what: string }) {
  return (
    <EmptyState icon={Lock} title={`Your role does not include ${what}`}>
      Ask an admin of the workspace to change your role, or to look it up for you.
    </EmptyState>
  );
}
