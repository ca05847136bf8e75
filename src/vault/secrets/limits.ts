/** Greatest size of a secret. Why: the managers allow 64 KiB (AWS, GCP), 25 KiB (Azure) and 1 MiB (Kubernetes, all keys of a secret). */
export const SECRET_BYTES = 1024 * 1024;
