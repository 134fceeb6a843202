"use client";

import type { UploadDraft } from "@/app/(app)/meetings/(list)/upload-draft";
import { Field } from "@/components/ui/field";
import { NativeSelect } from "@/components/ui/native-select";

interface UploadListeningProps {
  readonly draft: UploadDraft;
  readonly errors: Readonly<Record<string, string>>;
  readonly onChange: (changes: Partial<UploadDraft>) => void;
}

const languages = [
  ...["en", "ar", "cs", "da", "de", "es", "fi", "fr", "hi", "it", "ja", "ko", "nb", "nl"],
  ...["pl", "pt", "ru", "sv", "tr", "uk", "zh"],
];
const speakers = Array.from({ length: 20 }, (_, index) => String(index + 1));

/** What helps with listening to a recording. */
export function UploadListening({ draft, errors, onChange }: UploadListeningProps) {
  const names = new Intl.DisplayNames("en", { type: "language" });
  return (
    <div className="grid gap-5 sm:grid-cols-2">
      <Field label="Language" error={errors.language}>
        <NativeSelect
          value={draft.language}
          onChange={(event) => onChange({ language: event.target.value })}
        >
          <option value="auto">Find out</option>
          {languages.map((tag) => (
            <option key={tag} value={tag}>
              {names.of(tag)}
            </option>
          ))}
        </NativeSelect>
      </Field>
      <Field label="People who speak" error={errors.speakers}>
        <NativeSelect
          value={draft.speakers}
          onChange={(event) => onChange({ speakers: event.target.value })}
        >
          <option value="">Find out</option>
          {speakers.map((count) => (
            <option key={count} value={count}>
              {count}
            </option>
          ))}
        </NativeSelect>
      </Field>
    </div>
  );
}
