"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { deleteProject, updateProject } from "@/app/(app)/insights/actions";
import { type BasicsDraft, BasicsFields } from "@/app/(app)/insights/basics-fields";
import { fieldErrors, formProblem } from "@/app/(auth)/form-problem";
import { useAction } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardFooter, CardHeader } from "@/components/ui/card";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { FormError } from "@/components/ui/form-error";
import { formatCount } from "@/components/ui/format";
import { toast } from "@/components/ui/toast";

interface ProjectFacts {
  readonly id: string;
  readonly name: string;
  readonly definitions: number;
  readonly results: number;
}

interface BasicsFormProps {
  readonly project: ProjectFacts;
  readonly basics: BasicsDraft;
}

/** Name, description, language and knowledge; and the end of the project. */
export function BasicsForm({ project, basics }: BasicsFormProps) {
  const [draft, setDraft] = useState(basics);
  const action = useAction(updateProject, { onSuccess: () => toast.success("Project saved") });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void action.run({ ...draft, id: project.id });
  };
  return (
    <div className="flex max-w-2xl flex-col gap-6">
      <Card>
        <form method="post" noValidate onSubmit={submit}>
          <CardBody className="flex flex-col gap-5">
            <BasicsFields draft={draft} onChange={setDraft} errors={fieldErrors(action.error)} />
            <FormError error={formProblem(action.error)} />
          </CardBody>
          <CardFooter>
            <span />
            <Button type="submit" variant="primary" loading={action.pending}>
              Save
            </Button>
          </CardFooter>
        </form>
      </Card>
      <DeleteProject project={project} />
    </div>
  );
}

function DeleteProject({ project }: { readonly project: ProjectFacts }) {
  const [open, setOpen] = useState(false);
  const router = useRouter();
  const action = useAction(deleteProject, {
    onSuccess: () => {
      toast.success("Project deleted");
      router.push("/insights");
    },
  });
  const change = (next: boolean) => {
    action.reset();
    setOpen(next);
  };
  return (
    <Card>
      <CardHeader
        title="Delete this project"
        description="Its insights, all their answers and reports go for good. The meetings stay."
        actions={
          <Button variant="danger" onClick={() => setOpen(true)}>
            Delete project
          </Button>
        }
      />
      <ConfirmDialog
        open={open}
        onOpenChange={change}
        title={`Delete “${project.name}”?`}
        confirmLabel="Delete project"
        typed={project.name}
        pending={action.pending}
        error={formProblem(action.error)}
        onConfirm={() => void action.run({ id: project.id })}
      >
        <p>
          <strong className="font-medium text-ink">Goes for good:</strong>{" "}
          {formatCount(project.definitions, "insight")}, their answers (
          {formatCount(project.results, "answer")} that you can see) and their reports, here and in
          the API.
        </p>
        <p>
          <strong className="font-medium text-ink">Stays:</strong> the meetings, and what webhooks
          and tools have received already.
        </p>
      </ConfirmDialog>
    </Card>
  );
}
