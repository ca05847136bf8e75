import { buffer } from 'node:stream/consumers';
import { parseYaml } from '../../formats/yaml/parse.ts';
import { admissionOf } from './admit.ts';
import type { RegistryContext } from './context.ts';
import { findFiles } from './list-files.ts';
import type { Repository } from './repositories.ts';
import type { Revision } from './revisions.ts';

/** What a model card declares, as it stands there. */
export type CardData = Readonly<Record<string, unknown>>;

/** Why: cards are text for people. */
const CARD_BYTES = 1024 * 1024;
const FRONT_MATTER = /^\uFEFF?---[ \t]*\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)/;

/** The front matter of a card; undefined when there is none. Throws `format.malformed`. */
export function frontMatter(text: string): CardData | undefined {
  const yaml = FRONT_MATTER.exec(text)?.[1];
  if (yaml === undefined) return undefined;
  const data = parseYaml(yaml);
  return typeof data === 'object' && data !== null && !Array.isArray(data) ? (data as CardData) : {};
}

/** What the README.md of a revision declares; nothing unless a gate has admitted the revision. */
export async function readCard(context: RegistryContext, repository: Repository, revision: Revision): Promise<CardData | undefined> {
  const [card] = await findFiles(context, revision.manifest, ['README.md']);
  if (card === undefined || card.size > CARD_BYTES) return undefined;
  if ((await admissionOf(context, repository, revision.manifest))?.state !== 'admitted') return undefined;
  try {
    return frontMatter((await buffer(await context.blobs.read(card.sha256))).toString('utf8'));
  } catch (error) {
    context.log.info({ error: String(error) }, 'a model card cannot be read');
    return undefined;
  }
}
