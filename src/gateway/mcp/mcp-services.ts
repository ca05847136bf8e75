import type { McpPins } from '../../engine/gateway/mcp/mcp-pins.ts';
import type { McpServers } from '../../engine/gateway/mcp/mcp-servers.ts';
import type { McpSessions } from './mcp-session.ts';

/** What the way to MCP servers is composed of. */
export interface McpServices {
  readonly servers: McpServers;
  readonly pins: McpPins;
  readonly sessions: McpSessions;
  /** Identity providers whose tokens are accepted. */
  readonly issuers: () => readonly string[];
  readonly publicUrl: () => string | undefined;
}
