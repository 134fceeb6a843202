"use client";

import dynamic from "next/dynamic";
import { Modal, ModalTrigger, useEverOpen, useModal } from "@/components/ui/modal";
import type { SheetContentProps } from "@/components/ui/sheet-window";

const SheetWindow = dynamic(
  () => import("@/components/ui/sheet-window").then((module) => module.SheetWindow),
  { ssr: false },
);

export const Sheet = Modal;
export const SheetTrigger = ModalTrigger;

/** A drawer over the edge of the page, for a detail that leaves its list in sight. */
export function SheetContent(props: SheetContentProps) {
  const { open, setOpen } = useModal();
  if (!useEverOpen(open)) return null;
  return <SheetWindow {...props} open={open} onOpenChange={setOpen} />;
}
