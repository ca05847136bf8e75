/** Signing key of the ledger, in the data folder. */
export const LEDGER_KEY_FILE = 'ledger.key';
/** The newest checkpoint, outside the database, so that a database that was rolled back is noticed. */
export const CHECKPOINT_FILE = 'ledger.checkpoint';
/** Key of the first administrator, until it was shown. */
export const FIRST_ADMIN_FILE = 'first-admin.key';
/** Signing key of the registry, in the data folder. */
export const SIGNING_KEY_FILE = 'signing.key';
