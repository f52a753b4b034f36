import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { api, newKey } from "@/shared/api/client";
import type { Campaign, CampaignInput } from "@/shared/api/types-outreach";
import { campaignPath, showCampaign } from "./events";

export type SaveState =
  | { kind: "none" }
  | { kind: "saving" }
  | { kind: "saved"; at: number }
  | { kind: "failed"; error: unknown };

/** Enough to be kept: the server wants a name and a template. */
const mayKeep = (input: CampaignInput) => input.name.trim() !== "" && input.template_id !== "";

/**
 * A draft that saves itself within a second of the last change. One request at a time; what changes meanwhile
 * is saved right after. `flush` saves at once and answers the draft as the server has it.
 */
export function useDraftCampaign(
  draftId: string | null,
  initial: CampaignInput,
  onMade: (id: string) => void,
): {
  input: CampaignInput;
  change: (part: Partial<CampaignInput>) => void;
  save: SaveState;
  flush: () => Promise<Campaign | null>;
} {
  const client = useQueryClient();
  const [input, setInput] = useState(initial);
  const [save, setSave] = useState<SaveState>({ kind: "none" });
  const latest = useRef(input);
  const id = useRef(draftId);
  const dirty = useRef(false);
  const running = useRef<Promise<Campaign | null> | null>(null);
  const last = useRef<Campaign | null>(null);
  const key = useRef(newKey());
  const made = useRef(onMade);
  made.current = onMade;

  const flush = useCallback((): Promise<Campaign | null> => {
    if (running.current) return running.current;
    const work = async () => {
      while (dirty.current && mayKeep(latest.current)) {
        dirty.current = false;
        setSave({ kind: "saving" });
        try {
          const campaign: Campaign = id.current
            ? await api.patch<Campaign>(campaignPath(id.current), latest.current)
            : await api.post<Campaign>("/campaigns", latest.current, { idempotencyKey: key.current });
          last.current = campaign;
          showCampaign(client, campaign);
          if (!id.current) made.current(campaign.id);
          id.current = campaign.id;
          setSave({ kind: "saved", at: Date.now() });
        } catch (error) {
          dirty.current = true;
          setSave({ kind: "failed", error });
          throw error;
        }
      }
      return last.current;
    };
    running.current = work().finally(() => {
      running.current = null;
    });
    return running.current;
  }, [client]);

  const timer = useRef<number | undefined>(undefined);
  const change = useCallback(
    (part: Partial<CampaignInput>) => {
      latest.current = { ...latest.current, ...part };
      setInput(latest.current);
      dirty.current = true;
      window.clearTimeout(timer.current);
      // A refusal is shown by `save`; here nobody waits for the outcome.
      timer.current = window.setTimeout(() => void flush().catch(() => undefined), 700);
    },
    [flush],
  );
  // Leaving the page saves what is still waiting.
  useEffect(
    () => () => {
      window.clearTimeout(timer.current);
      if (dirty.current) void flush().catch(() => undefined);
    },
    [flush],
  );
  return { input, change, save, flush };
}
