import { Checkbox } from "@/components/ui/checkbox";
import { SCOPES, type Scope } from "@/lib/auth/scopes";
import type { ConsentRequest, ConsentWorkspace } from "@/lib/oauth-server/consent";

/** In plain words, with something of the person's own where there is something. */
function opens(scope: Scope, { samples }: ConsentWorkspace): string {
  const like = (text: string | null) => (text === null ? "" : `, such as “${text}”`);
  switch (scope) {
    case "meetings:read":
      return `Titles, people, transcripts, summaries and action items of meetings that you can see${like(samples.meeting)}.`;
    case "meetings:write":
      return "Adds recordings and transcripts as new meetings of yours. It changes and deletes nothing.";
    case "contacts:read":
      return `Names, addresses and companies of contacts in meetings that you can see${like(samples.contact)}.`;
    case "insights:read":
      return `Questions and their answers about meetings that you can see${like(samples.insight)}.`;
  }
}

interface ScopeChoiceProps {
  readonly request: ConsentRequest;
  readonly workspace: ConsentWorkspace;
  readonly given: readonly Scope[];
  readonly onChange: (scope: Scope, isOn: boolean) => void;
}

/** What the app gets; each kind of access can be left out. */
export function ScopeChoice({ request, workspace, given, onChange }: ScopeChoiceProps) {
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="mb-2 font-medium text-base">It will be able to</legend>
      {request.scopes.map((scope) => (
        <Checkbox
          key={scope}
          checked={given.includes(scope)}
          disabled={!workspace.scopes.includes(scope)}
          onCheckedChange={(isOn) => onChange(scope, isOn)}
          label={SCOPES[scope].title}
          description={
            workspace.scopes.includes(scope)
              ? opens(scope, workspace)
              : "Your role in this workspace does not include it, so the app will not get it."
          }
        />
      ))}
      {request.wantsIdentity ? (
        <p className="text-ink-muted text-sm">
          {request.scopes.length === 0
            ? "Learn your name and e-mail address, and nothing else."
            : "It also learns your name and e-mail address."}
        </p>
      ) : null}
    </fieldset>
  );
}

interface TeamChoiceProps {
  readonly teams: ConsentWorkspace["teams"];
  /** Null: all that the person can see. */
  readonly chosen: readonly string[] | null;
  readonly onChange: (teamIds: readonly string[] | null) => void;
}

/** Whose meetings the app may see. */
export function TeamChoice({ teams, chosen, onChange }: TeamChoiceProps) {
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="mb-2 font-medium text-base">Meetings of</legend>
      <Checkbox
        checked={chosen === null}
        onCheckedChange={(isOn) => onChange(isOn ? null : [])}
        label="All teams that I can see"
      />
      {chosen === null
        ? null
        : teams.map((team) => (
            <Checkbox
              key={team.id}
              className="pl-6"
              checked={chosen.includes(team.id)}
              onCheckedChange={(isOn) =>
                onChange(isOn ? [...chosen, team.id] : chosen.filter((one) => one !== team.id))
              }
              label={team.name}
            />
          ))}
      {chosen?.length === 0 ? (
        <p className="text-ink-muted text-sm">Choose at least one team.</p>
      ) : null}
    </fieldset>
  );
}
