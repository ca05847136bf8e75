/** A tool of an MCP server and its descriptions: the one that is accepted, the one that waits. */
export interface GatewayMcpPinTable {
  server: string;
  tool: string;
  /** sha256 of name, title, description, schemas and annotations, as accepted; null: none is. */
  digest: string | null;
  /** JSON, cut where it is very long. */
  description: string | null;
  /** Name of an administrator; `first-use` where nobody was asked. */
  accepted_by: string | null;
  accepted_at: number | null;
  pending_digest: string | null;
  pending_description: string | null;
  /** Why it waits. */
  pending_why: string | null;
  /** When a description last began to wait; kept when it no longer does. */
  pending_at: number | null;
}

/** When an MCP server was first listed. */
export interface GatewayMcpServerTable {
  server: string;
  first_at: number;
  /** From when what is new needs approval; null: the first list has not been read to its end. */
  known_at: number | null;
}
