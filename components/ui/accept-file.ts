import { formatBytes } from "@/components/ui/format";

export interface FileRules {
  /** As in `<input accept>`: extensions with a dot, or types like `audio/*`. */
  readonly accept?: readonly string[];
  /** In bytes. */
  readonly maxBytes?: number;
}

interface FileFacts {
  readonly name: string;
  readonly type: string;
  readonly size: number;
}

function matches(file: FileFacts, pattern: string): boolean {
  if (pattern.startsWith(".")) return file.name.toLowerCase().endsWith(pattern.toLowerCase());
  if (pattern.endsWith("/*")) return file.type.startsWith(pattern.slice(0, -1));
  return file.type === pattern;
}

/**
 * Says why a file cannot be taken, in words for its owner, or null when it can. The browser's type
 * is a guess from the name; the server looks at the bytes.
 */
export function refuseFile(file: FileFacts, rules: FileRules): string | null {
  const { accept = [], maxBytes } = rules;
  if (accept.length > 0 && !accept.some((pattern) => matches(file, pattern))) {
    const extensions = accept.filter((pattern) => pattern.startsWith("."));
    const wanted = extensions.length === 0 ? "another format" : extensions.join(", ");
    return `“${file.name}” has a format that Harmony cannot read. Choose ${wanted}.`;
  }
  if (file.size === 0) return `“${file.name}” is empty. Choose another file.`;
  if (maxBytes !== undefined && file.size > maxBytes) {
    const size = formatBytes(file.size);
    return `“${file.name}” has ${size}; the limit is ${formatBytes(maxBytes)}. Choose a smaller file.`;
  }
  return null;
}
