"use client";

import { useTheme } from "next-themes";
import { useSyncExternalStore } from "react";
import { themes } from "@/components/shell/themes";
import { Button } from "@/components/ui/button";

const never = () => () => {};

/** Switches the gallery's theme; the choice is known only in the browser. */
export function ThemeToggle() {
  const { theme, setTheme } = useTheme();
  const known = useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
  return (
    <fieldset className="flex gap-1">
      <legend className="sr-only">Theme</legend>
      {themes.map(({ value, label, icon: Icon }) => (
        <Button
          key={value}
          size="sm"
          variant={known && theme === value ? "secondary" : "ghost"}
          aria-pressed={known && theme === value}
          onClick={() => setTheme(value)}
        >
          <Icon aria-hidden />
          <span className="max-sm:sr-only">{label}</span>
        </Button>
      ))}
    </fieldset>
  );
}
