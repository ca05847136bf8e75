import * as z from 'zod';

/** The section `gateway.unauthenticated` of `cordon.yaml`. */
export const UnauthenticatedConfig = z
  .strictObject({
    requestsPerMinute: z
      .int()
      .min(1)
      .max(1_000_000)
      .default(60)
      .describe('requests without a valid credential that an address may send in a minute; further ones are answered with 429'),
    recordsPerMinute: z
      .int()
      .min(0)
      .max(1_000_000)
      .default(600)
      .describe(
        'records that such requests of all addresses together leave in a minute; the others are counted in one entry of the ledger',
      ),
    maxAddresses: z.int().min(100).max(1_000_000).default(20_000).describe('addresses that are told apart; the longest quiet go first'),
  })
  .describe('requests without a valid credential');
export type UnauthenticatedConfig = z.infer<typeof UnauthenticatedConfig>;
