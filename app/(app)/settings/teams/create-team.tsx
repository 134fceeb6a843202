"use client";

import { Plus } from "lucide-react";
import { useState } from "react";
import { createTeam } from "@/app/(app)/settings/teams/actions";
import { TeamNameDialog } from "@/app/(app)/settings/teams/team-name-dialog";
import { useAction } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import { Dialog, DialogTrigger } from "@/components/ui/dialog";
import { toast } from "@/components/ui/toast";

/** The button "Create team" with its dialog. */
export function CreateTeam() {
  const [open, setOpen] = useState(false);
  const action = useAction(createTeam, {
    onSuccess: () => {
      toast.success("Team created");
      setOpen(false);
    },
  });
  const change = (next: boolean) => {
    action.reset();
    setOpen(next);
  };
  return (
    <Dialog open={open} onOpenChange={change}>
      <DialogTrigger asChild>
        <Button variant="primary">
          <Plus />
          Create team
        </Button>
      </DialogTrigger>
      <TeamNameDialog
        title="Create a team"
        submitLabel="Create team"
        name=""
        pending={action.pending}
        error={action.error}
        onSubmit={(name) => void action.run({ name })}
      />
    </Dialog>
  );
}
