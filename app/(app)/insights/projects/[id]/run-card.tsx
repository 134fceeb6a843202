"use client";

import { useState } from "react";
import { cancelRun, countRun, startRun } from "@/app/(app)/insights/actions";
import { RunProgress } from "@/app/(app)/insights/projects/[id]/run-progress";
import { CheckList } from "@/app/(app)/settings/integrations/webhooks/check-list";
import { fieldErrors, formProblem } from "@/app/(auth)/form-problem";
import { useAction } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardFooter, CardHeader } from "@/components/ui/card";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { FormError } from "@/components/ui/form-error";
import { formatCount, formatNumber } from "@/components/ui/format";
import { Input } from "@/components/ui/input";
import { toast } from "@/components/ui/toast";
import type { RunCount, RunView } from "@/lib/insights/runs";

interface Question {
  readonly id: string;
  readonly name: string;
  readonly needsModel: boolean;
}

interface RunCardProps {
  readonly projectId: string;
  /** The active ones. */
  readonly questions: readonly Question[];
  readonly teams: readonly { readonly id: string; readonly name: string }[];
  /** The newest one. */
  readonly run: RunView | null;
  readonly meetingsMax: number;
  readonly mayEdit: boolean;
}

interface RunDraft {
  readonly insightIds: readonly string[];
  readonly teamIds: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly onlyUnanswered: boolean;
}

function inputOf(projectId: string, draft: RunDraft) {
  return {
    project_id: projectId,
    insight_ids: [...draft.insightIds],
    from: draft.from === "" ? null : draft.from,
    to: draft.to === "" ? null : draft.to,
    team_ids: [...draft.teamIds],
    only_unanswered: draft.onlyUnanswered,
  };
}

/** "Ask past meetings": chosen, counted, then watched while it runs. */
export function RunCard(props: RunCardProps) {
  const { projectId, questions, teams, meetingsMax, mayEdit } = props;
  const [run, setRun] = useState(props.run);
  // What the server read again after an action is newer than what was watched.
  const [known, setKnown] = useState(props.run);
  if (known !== props.run) {
    setKnown(props.run);
    setRun(props.run);
  }
  const isUnder = run !== null && (run.status === "queued" || run.status === "running");
  const stopping = useAction(cancelRun, {
    onSuccess: () => toast.success("Stopped: what has been answered stays"),
  });
  return (
    <Card>
      <CardHeader
        title="Ask past meetings"
        description="New and changed insights are asked of new meetings only. Here you ask meetings of the past, as often as you need."
      />
      {run === null ? null : (
        <CardBody>
          <RunProgress projectId={projectId} run={run} onChange={setRun} />
        </CardBody>
      )}
      {mayEdit && !isUnder ? (
        <RunForm
          projectId={projectId}
          questions={questions}
          teams={teams}
          meetingsMax={meetingsMax}
        />
      ) : null}
      {mayEdit && isUnder ? (
        <CardFooter>
          <span>It goes on when you leave this page.</span>
          <Button loading={stopping.pending} onClick={() => void stopping.run({ id: run.id })}>
            Stop
          </Button>
        </CardFooter>
      ) : null}
    </Card>
  );
}

function RunForm({
  projectId,
  questions,
  teams,
  meetingsMax,
}: Pick<RunCardProps, "projectId" | "questions" | "teams" | "meetingsMax">) {
  const [draft, setDraft] = useState<RunDraft>({
    insightIds: [],
    teamIds: [],
    from: "",
    to: "",
    onlyUnanswered: true,
  });
  const [counted, setCounted] = useState<RunCount | null>(null);
  const counting = useAction(countRun, { onSuccess: setCounted });
  const starting = useAction(startRun, {
    onSuccess: () => toast.success("Started: the past meetings are being asked"),
  });
  const errors = fieldErrors(counting.error ?? starting.error);
  const set = (changes: Partial<RunDraft>) => {
    setDraft({ ...draft, ...changes });
    setCounted(null);
    counting.reset();
    starting.reset();
  };
  const input = inputOf(projectId, draft);
  return (
    <>
      <CardBody className="flex flex-col gap-5">
        <CheckList
          label="Insights"
          one="insight"
          none="Choose at least one"
          items={questions.map(({ id, name, needsModel }) => ({
            id,
            name: needsModel ? `${name} (needs a language model)` : name,
          }))}
          chosen={draft.insightIds}
          onChange={(insightIds) => set({ insightIds })}
          error={errors.insight_ids}
        />
        {teams.length < 2 ? null : (
          <CheckList
            label="Teams"
            one="team"
            items={teams}
            chosen={draft.teamIds}
            onChange={(teamIds) => set({ teamIds })}
            error={errors.team_ids}
          />
        )}
        <div className="flex flex-wrap gap-4">
          <Field label="From" error={errors.from} optional className="basis-44">
            <Input
              type="date"
              value={draft.from}
              onChange={(event) => set({ from: event.target.value })}
            />
          </Field>
          <Field label="To" error={errors.to} optional className="basis-44">
            <Input
              type="date"
              value={draft.to}
              onChange={(event) => set({ to: event.target.value })}
            />
          </Field>
        </div>
        <Checkbox
          label="Only meetings without an answer"
          description="Otherwise a new answer replaces the one that is there."
          checked={draft.onlyUnanswered}
          onCheckedChange={(onlyUnanswered) => set({ onlyUnanswered })}
        />
        <FormError error={formProblem(counting.error ?? starting.error)} />
      </CardBody>
      <CardFooter>
        <span role="status" className="min-w-0 flex-1 basis-64 text-pretty">
          {counted === null ? "" : countWords(counted, draft.insightIds.length, meetingsMax)}
        </span>
        <span className="flex flex-wrap gap-2">
          <Button
            loading={counting.pending}
            disabled={draft.insightIds.length === 0}
            onClick={() => void counting.run(input)}
          >
            Count
          </Button>
          <Button
            variant="primary"
            loading={starting.pending}
            disabled={counted === null || counted.meetings === 0}
            onClick={() => void starting.run(input)}
          >
            Ask past meetings
          </Button>
        </span>
      </CardFooter>
    </>
  );
}

/** What would be asked, in words, before it starts. */
function countWords(counted: RunCount, questions: number, meetingsMax: number): string {
  const { meetings, fitting, asks, needsModel } = counted;
  if (meetings === 0) return "There is no meeting to ask: all have an answer, or none fits.";
  const parts = [
    `This asks ${formatCount(questions, "question")} of ${formatCount(meetings, "meeting")}: ${formatCount(asks, "answer")} at most.`,
  ];
  if (fitting > meetings) {
    parts.push(
      `${formatNumber(fitting)} meetings fit; one run takes the newest ${formatNumber(meetingsMax)}.`,
    );
  }
  if (needsModel > 0)
    parts.push(`Up to ${formatNumber(needsModel)} of them need a language model.`);
  parts.push("Webhooks and tools hear of every new answer.");
  return parts.join(" ");
}
