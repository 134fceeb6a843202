"use client";

import { useState } from "react";
import { setProjectTeams } from "@/app/(app)/insights/actions";
import { CheckList } from "@/app/(app)/settings/integrations/webhooks/check-list";
import { fieldErrors, formProblem } from "@/app/(auth)/form-problem";
import { useAction } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardFooter } from "@/components/ui/card";
import { FormError } from "@/components/ui/form-error";
import { toast } from "@/components/ui/toast";

interface TeamsFormProps {
  readonly projectId: string;
  readonly teams: readonly { readonly id: string; readonly name: string }[];
  readonly chosen: readonly string[];
  /** Without any team it would be for everybody, which this person may not decide. */
  readonly mustChoose: boolean;
}

/** The teams of a project. */
export function TeamsForm({ projectId, teams, chosen, mustChoose }: TeamsFormProps) {
  const [teamIds, setTeamIds] = useState<readonly string[]>(chosen);
  const action = useAction(setProjectTeams, { onSuccess: () => toast.success("Teams saved") });
  return (
    <Card className="max-w-2xl">
      <CardBody className="flex flex-col gap-4">
        <p className="text-base text-ink-muted">
          Its questions are asked of the meetings of these teams, and these teams see it. Without
          any team it is for everybody. Answers that are there already stay with their meetings.
        </p>
        <CheckList
          label="Teams"
          one="team"
          none={mustChoose ? "Choose at least one" : "Everybody"}
          items={teams}
          chosen={teamIds}
          onChange={setTeamIds}
          error={fieldErrors(action.error).team_ids}
        />
        <FormError error={formProblem(action.error)} />
      </CardBody>
      <CardFooter>
        <span />
        <Button
          variant="primary"
          loading={action.pending}
          onClick={() => void action.run({ id: projectId, team_ids: [...teamIds] })}
        >
          Save teams
        </Button>
      </CardFooter>
    </Card>
  );
}
