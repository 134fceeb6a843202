"use client";

import dynamic from "next/dynamic";
import type { DialogContentProps } from "@/components/ui/dialog-window";
import { Modal, ModalClose, ModalTrigger, useEverOpen, useModal } from "@/components/ui/modal";

const DialogWindow = dynamic(
  () => import("@/components/ui/dialog-window").then((module) => module.DialogWindow),
  { ssr: false },
);

export const Dialog = Modal;
export const DialogTrigger = ModalTrigger;
export const DialogClose = ModalClose;

/**
 * A modal window; focus goes in when it opens and back to where it was when it closes. The code of
 * the window comes with its first opening, so a page may hold many dialogs.
 */
export function DialogContent(props: DialogContentProps) {
  const { open, setOpen } = useModal();
  if (!useEverOpen(open)) return null;
  return <DialogWindow {...props} open={open} onOpenChange={setOpen} />;
}
