"use client";

import { CloudUpload } from "lucide-react";
import { type DragEvent, type ReactNode, useId, useState } from "react";
import { type FileRules, refuseFile } from "@/components/ui/accept-file";
import { buttonVariants } from "@/components/ui/button-variants";
import { cn } from "@/components/ui/cn";

interface FileDropProps extends FileRules {
  /** Names the control: "Meeting file". */
  readonly label: string;
  /** Formats and limits in words. */
  readonly hint?: ReactNode;
  readonly multiple?: boolean;
  readonly disabled?: boolean;
  /** Gets only files that pass the rules; refused ones are explained under the zone. */
  readonly onFiles: (files: readonly File[]) => void;
  readonly className?: string;
}

/** A place to drop files, which is also an ordinary file field for keyboard and screen reader. */
export function FileDrop(props: FileDropProps) {
  const { label, hint, accept, maxBytes, multiple = false, disabled = false, onFiles } = props;
  const id = useId();
  const [over, setOver] = useState(false);
  const [refusals, setRefusals] = useState<readonly string[]>([]);

  const take = (files: readonly File[]) => {
    const chosen = multiple ? files : files.slice(0, 1);
    const rules = {
      ...(accept === undefined ? {} : { accept }),
      ...(maxBytes === undefined ? {} : { maxBytes }),
    };
    const reasons = chosen.map((file) => refuseFile(file, rules));
    const extra =
      files.length > chosen.length ? ["Only one file at a time. The first one was taken."] : [];
    setRefusals([...reasons.filter((reason) => reason !== null), ...extra]);
    const good = chosen.filter((_, index) => reasons[index] === null);
    if (good.length > 0) onFiles(good);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (!disabled) take(Array.from(event.dataTransfer.files));
  };
  return (
    <div className={cn("flex flex-col gap-2", props.className)}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is the extra; the field inside is the control */}
      <div
        onDrop={drop}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(!disabled);
        }}
        onDragLeave={() => setOver(false)}
        data-over={over}
        className={cn(
          "relative flex flex-col items-center gap-3 rounded-lg border border-line-control border-dashed bg-canvas px-6 py-8 text-center transition-colors data-[over=true]:border-brand data-[over=true]:bg-brand-tint",
          disabled && "border-line",
        )}
      >
        <CloudUpload aria-hidden className="size-6 text-ink-faint" />
        <div className="flex flex-wrap items-center justify-center gap-x-2 gap-y-1.5">
          <input
            id={id}
            type="file"
            aria-label={label}
            {...(hint === undefined ? {} : { "aria-describedby": `${id}-hint` })}
            multiple={multiple}
            disabled={disabled}
            {...(accept === undefined ? {} : { accept: accept.join(",") })}
            onChange={(event) => {
              take(Array.from(event.target.files ?? []));
              // The same file may be chosen again after a refusal.
              event.target.value = "";
            }}
            className="peer sr-only"
          />
          <label
            htmlFor={id}
            aria-hidden
            className={cn(
              buttonVariants({ variant: "secondary" }),
              "peer-focus-visible:outline-2 peer-focus-visible:outline-ring peer-focus-visible:outline-offset-2 peer-disabled:cursor-not-allowed peer-disabled:opacity-50",
            )}
          >
            {multiple ? "Choose files" : "Choose a file"}
          </label>
          <span className="text-ink-muted text-sm pointer-coarse:hidden">
            {over ? "Drop it here" : "or drop it here"}
          </span>
        </div>
        {hint === undefined ? null : (
          <p id={`${id}-hint`} className="text-pretty text-ink-muted text-xs">
            {hint}
          </p>
        )}
      </div>
      <div role="alert" className="flex flex-col gap-1 text-danger-ink text-sm empty:hidden">
        {refusals.map((reason) => (
          <p key={reason}>{reason}</p>
        ))}
      </div>
    </div>
  );
}
