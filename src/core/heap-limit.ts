/** JavaScript heap of a worker unless configured, MiB. By itself, so that workers can be started before anything else is loaded. */
export const DEFAULT_HEAP_MB = 512;
