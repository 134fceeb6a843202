import { Square, SquareCheck } from "lucide-react";
import ReactMarkdown, { type Components } from "react-markdown";
import remarkGfm from "remark-gfm";
import { cn } from "@/components/ui/cn";

// Headings start at level 3, below the page's title and the section's; many texts begin with "##".
const components: Components = {
  h1: ({ node: _, ...props }) => <h3 {...props} />,
  h2: ({ node: _, ...props }) => <h3 {...props} />,
  h3: ({ node: _, ...props }) => <h4 {...props} />,
  h4: ({ node: _, ...props }) => <h5 {...props} />,
  a: ({ node: _, ...props }) => <a {...props} target="_blank" rel="noopener noreferrer nofollow" />,
  // A picture from elsewhere would tell its host who reads this meeting.
  img: ({ alt }) => <em>{alt === undefined || alt === "" ? "Image" : `Image: ${alt}`}</em>,
  input: ({ checked }) => <TaskBox done={checked === true} />,
  pre: ({ node: _, ...props }) => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard must be able to scroll it
    <pre tabIndex={0} {...props} />
  ),
};

function TaskBox({ done }: { readonly done: boolean }) {
  const Icon = done ? SquareCheck : Square;
  return (
    <span role="img" aria-label={done ? "Done:" : "Open:"} className="mr-1.5 inline-block">
      <Icon aria-hidden className="-mt-0.5 inline size-4 text-ink-muted" />
    </span>
  );
}

interface MarkdownProps {
  readonly children: string;
  readonly className?: string;
}

/**
 * Text written by people or engines, as GitHub-flavoured Markdown. Raw HTML stays text, unsafe links
 * lose their address. Use it in server components only: the parser is large.
 */
export function Markdown({ children, className }: MarkdownProps) {
  return (
    <div
      className={cn(
        "min-w-0 space-y-3 break-words text-base leading-6",
        "[&_h3]:mt-5 [&_h3]:font-semibold [&_h3]:text-lg [&_h4]:mt-4 [&_h4]:font-semibold [&_h5]:font-medium [&_h6]:font-medium [&_h6]:text-ink-muted",
        "[&_ol]:list-decimal [&_ol]:pl-5 [&_ul:not(.contains-task-list)]:list-disc [&_ul:not(.contains-task-list)]:pl-5 [&_li]:my-1 [&_li::marker]:text-ink-faint",
        "[&_a]:text-brand-ink [&_a]:underline [&_a]:decoration-brand-line [&_a]:underline-offset-2 hover:[&_a]:decoration-current [&_strong]:font-semibold",
        "[&_blockquote]:border-l-2 [&_blockquote]:pl-3 [&_blockquote]:text-ink-muted",
        "[&_code]:rounded-sm [&_code]:bg-hover [&_code]:px-1 [&_code]:py-0.5 [&_code]:font-mono [&_code]:text-sm [&_pre]:overflow-x-auto [&_pre]:rounded-lg [&_pre]:border [&_pre]:bg-sunken [&_pre]:p-3 [&_pre_code]:bg-transparent [&_pre_code]:p-0",
        "[&_table]:block [&_table]:overflow-x-auto [&_td]:border [&_td]:px-2 [&_td]:py-1 [&_th]:border [&_th]:bg-sunken [&_th]:px-2 [&_th]:py-1 [&_th]:text-left [&_th]:font-medium [&_hr]:my-4",
        className,
      )}
    >
      <ReactMarkdown remarkPlugins={[remarkGfm]} components={components}>
        {children}
      </ReactMarkdown>
    </div>
  );
}
