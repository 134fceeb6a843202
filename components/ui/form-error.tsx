import { Notice } from "@/components/ui/notice";
import type { Problem } from "@/components/ui/problem";

/** The failure of a whole form, above its buttons; announced at once. Renders nothing for null. */
export function FormError({ error }: { readonly error: Problem | null | undefined }) {
  if (error === null || error === undefined) return null;
  return (
    <Notice tone="danger" live="alert" title={error.message}>
      {error.fix === undefined ? undefined : <p>{error.fix}</p>}
      {error.request_id === undefined ? undefined : (
        <p className="mt-1 font-mono text-ink-muted text-xs">{error.request_id}</p>
      )}
    </Notice>
  );
}
