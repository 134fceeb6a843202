import type { ReactNode } from "react";
import { Logo } from "@/components/ui/logo";

interface AuthFrameProps {
  readonly title: string;
  readonly description?: ReactNode;
  readonly children: ReactNode;
  readonly footnote?: ReactNode;
}

/** The pages before one is signed in: one narrow column, and on wide screens a quiet picture beside it. */
export function AuthFrame({ title, description, children, footnote }: AuthFrameProps) {
  return (
    <div className="grid min-h-dvh bg-surface lg:grid-cols-[minmax(0,1fr)_minmax(0,26rem)] xl:grid-cols-[minmax(0,1fr)_minmax(0,34rem)]">
      <main className="grid min-h-dvh grid-rows-[auto_1fr_auto] gap-8 px-5 py-6 sm:px-8">
        <Logo wordmark />
        <div className="w-full max-w-sm self-center justify-self-center">
          <h1 className="text-balance font-semibold text-2xl">{title}</h1>
          {description === undefined ? null : (
            <div className="mt-2 text-pretty text-base text-ink-muted">{description}</div>
          )}
          <div className="mt-7 flex flex-col gap-6">{children}</div>
        </div>
        <div className="min-h-5 text-ink-muted text-sm">{footnote}</div>
      </main>
      <Voices />
    </div>
  );
}

const bars = [
  14, 22, 9, 30, 46, 26, 58, 38, 70, 52, 86, 64, 100, 78, 92, 60, 74, 48, 66, 34, 50, 24, 36, 16,
  26, 10, 18,
] as const;

/** Many voices, one sound: decoration only, without words that anyone would miss. */
function Voices() {
  return (
    <div
      aria-hidden
      className="relative hidden overflow-hidden border-l bg-brand-tint lg:grid lg:place-items-center"
    >
      <svg viewBox="0 0 270 220" className="w-3/4 max-w-sm text-brand" role="presentation">
        {bars.map((height, index) => (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: the bars are fixed and never move
            key={index}
            x={index * 10 + 2}
            y={110 - height}
            width="5"
            height={height * 2}
            rx="2.5"
            fill="currentColor"
            opacity={0.22 + (height / 100) * 0.68}
          />
        ))}
      </svg>
    </div>
  );
}
