/** Looks again at what is under way whenever something has changed. */
export interface AfterChanges {
  /** Something has changed. */
  changed(): void;
  close(): void;
}

/**
 * Calls `look` soon after a change. One look stands for many changes: whoever changes a lot at once would have everything looked up each
 * time. A look that answers false could not be finished, and comes again after `againMs`.
 */
export function afterChanges(look: () => Promise<boolean>, againMs: number): AfterChanges {
  let isSoon = false;
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;

  async function lookNow(): Promise<void> {
    clearTimeout(timer);
    if ((await look()) || isClosed) return;
    clearTimeout(timer);
    timer = setTimeout(() => void lookNow(), againMs).unref();
  }

  return {
    changed() {
      if (isSoon) return;
      isSoon = true;
      setImmediate(() => {
        isSoon = false;
        void lookNow();
      });
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}
