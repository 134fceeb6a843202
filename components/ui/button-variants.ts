import { cva, type VariantProps } from "class-variance-authority";

/** Classes of a button, for things that are links or labels but look like one. */
export const buttonVariants = cva(
  "relative inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-lg font-medium transition-colors disabled:cursor-not-allowed disabled:opacity-50 aria-disabled:cursor-not-allowed [&_svg]:pointer-events-none [&_svg]:size-4 [&_svg]:shrink-0",
  {
    variants: {
      variant: {
        primary: "bg-brand text-on-brand shadow-lift hover:bg-brand-hover",
        secondary: "border bg-surface text-ink shadow-lift hover:bg-hover",
        ghost: "text-ink-muted hover:bg-hover hover:text-ink data-[state=open]:bg-hover",
        danger: "bg-danger-fill text-on-danger shadow-lift hover:bg-danger-fill-hover",
        link: "text-brand-ink underline decoration-brand-line underline-offset-4 hover:decoration-current",
      },
      size: {
        sm: "h-7 px-2.5 text-sm",
        md: "h-8 px-3 text-sm",
        lg: "h-9 px-4 text-base",
        icon: "size-8 text-sm",
        "icon-sm": "size-7 text-sm",
      },
    },
    compoundVariants: [{ variant: "link", class: "h-auto rounded-sm px-0" }],
    defaultVariants: { variant: "secondary", size: "md" },
  },
);

export type ButtonVariants = VariantProps<typeof buttonVariants>;
