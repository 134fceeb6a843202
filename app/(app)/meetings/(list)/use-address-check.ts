"use client";

import { useEffect, useRef, useState } from "react";
import { checkAddress } from "@/app/(app)/meetings/(list)/upload-actions";
import { problemText } from "@/components/ui/problem";
import type { RemoteRecording } from "@/lib/uploads/import-url";

export type AddressState =
  | { readonly state: "empty" | "checking" }
  | { readonly state: "found"; readonly remote: RemoteRecording }
  | { readonly state: "refused"; readonly why: string };

/** Somebody is still typing for this long after a key. */
const restMs = 600;
const unreachable = "Harmony could not be reached. Check your connection, then change the address.";

/** Looks at an address by itself, a moment after the last key; the answer for an older one is never shown. */
export function useAddressCheck(
  url: string,
  onChange: (remote: RemoteRecording | null) => void,
): AddressState {
  const [found, setFound] = useState<AddressState>({ state: "empty" });
  const tell = useRef(onChange);
  tell.current = onChange;

  useEffect(() => {
    tell.current(null);
    const address = url.trim();
    if (address === "") {
      setFound({ state: "empty" });
      return;
    }
    setFound({ state: "checking" });
    let isCurrent = true;
    const timer = setTimeout(async () => {
      const result = await checkAddress({ url: address }).catch(() => null);
      if (!isCurrent) return;
      if (result?.ok) {
        setFound({ state: "found", remote: result.data });
        tell.current(result.data);
      } else {
        setFound({ state: "refused", why: result ? problemText(result.error) : unreachable });
      }
    }, restMs);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [url]);
  return found;
}
