"use client";

import type { ComponentProps } from "react";
import { SectionError } from "@/app/(app)/section-error";

export default function MeetingsError(props: Omit<ComponentProps<typeof SectionError>, "title">) {
  return <SectionError title="Meetings could not be shown" {...props} />;
}
