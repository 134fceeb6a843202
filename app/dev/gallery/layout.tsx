import type { Metadata } from "next";
import { notFound } from "next/navigation";
import type { ReactNode } from "react";
import { env } from "@/lib/core/env";

export const metadata: Metadata = { title: "Gallery", robots: { index: false } };

/** The gallery is a workshop: it does not exist in production. */
export default function GalleryLayout({ children }: { readonly children: ReactNode }) {
  if (env().isProduction) notFound();
  return children;
}
