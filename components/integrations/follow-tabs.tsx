"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";

interface FollowTabsProps {
  /** The state of each tool's connection as this page shows it, by slug. */
  readonly shown: Readonly<Record<string, string>>;
}

const channelName = "harmony-connections";

/**
 * Keeps the tabs of a browser alike: each says which connections it shows and how, and one that hears something else
 * about a tool of its own reads its page anew. What was typed into it stays.
 */
export function FollowTabs({ shown }: FollowTabsProps) {
  const router = useRouter();
  const text = JSON.stringify(shown);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a page that was read anew has the same in a new object
  useEffect(() => {
    const own = new Map(Object.entries(shown));
    const channel = new BroadcastChannel(channelName);
    channel.onmessage = ({ data }: MessageEvent<ReadonlyMap<string, string>>) => {
      const differs = [...data].some(([slug, state]) => (own.get(slug) ?? state) !== state);
      if (differs) router.refresh();
    };
    channel.postMessage(own);
    return () => channel.close();
  }, [router, text]);
  return null;
}
