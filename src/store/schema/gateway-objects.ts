/** Something that a provider keeps for a caller of the gateway: a response, a file, a batch. */
export interface GatewayObjectTable {
  kind: string;
  /** As the provider made it. */
  id: string;
  /** Id of the upstream that keeps it. */
  upstream: string;
  /** Id of the principal that made it. */
  principal: string;
  /** Empty where it has none. */
  model: string;
  /** What a file is for; empty for everything else. */
  purpose: string;
  /** JSON, made by the gateway. */
  detail: string;
  made_at: number;
}
