/** What a toast may carry besides its sentence. */
export interface ToastOptions {
  readonly description?: string;
  /** One way to act on it, "Undo" for example. */
  readonly action?: { readonly label: string; readonly onClick: () => void };
  /** Milliseconds on screen; 6000 unless said otherwise. */
  readonly duration?: number;
}

export interface Toast {
  readonly kind: "success" | "error" | "warning" | "info" | "message";
  readonly message: string;
  readonly options: ToastOptions;
}

type Show = (toast: Toast) => void;

// The toaster's code comes with the first toast; until it is there toasts wait here.
let waiting: Toast[] = [];
let show: Show | null = null;
let wake: (() => void) | null = null;

function raise(kind: Toast["kind"]) {
  return (message: string, options: ToastOptions = {}) => {
    const next: Toast = { kind, message, options };
    if (show !== null) show(next);
    else {
      waiting.push(next);
      wake?.();
    }
  };
}

/** Says in passing what happened; a toast never carries what is needed later. Browser only. */
export const toast = {
  success: raise("success"),
  error: raise("error"),
  warning: raise("warning"),
  info: raise("info"),
  message: raise("message"),
};

/** For the toaster: called when the first toast waits, at once when one does already. */
export function onFirstToast(listener: () => void): () => void {
  wake = listener;
  if (waiting.length > 0) listener();
  return () => {
    wake = null;
  };
}

/** For the toaster: takes over what waits and everything from now on. */
export function takeToasts(handler: Show): () => void {
  show = handler;
  for (const next of waiting) handler(next);
  waiting = [];
  return () => {
    show = null;
  };
}
