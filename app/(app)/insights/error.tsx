"use client";

import type { ComponentProps } from "react";
import { SectionError } from "@/app/(app)/section-error";

export default function InsightsError(props: Omit<ComponentProps<typeof SectionError>, "title">) {
  return <SectionError title="Insights could not be shown" {...props} />;
}
