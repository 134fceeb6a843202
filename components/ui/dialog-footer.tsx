import type { ReactNode } from "react";

/** The button row of a dialog or sheet; inside a form put it last. */
export function DialogFooter({ children }: { readonly children: ReactNode }) {
  return (
    <div className="flex flex-col-reverse gap-2 rounded-b-lg border-t bg-canvas px-5 py-3 sm:flex-row sm:justify-end">
      {children}
    </div>
  );
}
