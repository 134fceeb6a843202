"use client";

import { Plug, Plus, Upload } from "lucide-react";
import Link from "next/link";
import { integrationsHref } from "@/components/shell/nav";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { IconButton } from "@/components/ui/icon-button";

export const uploadHref = "/meetings?upload=1";

/** What people start most often, from every page. */
export function QuickMenu({ canUpload }: { readonly canUpload: boolean }) {
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <IconButton label="Quick menu" variant="primary" size="sm">
          <Plus />
        </IconButton>
      </DropdownMenuTrigger>
      <DropdownMenuContent className="w-56">
        {canUpload ? (
          <DropdownMenuItem asChild>
            <Link href={uploadHref}>
              <Upload aria-hidden />
              Upload a meeting
            </Link>
          </DropdownMenuItem>
        ) : null}
        <DropdownMenuItem asChild>
          <Link href={integrationsHref}>
            <Plug aria-hidden />
            Connect a tool
          </Link>
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
