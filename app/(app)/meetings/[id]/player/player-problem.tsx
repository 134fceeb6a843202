"use client";

import { RotateCw } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Spinner } from "@/components/ui/spinner";

interface Why {
  readonly title: string;
  readonly fix: string;
}

const timeoutMs = 10_000;

const unreachable: Why = {
  title: "The recording could not be loaded",
  fix: "Check your connection, then try again.",
};

/** A media element does not say why it failed: the answer to a request for the same file does. */
async function reasonOf(src: string, signal: AbortSignal): Promise<Why> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const response = await fetch(src, { method: "HEAD", signal: limit }).catch(() => null);
  if (response === null) return unreachable;
  if (response.status === 401) {
    return { title: "You are signed out", fix: "Reload the page and sign in again." };
  }
  if (response.status === 404 || response.status === 410) {
    return {
      title: "The recording is not here any more",
      fix: "It was removed, by somebody or by the workspace’s retention. The transcript stays.",
    };
  }
  if (!response.ok) return unreachable;
  return {
    title: "This browser cannot play this recording",
    fix: "Its format is unknown to it, or the file is damaged. Another browser may play it.",
  };
}

interface PlayerProblemProps {
  readonly src: string;
  readonly onRetry: () => void;
}

/** Why there is nothing to hear, and what helps. */
export function PlayerProblem({ src, onRetry }: PlayerProblemProps) {
  const [why, setWhy] = useState<Why | null>(null);
  useEffect(() => {
    const asking = new AbortController();
    const find = async () => {
      const reason = await reasonOf(src, asking.signal);
      if (!asking.signal.aborted) setWhy(reason);
    };
    void find();
    return () => asking.abort();
  }, [src]);
  if (why === null) return <Spinner label="Finding out why the recording does not play" />;
  return (
    <Notice
      tone="warning"
      live="status"
      title={why.title}
      action={
        <Button size="sm" onClick={onRetry}>
          <RotateCw />
          Try again
        </Button>
      }
    >
      <p>{why.fix}</p>
    </Notice>
  );
}
