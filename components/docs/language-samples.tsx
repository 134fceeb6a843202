import { CodeBlock } from "@/components/ui/code-block";

export interface LanguageSample {
  readonly language: keyof typeof looks;
  readonly code: string;
  /** The name of the file that this is; the sample's title otherwise. */
  readonly file?: string;
}

interface LanguageSamplesProps {
  /** Unique on the page: "paginate". */
  readonly id: string;
  /** What the samples do: "Read every meeting". */
  readonly title: string;
  readonly samples: readonly LanguageSample[];
  /** Whole files: they scroll inside their block. */
  readonly isLong?: boolean;
}

// Whole class names, so that Tailwind finds them. A browser without :has() ignores the rule and shows all of them.
const looks = {
  curl: { label: "curl", hide: "not-group-has-[[value=curl]:checked]/samples:hidden" },
  python: { label: "Python", hide: "not-group-has-[[value=python]:checked]/samples:hidden" },
  javascript: {
    label: "JavaScript",
    hide: "not-group-has-[[value=javascript]:checked]/samples:hidden",
  },
  node: { label: "Node.js", hide: "not-group-has-[[value=node]:checked]/samples:hidden" },
  ruby: { label: "Ruby", hide: "not-group-has-[[value=ruby]:checked]/samples:hidden" },
} as const;

/** The same thing in several languages. The choice is a radio group, so it works without JavaScript. */
export function LanguageSamples({ id, title, samples, isLong = false }: LanguageSamplesProps) {
  return (
    <fieldset className="group/samples mt-4 min-w-0 max-w-3xl">
      <legend className="sr-only">{`${title}: language`}</legend>
      <div className="mb-2 inline-flex rounded-lg border bg-canvas p-0.5">
        {samples.map(({ language }, index) => (
          <label
            key={language}
            htmlFor={`${id}-${language}`}
            className="relative flex h-7 items-center rounded-md px-2.5 font-medium text-ink-muted text-sm transition-colors hover:text-ink has-checked:bg-surface has-checked:text-ink has-checked:shadow-lift has-focus-visible:outline-2 has-focus-visible:outline-ring"
          >
            <input
              type="radio"
              id={`${id}-${language}`}
              name={id}
              value={language}
              defaultChecked={index === 0}
              className="absolute inset-0 cursor-pointer appearance-none rounded-md focus-visible:outline-none"
            />
            {looks[language].label}
          </label>
        ))}
      </div>
      {samples.map(({ language, code, file }) => (
        <div key={language} className={looks[language].hide}>
          <CodeBlock
            samples={[{ label: file ?? `${title}: ${looks[language].label}`, code }]}
            className={isLong ? "" : "[&_pre]:max-h-none"}
          />
        </div>
      ))}
    </fieldset>
  );
}
