import { fileScanner } from '../../core/plugin.ts';
import { viewOf } from '../../formats/bytes/read.ts';

/** Checks CatBoost models: the FlatBuffer must lie inside the file, and its root inside the FlatBuffer. */
export const catboostScanner = fileScanner({
  id: 'catboost',
  title: 'CatBoost models',
  rules: [
    {
      id: 'catboost.size-mismatch',
      title: 'Sizes do not fit the file',
      severity: 'high',
      why: 'The reader trusts the sizes in the file: one that leaves it makes the process read memory that is not the model’s.',
      fix: 'Fetch the file again and compare its digest with the publisher’s.',
      maps: ['CWE-125', 'CWE-130'],
    },
  ],
  accepts: (subject) => subject.format === 'catboost' && !subject.opaque,
  *inspect({ source, head }) {
    const view = viewOf(head);
    const size = view.getUint32(4, true);
    const root = view.getUint32(8, true);
    if (size > source.size - 8 || size < 8) {
      yield { rule: 'catboost.size-mismatch', key: 'size', message: `The model says it has ${size} bytes; there are ${source.size - 8}.` };
    } else if (root < 4 || root > size - 4) {
      yield { rule: 'catboost.size-mismatch', key: 'root', message: `The root of the model lies at ${root} of ${size} bytes.` };
    }
  },
});
