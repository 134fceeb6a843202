"use client";

import { setSingleKeys, useSingleKeys } from "@/components/hooks/use-single-keys";
import { goTo } from "@/components/shell/shortcuts";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Kbd } from "@/components/ui/kbd";
import { Switch } from "@/components/ui/switch";

interface ShortcutsDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

const general = [
  { label: "Search or go to", keys: ["mod", "K"] },
  { label: "Search on this page", keys: ["/"] },
  { label: "This list", keys: ["?"] },
  { label: "Close what is open", keys: ["Esc"] },
] as const;

const recording = [
  { label: "Play or pause, by the space key too", keys: ["K"] },
  { label: "Back 10 seconds", keys: ["J"] },
  { label: "Forward 10 seconds", keys: ["L"] },
  { label: "Back or forward 5 seconds", keys: ["←", "→"] },
  { label: "Mute", keys: ["M"] },
  { label: "Play from the chosen turn", keys: ["Enter"] },
  { label: "Edit the chosen turn", keys: ["E"] },
] as const;

/** The list of keys, and the switch for those that need no modifier. */
export function ShortcutsDialog({ open, onOpenChange }: ShortcutsDialogProps) {
  const singleKeys = useSingleKeys();
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent title="Keyboard shortcuts">
        <dl className="divide-y">
          {general.map(({ label, keys }) => (
            <Line key={label} label={label} keys={keys} />
          ))}
          {goTo.map(({ label, key }) => (
            <Line key={label} label={label} keys={["g", key]} />
          ))}
        </dl>
        <h3 className="font-semibold text-base">On the page of a meeting</h3>
        <dl className="divide-y">
          {recording.map(({ label, keys }) => (
            <Line key={label} label={label} keys={keys} />
          ))}
        </dl>
        <Switch
          label="Single keys"
          description="Switch off if dictation or another program presses them for you. ⌘K and Ctrl K stay."
          checked={singleKeys}
          onCheckedChange={setSingleKeys}
        />
      </DialogContent>
    </Dialog>
  );
}

function Line({ label, keys }: { readonly label: string; readonly keys: readonly string[] }) {
  return (
    <div className="flex items-center justify-between gap-4 py-1.5 text-base">
      <dt>{label}</dt>
      <dd className="text-ink-muted">
        <Kbd keys={keys} />
      </dd>
    </div>
  );
}
