import { CordonError, errorMessage } from '../../../../core/errors.ts';
import type { GatewayAuditConfig } from '../../../../core/gateway-audit-config.ts';
import type { Logger } from '../../../../core/logger.ts';
import type { Store } from '../../../../store/open-store.ts';
import type { Secrets } from '../../../../vault/secrets/open-secrets.ts';
import { type MasterKey, masterKey, unwrapKey, wrapKey } from './master-key.ts';

const PAGE = 500;

/** The master key and those before it, kept up to date while their place may change them. */
export class MasterKeys {
  readonly #store: Store;
  readonly #secrets: Pick<Secrets, 'get' | 'watch'>;
  readonly #log: Logger;
  readonly #known = new Map<string, MasterKey>();
  #current: MasterKey | undefined;
  #reference: string | undefined;
  #formers: readonly string[] = [];
  #unwatch: () => void = () => undefined;

  constructor(store: Store, secrets: Pick<Secrets, 'get' | 'watch'>, log: Logger) {
    this.#store = store;
    this.#secrets = secrets;
    this.#log = log;
  }

  get current(): MasterKey | undefined {
    return this.#current;
  }

  /** Reads the keys that the configuration names, and hears of changes. */
  async use({ key, formerKeys }: Pick<GatewayAuditConfig, 'key' | 'formerKeys'>, changed: (key: MasterKey) => void): Promise<void> {
    if (key === undefined) return;
    for (const reference of formerKeys) this.#learn(await this.#secrets.get(reference));
    this.#formers = formerKeys;
    this.#current = this.#learn(await this.#secrets.get(key));
    changed(this.#current);
    if (key === this.#reference) return;
    this.#unwatch();
    this.#reference = key;
    this.#unwatch = this.#secrets.watch(key, (value) => {
      try {
        const next = this.#learn(value);
        if (next.id === this.#current?.id) return;
        this.#current = next;
        changed(next);
        this.#log.info({ key: next.id }, 'the master key of the audit has changed');
        void this.rewrap().catch((error: unknown) => this.#log.error({ error: errorMessage(error) }, 'keys are not protected anew yet'));
      } catch (error) {
        this.#log.error({ error: errorMessage(error) }, 'the new master key of the audit cannot be used; the one before stays');
      }
    });
  }

  /** The key of contents with this id. Throws `storage.missing` when it was destroyed. */
  async contentKey(id: string): Promise<Buffer> {
    const row = await this.#store.db.selectFrom('gateway_content_key').selectAll().where('id', '=', id).executeTakeFirst();
    if (row === undefined) throw new CordonError('storage.missing', 'the key of this content was destroyed');
    return unwrapKey(await this.#masterOf(row.master), row, row.wrapped);
  }

  /** Protects keys by the current master key that another one protects, where that is known. Answers how many are left. */
  async rewrap(): Promise<number> {
    const current = this.#current;
    if (current === undefined) return 0;
    let left = 0;
    for (let after = ''; ;) {
      const rows = await this.#store.db
        .selectFrom('gateway_content_key')
        .selectAll()
        .where('master', '!=', current.id)
        .where('id', '>', after)
        .orderBy('id')
        .limit(PAGE)
        .execute();
      for (const row of rows) {
        const master = this.#known.get(row.master);
        if (master === undefined) {
          left++;
          continue;
        }
        const wrapped = wrapKey(current, row, unwrapKey(master, row, row.wrapped));
        await this.#store.db
          .updateTable('gateway_content_key')
          .set({ master: current.id, wrapped })
          .where('id', '=', row.id)
          .where('master', '=', row.master)
          .execute();
      }
      after = rows.at(-1)?.id ?? '';
      if (rows.length < PAGE) break;
    }
    if (left > 0) this.#log.warn({ keys: left }, 'keys of contents are protected by a master key that is not known; list it in formerKeys');
    return left;
  }

  close(): void {
    this.#unwatch();
  }

  async #masterOf(id: string): Promise<MasterKey> {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    // Another server may have taken a new key already.
    if (this.#reference !== undefined) for (const one of [this.#reference, ...this.#formers]) this.#learn(await this.#secrets.get(one));
    const found = this.#known.get(id);
    if (found === undefined)
      throw new CordonError('key.unavailable', `the content is protected by the master key ${id}, which is not known`);
    return found;
  }

  #learn(text: string): MasterKey {
    const key = masterKey(text);
    this.#known.set(key.id, key);
    return key;
  }
}
