"use client";

import dynamic from "next/dynamic";
import { useEffect, useState } from "react";
import { onFirstToast } from "@/components/ui/toast";

const ToastRegion = dynamic(
  () => import("@/components/ui/toast-region").then((module) => module.ToastRegion),
  { ssr: false },
);

/** Where toasts appear; stands once in Providers. Raise one with `toast` from "@/components/ui/toast". */
export function Toaster() {
  const [wanted, setWanted] = useState(false);
  useEffect(() => onFirstToast(() => setWanted(true)), []);
  return wanted ? <ToastRegion /> : null;
}
