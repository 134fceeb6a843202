import { DropdownMenu } from "radix-ui";

// A module of its own, so that it can be fetched on its own.
export const Root = DropdownMenu.Root;
export const Trigger = DropdownMenu.Trigger;
export const Portal = DropdownMenu.Portal;
export const Content = DropdownMenu.Content;
export const Item = DropdownMenu.Item;
export const RadioGroup = DropdownMenu.RadioGroup;
export const RadioItem = DropdownMenu.RadioItem;
export const ItemIndicator = DropdownMenu.ItemIndicator;
export const Label = DropdownMenu.Label;
export const Separator = DropdownMenu.Separator;
