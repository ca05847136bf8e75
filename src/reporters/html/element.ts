import { markup } from '../text/markup.ts';

/** Text that is HTML already. Everything else is escaped where it is put in. */
export interface Html {
  readonly html: string;
}

type Child = string | number | Html | readonly Html[];

/** HTML from a template: every value put in is escaped unless it is {@link Html} itself. */
export function h(strings: TemplateStringsArray, ...children: readonly Child[]): Html {
  return { html: strings.map((part, index) => part + rendered(children[index])).join('') };
}

function rendered(child: Child | undefined): string {
  if (child === undefined) return '';
  if (typeof child === 'string' || typeof child === 'number') return markup(String(child));
  return 'html' in child ? child.html : child.map((item) => item.html).join('');
}

/** Text of a rule or a fix: what stands in backticks is code. */
export function prose(text: string): Html {
  return h`${text.split('`').map((part, index) => (index % 2 === 1 ? h`<code>${part}</code>` : h`${part}`))}`;
}
