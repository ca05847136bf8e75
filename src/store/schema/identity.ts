/** A person or a machine that acts. */
export interface PrincipalTable {
  id: string;
  kind: 'user' | 'service';
  /** Unique; what others call it, and its own namespace. */
  name: string;
  email: string | null;
  /** scrypt, never shown. */
  password_hash: string | null;
  oidc_issuer: string | null;
  oidc_subject: string | null;
  /** JSON: groups that the identity provider named at the last login; null: never logged in by one. */
  group_names: string | null;
  groups_at: number | null;
  created_at: number;
  disabled_at: number | null;
}

/** A role of a principal or a group in a namespace. */
export interface RoleBindingTable {
  id: string;
  /** `principal:<id>` or `group:<name>`. */
  holder: string;
  role: string;
  /** `*`: everywhere. */
  namespace: string;
  created_by: string;
  created_at: number;
}

/** A bearer token. Only its hash is kept. */
export interface TokenTable {
  id: string;
  principal_id: string;
  name: string;
  /** The first characters, to recognise it by. */
  prefix: string;
  /** SHA-256 of the secret; it has 256 random bits, so no slow hash is needed. */
  hash: string;
  /** JSON: scopes that narrow what the principal may do. */
  scopes: string;
  /** Id of the first token of a chain of rotations: what limits and blocks of a key count by. */
  family: string | null;
  /** Id of the token that was used to make it; null: made with a login, or not known. */
  made_with: string | null;
  created_at: number;
  expires_at: number | null;
  revoked_at: number | null;
  last_used_at: number | null;
}

/** A login of the console. */
export interface SessionTable {
  id: string;
  principal_id: string;
  hash: string;
  created_at: number;
  expires_at: number;
}
