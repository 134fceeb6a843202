"use client";

import { Button } from "@/components/ui/button";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { SecretField } from "@/components/ui/secret-field";

interface InvitationLinkProps {
  readonly invited: { readonly email: string; readonly link: string } | null;
  readonly onClose: () => void;
}

/** Shows an invitation's link this once, where no mail server is configured to carry it. */
export function InvitationLink({ invited, onClose }: InvitationLinkProps) {
  return (
    <Dialog open={invited !== null} onOpenChange={(open) => (open ? undefined : onClose())}>
      {invited === null ? null : (
        <DialogContent
          title="Hand over the invitation"
          description={`No mail server is configured, so give this link to ${invited.email} yourself. It is shown only now, works once and for 7 days.`}
          footer={
            <Button variant="primary" onClick={onClose}>
              Done
            </Button>
          }
        >
          <SecretField label="Invitation link" value={invited.link} />
        </DialogContent>
      )}
    </Dialog>
  );
}
