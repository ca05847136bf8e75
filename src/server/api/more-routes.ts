import type { MoreRoutes } from '../../registry/api/app.ts';
import type { Switches } from '../../engine/gateway/defence/switches.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import type { GatewayServices } from '../../gateway/services.ts';
import type { Store } from '../../store/open-store.ts';
import { addExchangeRoutes } from './exchange-routes.ts';
import { addGatewayStateRoutes } from './gateway-state-routes.ts';
import { addLoginRoutes, addSessionRoutes, type LoginOptions } from './login-routes.ts';
import { addMcpRoutes } from './mcp-routes.ts';
import { addStopRoutes } from './stop-routes.ts';
import { addUsageRoutes } from './usage-routes.ts';

/** What {@link moreRoutes} needs. */
export interface MoreRoutesOptions {
  readonly login: LoginOptions;
  readonly switches: Switches;
  readonly services: GatewayServices;
  readonly gateway: Gateway;
  readonly store: Store;
}

/** Routes of the API beside those of the registry: those by which people log in, and those of the gateway. */
export function moreRoutes({ login, switches, services, gateway, store }: MoreRoutesOptions): MoreRoutes {
  return {
    open: [(api) => addLoginRoutes(api, login)],
    closed: [
      (api) => addSessionRoutes(api, login),
      (api) => addStopRoutes(api, switches),
      (api) => addMcpRoutes(api, services.mcp.pins),
      (api) => addUsageRoutes(api, services.audit, store),
      (api) => addExchangeRoutes(api, services.audit, store),
      (api) => addGatewayStateRoutes(api, services, () => gateway.live),
    ],
  };
}
