"use client";

import { Pencil } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { useEverOpen } from "@/components/ui/modal";
import type { OAuthAppView } from "@/lib/oauth-server/schema";

// It comes with its first opening.
const OAuthAppSheet = dynamic(() =>
  import("@/app/(app)/settings/integrations/api/oauth-apps/oauth-app-sheet").then(
    (module) => module.OAuthAppSheet,
  ),
);

/** The button that opens the app's form. */
export function EditOAuthApp({ app }: { readonly app: OAuthAppView }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <Pencil />
        Edit
      </Button>
      {useEverOpen(open) ? (
        <OAuthAppSheet app={app} open={open} onClose={() => setOpen(false)} />
      ) : null}
    </>
  );
}
