"use client";

import { TestLines, useTest } from "@/app/(app)/settings/integrations/[provider]/connection-test";
import type { ToolDialogProps } from "@/app/(app)/settings/integrations/[provider]/disconnect-dialog";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose, DialogContent } from "@/components/ui/dialog";

/** Tests the connection as soon as it opens, and again on request. Nothing is written to the tool. */
export function TestDialog({ tool, connectionId, open, onClose }: ToolDialogProps) {
  const test = useTest(connectionId, open);
  return (
    <Dialog open={open} onOpenChange={(next) => (next ? undefined : onClose())}>
      <DialogContent
        title={`Test of ${tool.name}`}
        description={`Asks ${tool.name} who we are and what we may do. It only reads.`}
        footer={
          <>
            <Button loading={test.pending} onClick={test.run}>
              Test again
            </Button>
            <DialogClose asChild>
              <Button variant="primary">Close</Button>
            </DialogClose>
          </>
        }
      >
        <TestLines toolName={tool.name} test={test} />
      </DialogContent>
    </Dialog>
  );
}
