/** Work at the entrance: what it was refused with, and the second step that it may lead to. */

import { useLocation } from "wouter";
import { useAction } from "../../bindings/action.ts";
import { secondStepFragment } from "../../model/entrance.ts";
import { ApiError } from "../../protocol/errors.ts";
import { secondStepPath } from "./paths.ts";

export interface Coming {
  readonly isBusy: boolean;
  readonly refusal: unknown;
  readonly run: (work: () => Promise<void>) => Promise<void>;
  /** To be called when a field changes. */
  readonly forget: () => void;
}

export function useComingIn(): Coming {
  const [, navigate] = useLocation();
  const { action, run, forget } = useAction();
  return {
    isBusy: action.status === "running",
    refusal: action.status === "refused" ? action.error : null,
    run: async (work) =>
      await run(async () => {
        try {
          await work();
        } catch (error) {
          if (!(error instanceof ApiError) || error.secondStep === null) throw error;
          // Behind a `#`, as a provider's redirect brings it: the page reads it and takes it off the address.
          navigate(`${secondStepPath}#${secondStepFragment(error.secondStep)}`);
        }
      }),
    forget,
  };
}
