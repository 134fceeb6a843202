"use client";

import type { ComponentProps } from "react";
import { SectionError } from "@/app/(app)/section-error";

export default function ContactsError(props: Omit<ComponentProps<typeof SectionError>, "title">) {
  return <SectionError title="Contacts could not be shown" {...props} />;
}
