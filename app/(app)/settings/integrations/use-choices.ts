"use client";

import { useCallback, useEffect, useState } from "react";
import { type ActionError, type ActionResult, useAction } from "@/components/hooks/use-action";
import type { ChoicesView } from "@/lib/integrations/schema";

interface LoadedChoices {
  readonly list: ChoicesView | null;
  readonly isLoading: boolean;
  readonly error: ActionError | null;
  readonly refresh: () => void;
}

/** Reads a list: the one of the settings, or the one for sharing. */
type Load = (input: {
  connectionId: string;
  setting: string;
  refresh?: boolean;
}) => Promise<ActionResult<ChoicesView>>;

/** The list of one setting as the tool gives it; kept ten minutes by the server, read anew on `refresh`. */
export function useChoices(load: Load, connectionId: string, setting: string): LoadedChoices {
  const [list, setList] = useState<ChoicesView | null>(null);
  const { run, pending, error } = useAction(load, { onSuccess: setList });
  useEffect(() => {
    void run({ connectionId, setting });
  }, [connectionId, setting, run]);
  const refresh = useCallback(() => {
    void run({ connectionId, setting, refresh: true });
  }, [connectionId, setting, run]);
  return { list, isLoading: pending, error, refresh };
}
