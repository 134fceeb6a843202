import { Popover } from "radix-ui";

// A module of its own, so that it can be fetched on its own.
export const Root = Popover.Root;
export const Trigger = Popover.Trigger;
export const Portal = Popover.Portal;
export const Content = Popover.Content;
export const Close = Popover.Close;
