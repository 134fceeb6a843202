/** The floating surface of menus, selects and popovers. */
export const menuSurface =
  "z-50 overflow-y-auto rounded-lg border bg-raised p-1 text-ink shadow-float data-[state=open]:animate-pop-in data-[state=closed]:animate-pop-out";

/** One line of a menu or select; the highlight follows both pointer and keyboard. */
export const menuItem =
  "relative flex min-h-8 cursor-default select-none items-center gap-2 rounded-md px-2 py-1.5 text-sm outline-none data-[disabled]:pointer-events-none data-[highlighted]:bg-hover data-[disabled]:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0";
