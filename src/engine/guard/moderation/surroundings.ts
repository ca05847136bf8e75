/** Where secrets and clocks come from. */
export interface ModerationSurroundings {
  /** Environment variables (default: those of the process). */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The time that requests are signed with. */
  readonly now?: () => Date;
}
