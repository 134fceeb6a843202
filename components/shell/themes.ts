import { type LucideIcon, Monitor, Moon, Sun } from "lucide-react";

/** The choices of next-themes, as people read them. */
export const themes: readonly {
  readonly value: string;
  readonly label: string;
  readonly icon: LucideIcon;
}[] = [
  { value: "system", label: "As the system", icon: Monitor },
  { value: "light", label: "Light", icon: Sun },
  { value: "dark", label: "Dark", icon: Moon },
];
