"use client";

import { useState } from "react";
import { signOut } from "@/app/(auth)/sign-out-action";
import { useAction } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";

interface SignOutButtonProps {
  readonly label?: string;
  /** Where to go afterwards: a path of ours. */
  readonly next?: string;
}

/** Signs out of this browser and leaves by a full page load, so that nothing of the session stays behind. */
export function SignOutButton({ label = "Sign out", next = "/login" }: SignOutButtonProps) {
  const [leaving, setLeaving] = useState(false);
  const action = useAction(signOut, {
    onSuccess: () => {
      setLeaving(true);
      window.location.assign(next);
    },
  });
  return (
    <Button size="lg" loading={action.pending || leaving} onClick={() => void action.run({})}>
      {label}
    </Button>
  );
}
