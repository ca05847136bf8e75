/** Bytes that a namespace with a quota holds. Whoever changes it has locked the row. */
export interface NamespaceUseTable {
  namespace: string;
  bytes: number;
}

/** A content that a namespace holds, in however many files and revisions. */
export interface NamespaceContentTable {
  namespace: string;
  sha256: string;
  size: number;
}
