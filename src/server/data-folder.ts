/** Signing key of the ledger, in the data folder. */
export const LEDGER_KEY_FILE = 'ledger.key';
/** The newest checkpoint, outside the database, so that a database that was rolled back is noticed. */
export const CHECKPOINT_FILE = 'ledger.checkpoint';
/** Signing key of the registry, in the data folder. */
export const SIGNING_KEY_FILE = 'signing.key';
