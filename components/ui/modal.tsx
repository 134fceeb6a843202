"use client";

import { Slot } from "radix-ui";
import { type ComponentProps, createContext, type ReactNode, useContext, useState } from "react";

interface ModalState {
  readonly open: boolean;
  readonly setOpen: (open: boolean) => void;
}

const ModalContext = createContext<ModalState | null>(null);

/** The state of the dialog or sheet around. Throws outside of one. */
export function useModal(): ModalState {
  const state = useContext(ModalContext);
  if (state === null) throw new Error("Put this inside a Dialog or a Sheet");
  return state;
}

/** True from the first opening on: only then is the window's code asked for. */
export function useEverOpen(open: boolean): boolean {
  const [ever, setEver] = useState(open);
  if (open && !ever) setEver(true);
  return ever || open;
}

interface ModalProps {
  readonly open?: boolean;
  readonly defaultOpen?: boolean;
  readonly onOpenChange?: (open: boolean) => void;
  readonly children?: ReactNode;
}

/** Whether a dialog or sheet is open; controlled by `open` or on its own. */
export function Modal({ open, defaultOpen = false, onOpenChange, children }: ModalProps) {
  const [own, setOwn] = useState(defaultOpen);
  const state: ModalState = {
    open: open ?? own,
    setOpen: (next) => {
      setOwn(next);
      onOpenChange?.(next);
    },
  };
  return <ModalContext.Provider value={state}>{children}</ModalContext.Provider>;
}

interface ModalButtonProps extends ComponentProps<"button"> {
  /** Gives the behaviour to the only child instead of rendering a button. */
  readonly asChild?: boolean;
}

/** Opens the dialog or sheet around. */
export function ModalTrigger({ asChild = false, ...props }: ModalButtonProps) {
  const { open, setOpen } = useModal();
  const wiring = {
    "aria-haspopup": "dialog",
    "aria-expanded": open,
    onClick: () => setOpen(true),
  } as const;
  if (asChild) return <Slot.Root {...props} {...wiring} />;
  return <button type="button" {...props} {...wiring} />;
}

/** Closes the dialog or sheet around. */
export function ModalClose({ asChild = false, ...props }: ModalButtonProps) {
  const { setOpen } = useModal();
  const wiring = { onClick: () => setOpen(false) };
  if (asChild) return <Slot.Root {...props} {...wiring} />;
  return <button type="button" {...props} {...wiring} />;
}
