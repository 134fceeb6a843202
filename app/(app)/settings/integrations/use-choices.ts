"use client";

import { useCallback, useEffect, useState } from "react";
import { loadChoices } from "@/app/(app)/settings/integrations/actions";
import { type ActionError, useAction } from "@/components/hooks/use-action";
import type { ChoicesView } from "@/lib/integrations/schema";

export interface LoadedChoices {
  readonly list: ChoicesView | null;
  readonly isLoading: boolean;
  readonly error: ActionError | null;
  readonly refresh: () => void;
}

/** The list of one setting as the tool gives it; kept ten minutes by the server, read anew on `refresh`. */
export function useChoices(connectionId: string, setting: string): LoadedChoices {
  const [list, setList] = useState<ChoicesView | null>(null);
  const { run, pending, error } = useAction(loadChoices, { onSuccess: setList });
  useEffect(() => {
    void run({ connectionId, setting });
  }, [connectionId, setting, run]);
  const refresh = useCallback(() => {
    void run({ connectionId, setting, refresh: true });
  }, [connectionId, setting, run]);
  return { list, isLoading: pending, error, refresh };
}
