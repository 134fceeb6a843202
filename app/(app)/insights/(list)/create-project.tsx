"use client";

import { Plus } from "lucide-react";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { createProject } from "@/app/(app)/insights/actions";
import { type BasicsDraft, BasicsFields, emptyBasics } from "@/app/(app)/insights/basics-fields";
import { CheckList } from "@/app/(app)/settings/integrations/webhooks/check-list";
import { fieldErrors, formProblem } from "@/app/(auth)/form-problem";
import { useAction } from "@/components/hooks/use-action";
import { projectHref } from "@/components/insights/words";
import { Button } from "@/components/ui/button";
import { FormError } from "@/components/ui/form-error";
import { ModalClose } from "@/components/ui/modal";
import { Sheet, SheetContent, SheetTrigger } from "@/components/ui/sheet";
import { toast } from "@/components/ui/toast";

interface CreateProjectProps {
  readonly teams: readonly { readonly id: string; readonly name: string }[];
  /** Without any team it would be for everybody, which this person may not decide. */
  readonly mustChoose: boolean;
}

/** The button "Create project" with its form. */
export function CreateProject({ teams, mustChoose }: CreateProjectProps) {
  const [open, setOpen] = useState(false);
  const router = useRouter();
  const action = useAction(createProject, {
    onSuccess: ({ id }) => {
      toast.success("Project created");
      setOpen(false);
      router.push(projectHref(id, "configuration"));
    },
  });
  const change = (next: boolean) => {
    if (action.pending) return;
    action.reset();
    setOpen(next);
  };
  return (
    <Sheet open={open} onOpenChange={change}>
      <SheetTrigger asChild>
        <Button variant="primary">
          <Plus />
          Create project
        </Button>
      </SheetTrigger>
      <SheetContent
        title="Create a project"
        footer={
          <>
            <ModalClose asChild>
              <Button>Cancel</Button>
            </ModalClose>
            <Button type="submit" form="project-form" variant="primary" loading={action.pending}>
              Create project
            </Button>
          </>
        }
      >
        <ProjectForm
          teams={teams}
          mustChoose={mustChoose}
          error={action.error}
          onSubmit={(draft, team_ids) => void action.run({ ...draft, team_ids })}
        />
      </SheetContent>
    </Sheet>
  );
}

interface ProjectFormProps extends CreateProjectProps {
  readonly error: ReturnType<typeof useAction>["error"];
  readonly onSubmit: (draft: BasicsDraft, teamIds: string[]) => void;
}

function ProjectForm({ teams, mustChoose, error, onSubmit }: ProjectFormProps) {
  const [draft, setDraft] = useState(emptyBasics);
  const [teamIds, setTeamIds] = useState<string[]>([]);
  const errors = fieldErrors(error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit(draft, teamIds);
  };
  return (
    <form
      id="project-form"
      method="post"
      noValidate
      onSubmit={submit}
      className="flex flex-col gap-5"
    >
      <BasicsFields draft={draft} onChange={setDraft} errors={errors} />
      <CheckList
        label="Teams"
        one="team"
        none={mustChoose ? "Choose at least one" : "Everybody"}
        items={teams}
        chosen={teamIds}
        onChange={setTeamIds}
        error={errors.team_ids}
      />
      <FormError error={formProblem(error)} />
    </form>
  );
}
