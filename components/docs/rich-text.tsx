import { Fragment } from "react";

interface RichTextProps {
  readonly children: string;
}

/** A sentence of the OpenAPI document: what stands between backticks is code. */
export function RichText({ children }: RichTextProps) {
  const parts = children.split("`");
  // Two equal parts may follow each other; their place is what tells them apart.
  return parts.map((part, index) => {
    const key = `${index}:${part}`;
    return index % 2 === 1 ? <Code key={key}>{part}</Code> : <Fragment key={key}>{part}</Fragment>;
  });
}

/** A word of code inside a sentence. */
export function Code({ children }: RichTextProps) {
  return (
    <code className="break-words rounded-sm bg-hover px-1 py-0.5 font-mono text-ink text-sm">
      {children}
    </code>
  );
}
