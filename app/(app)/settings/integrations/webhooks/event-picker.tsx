"use client";

import type { WebhookChoices } from "@/app/(app)/settings/integrations/webhooks/choices";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { useFieldControl, useFieldLabelId } from "@/components/ui/field-context";
import type { EventType } from "@/lib/events/schema";

interface EventPickerProps {
  readonly events: WebhookChoices["events"];
  readonly chosen: readonly EventType[];
  readonly onChange: (chosen: EventType[]) => void;
  readonly error: string | undefined;
}

/** The events that a webhook receives, one group a category. */
export function EventPicker({ error, ...rest }: EventPickerProps) {
  return (
    <Field group label="Events" hint="What the webhook is told about." error={error} required>
      <Categories {...rest} />
    </Field>
  );
}

function Categories({ events, chosen, onChange }: Omit<EventPickerProps, "error">) {
  const categories = [...new Set(events.map(({ category }) => category))];
  const { "aria-describedby": describedBy } = useFieldControl();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset takes its name from a legend only
    <div
      role="group"
      aria-labelledby={useFieldLabelId()}
      {...(describedBy === undefined ? {} : { "aria-describedby": describedBy })}
      className="divide-y rounded-lg border"
    >
      {categories.map((category) => (
        <Category
          key={category}
          category={category}
          events={events.filter((event) => event.category === category)}
          chosen={chosen}
          onChange={onChange}
        />
      ))}
    </div>
  );
}

interface CategoryProps extends Omit<EventPickerProps, "error"> {
  readonly category: string;
}

function Category({ category, events, chosen, onChange }: CategoryProps) {
  const types = events.map(({ type }) => type);
  const hasAll = types.every((type) => chosen.includes(type));
  const without = (gone: readonly EventType[]) => chosen.filter((type) => !gone.includes(type));
  return (
    <fieldset className="relative min-w-0 px-3 pt-2.5 pb-3">
      <legend className="float-left pt-0.5 font-medium text-sm">{category}</legend>
      <div className="flex justify-end">
        <Button
          variant="link"
          aria-label={`${hasAll ? "Deselect" : "Select"} all events of ${category}`}
          onClick={() => onChange(hasAll ? without(types) : [...without(types), ...types])}
        >
          {hasAll ? "Deselect all" : "Select all"}
        </Button>
      </div>
      <div className="clear-both flex flex-col gap-2.5 pt-2">
        {events.map(({ type, trigger }) => (
          <Checkbox
            key={type}
            label={<span className="font-mono text-sm">{type}</span>}
            description={trigger}
            checked={chosen.includes(type)}
            onCheckedChange={(on) => onChange(on ? [...chosen, type] : without([type]))}
          />
        ))}
      </div>
    </fieldset>
  );
}
