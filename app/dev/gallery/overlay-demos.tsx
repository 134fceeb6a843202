"use client";

import { Bell, Copy, MoreHorizontal, RotateCw, Trash2 } from "lucide-react";
import { useState } from "react";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { CodeBlock } from "@/components/ui/code-block";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { DataList } from "@/components/ui/data-list";
import { Dialog, DialogClose, DialogContent, DialogTrigger } from "@/components/ui/dialog";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { Field } from "@/components/ui/field";
import { IconButton } from "@/components/ui/icon-button";
import { Input } from "@/components/ui/input";
import { Notice } from "@/components/ui/notice";
import { Popover, PopoverContent, PopoverTrigger } from "@/components/ui/popover";
import { SecretField } from "@/components/ui/secret-field";
import { Sheet, SheetContent, SheetTrigger } from "@/components/ui/sheet";
import { Status } from "@/components/ui/status";
import { Tabs, TabsContent, TabsList, TabsTrigger } from "@/components/ui/tabs";
import { toast } from "@/components/ui/toast";
import { Tooltip } from "@/components/ui/tooltip";
import { Specimen } from "./specimen";

const key = "hk_live_EXAMPLE7Zr2Wc9Lb5Xn1Ks8Tm4Vp6Yd3Hf0J";
const curl = `curl https://api.heyharmony.com/v1/meetings \\
  -H "Authorization: Bearer ${key}"`;

export function Overlays() {
  return (
    <>
      <Specimen name="Dialog, secret shown once, confirmation, typed confirmation" row>
        <FormDialog />
        <SecretDialog />
        <RevokeDialog />
        <DeleteDialog />
      </Specimen>
      <Specimen name="Sheet, popover, menu, tooltip" row>
        <DeliverySheet />
        <AlertsPopover />
        <RowMenu />
        <Tooltip content="Sunday 22 November 2026, 14:05:09 UTC">
          <Button variant="ghost">Tooltip</Button>
        </Tooltip>
        <IconButton label="Sync now">
          <RotateCw />
        </IconButton>
      </Specimen>
      <Specimen name="Toasts" row>
        <Button onClick={() => toast.success("HubSpot connected")}>Success</Button>
        <Button
          onClick={() =>
            toast.error("Salesforce refused the change", {
              description: "Your user may not edit Contacts. Ask a Salesforce admin, then Retry.",
            })
          }
        >
          Error
        </Button>
        <Button onClick={() => toast.warning("Reconnect Zoom to go on importing")}>Warning</Button>
        <Button
          onClick={() =>
            toast.message("Webhook paused", { action: { label: "Undo", onClick: () => undefined } })
          }
        >
          Undo
        </Button>
      </Specimen>
    </>
  );
}

function FormDialog() {
  return (
    <Dialog>
      <DialogTrigger asChild>
        <Button variant="primary">Generate API Key</Button>
      </DialogTrigger>
      <DialogContent
        title="Generate API Key"
        description="Programs use it to read this workspace. You see the key once."
        footer={
          <>
            <DialogClose asChild>
              <Button>Cancel</Button>
            </DialogClose>
            <Button variant="primary">Generate API Key</Button>
          </>
        }
      >
        <Field label="Name" hint="Say where it is used.">
          <Input placeholder="Warehouse export" />
        </Field>
      </DialogContent>
    </Dialog>
  );
}

function SecretDialog() {
  return (
    <Dialog>
      <DialogTrigger asChild>
        <Button>Secret shown once</Button>
      </DialogTrigger>
      <DialogContent
        title="Store your new key"
        description="It is shown this once. Harmony keeps only a hash of it."
        mustAnswer
        footer={
          <DialogClose asChild>
            <Button variant="primary">I have stored this key</Button>
          </DialogClose>
        }
      >
        <SecretField label="API key" value={key} />
        <CodeBlock samples={[{ label: "Try it", code: curl }]} />
      </DialogContent>
    </Dialog>
  );
}

function RevokeDialog() {
  const [open, setOpen] = useState(false);
  const [pending, setPending] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>Revoke…</Button>
      <ConfirmDialog
        open={open}
        onOpenChange={setOpen}
        title="Revoke “Warehouse export”?"
        confirmLabel="Revoke"
        pending={pending}
        onConfirm={() => {
          setPending(true);
          setTimeout(() => {
            setPending(false);
            setOpen(false);
          }, 800);
        }}
      >
        <p>Requests with this key are refused from now on. This cannot be undone.</p>
        <p>What it has read or uploaded stays.</p>
      </ConfirmDialog>
    </>
  );
}

function DeleteDialog() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="danger" onClick={() => setOpen(true)}>
        Delete…
      </Button>
      <ConfirmDialog
        open={open}
        onOpenChange={setOpen}
        title="Delete this workspace?"
        confirmLabel="Delete workspace"
        typed="Acme"
        error={{ message: "The workspace has a running import.", fix: "Wait for it, then retry." }}
        onConfirm={() => setOpen(false)}
      >
        <p>Meetings, contacts and insights are gone for everybody. This cannot be undone.</p>
      </ConfirmDialog>
    </>
  );
}

function DeliverySheet() {
  return (
    <Sheet>
      <SheetTrigger asChild>
        <Button>Open delivery</Button>
      </SheetTrigger>
      <SheetContent
        size="lg"
        title="meeting.processed"
        description="Delivery dlv_01J9ZK4T7Q"
        actions={
          <IconButton label="Copy link">
            <Copy />
          </IconButton>
        }
        footer={<Button variant="primary">Redeliver</Button>}
      >
        <div className="flex flex-col gap-5">
          <DataList
            items={[
              { term: "Status", value: <Status kind="retrying" /> },
              { term: "Attempts", value: "3 of 10" },
              { term: "Next attempt", value: "Today 14:35" },
            ]}
          />
          <CodeBlock
            label="Request and response"
            samples={[
              {
                label: "Request",
                code: '{\n  "event": "meeting.processed",\n  "id": "evt_01J9"\n}',
              },
              { label: "Response", code: "503 Service Unavailable" },
            ]}
          />
        </div>
      </SheetContent>
    </Sheet>
  );
}

function AlertsPopover() {
  return (
    <Popover>
      <PopoverTrigger asChild>
        <IconButton label="Notifications" variant="secondary">
          <Bell />
        </IconButton>
      </PopoverTrigger>
      <PopoverContent aria-label="Notifications">
        <div className="flex flex-col gap-3">
          <p className="font-semibold text-base">Notifications</p>
          <Notice tone="warning" title="Salesforce needs attention">
            The sign-in expired 2 h ago. Reconnect to resume the sync.
          </Notice>
        </div>
      </PopoverContent>
    </Popover>
  );
}

function RowMenu() {
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <IconButton label="More actions" variant="secondary">
          <MoreHorizontal />
        </IconButton>
      </DropdownMenuTrigger>
      <DropdownMenuContent>
        <DropdownMenuLabel>Warehouse export</DropdownMenuLabel>
        <DropdownMenuItem>
          <RotateCw aria-hidden />
          Rotate
        </DropdownMenuItem>
        <DropdownMenuItem disabled>
          <Copy aria-hidden />
          Copy key
        </DropdownMenuItem>
        <DropdownMenuSeparator />
        <DropdownMenuItem danger>
          <Trash2 aria-hidden />
          Revoke
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}

export function InPageTabs() {
  return (
    <Tabs defaultValue="summary">
      <TabsList aria-label="Meeting">
        <TabsTrigger value="summary">Summary</TabsTrigger>
        <TabsTrigger value="transcript">Transcript</TabsTrigger>
        <TabsTrigger value="items">
          Action items <Badge>4</Badge>
        </TabsTrigger>
        <TabsTrigger value="insights" disabled>
          Insights
        </TabsTrigger>
      </TabsList>
      <TabsContent value="summary">The team agreed on the launch date.</TabsContent>
      <TabsContent value="transcript">0:07 Good morning, everyone.</TabsContent>
      <TabsContent value="items">Four things to do.</TabsContent>
    </Tabs>
  );
}
