"use client";

import dynamic from "next/dynamic";
import type { ConfirmDialogProps } from "@/components/ui/confirm-window";
import { useEverOpen } from "@/components/ui/modal";

const ConfirmWindow = dynamic(
  () => import("@/components/ui/confirm-window").then((module) => module.ConfirmWindow),
  { ssr: false },
);

/** Asks before something that hurts. Cancel has the focus; Escape cancels. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  if (!useEverOpen(props.open)) return null;
  return <ConfirmWindow {...props} />;
}
