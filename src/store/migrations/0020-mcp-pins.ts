import type { Migration } from './migration.ts';

/** Which descriptions of tools of MCP servers are accepted. */
export const mcpPins: Migration = {
  name: '0020-mcp-pins',
  statements: [
    `create table gateway_mcp_server (
      server bytetext primary key,
      first_at bigint not null,
      known_at bigint
    )`,
    `create table gateway_mcp_pin (
      server bytetext not null,
      tool bytetext not null,
      digest bytetext,
      description bytetext,
      accepted_by bytetext,
      accepted_at bigint,
      pending_digest bytetext,
      pending_description bytetext,
      pending_why bytetext,
      pending_at bigint,
      primary key (server, tool)
    )`,
  ],
};
