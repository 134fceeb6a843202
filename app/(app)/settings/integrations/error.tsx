"use client";

import type { ComponentProps } from "react";
import { SectionError } from "@/app/(app)/section-error";

export default function IntegrationsError(
  props: Omit<ComponentProps<typeof SectionError>, "title">,
) {
  return <SectionError title="This page could not be shown" {...props} />;
}
