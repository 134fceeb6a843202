import "@fontsource-variable/inter";
import "@fontsource-variable/jetbrains-mono";
import "@/app/globals.css";
import type { Metadata, Viewport } from "next";
import { headers } from "next/headers";
import type { ReactNode } from "react";
import { Providers } from "@/components/providers";

export const metadata: Metadata = {
  title: { default: "Harmony", template: "%s · Harmony" },
  description: "Meetings turned into transcripts, summaries, action items and insights.",
};

export const viewport: Viewport = {
  colorScheme: "light dark",
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f9fafa" },
    { media: "(prefers-color-scheme: dark)", color: "#0c0f10" },
  ],
};

/**
 * Awaiting the headers makes every page dynamic. A prerendered page would carry no nonce, and the
 * content security policy would stop all of its scripts.
 */
export default async function RootLayout({ children }: { readonly children: ReactNode }) {
  const nonce = (await headers()).get("x-nonce");
  return (
    <html lang="en" suppressHydrationWarning>
      <body>
        <Providers {...(nonce === null ? {} : { nonce })}>{children}</Providers>
      </body>
    </html>
  );
}
