"use client";

import { useEffect, useState } from "react";
import type { ConnectableTool } from "@/app/(app)/settings/integrations/[provider]/connectable-tool";
import { beginConnect } from "@/app/(app)/settings/integrations/actions";
import { useAction } from "@/components/hooks/use-action";

interface ConnectOptions {
  readonly fields?: Readonly<Record<string, string>>;
  readonly replaceAccount?: boolean;
}

/** Sends the browser to the tool's sign-in; `isLeaving` lasts until the page is gone. */
export function useConnect({ slug, connection }: Pick<ConnectableTool, "slug" | "connection">) {
  const [isGone, setIsGone] = useState(false);
  const { run, pending, error, reset } = useAction(beginConnect, {
    onSuccess: ({ url }) => {
      setIsGone(true);
      window.location.assign(url);
    },
  });
  useEffect(() => {
    // The Back button may show this page as it was left.
    const back = (event: PageTransitionEvent) => event.persisted && setIsGone(false);
    window.addEventListener("pageshow", back);
    return () => window.removeEventListener("pageshow", back);
  }, []);
  const isAgain = connection !== null && connection.status !== "disconnected";
  return {
    isLeaving: pending || isGone,
    error,
    reset,
    connect: ({ fields = {}, replaceAccount = false }: ConnectOptions = {}) =>
      void run({
        ...{ slug, fields, replaceAccount },
        ...(isAgain ? { connectionId: connection.id } : {}),
      }),
  };
}
