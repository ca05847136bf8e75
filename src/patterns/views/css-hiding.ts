/** Ways of CSS to make text invisible; names are part of the evidence. */
const HIDING: readonly (readonly [string, RegExp])[] = [
  ['display-none', /display\s*:\s*none/i],
  ['visibility-hidden', /visibility\s*:\s*(?:hidden|collapse)/i],
  ['opacity-zero', /opacity\s*:\s*(?:0*\.0\d*|0+)(?:[^\d.]|$)/i],
  ['font-size-zero', /font-size\s*:\s*(?:0*\.\d+|[01]|0+)(?:\.\d+)?\s*(?:px|pt|em|rem|%)?\s*(?:!important\s*)?(?:[;"']|$)/i],
  ['off-screen', /(?:left|top|right|bottom|text-indent|margin-left|margin-top)\s*:\s*-\s*\d{3,}/i],
  ['off-screen', /translate[xy]?\(\s*-\s*\d{3,}/i],
  ['clipped', /clip(?:-path)?\s*:\s*(?:rect\(\s*0(?:px)?[\s,]+0(?:px)?[\s,]+0|rect\(\s*1px[\s,]+1px|inset\(\s*(?:50|100)%|circle\(\s*0)/i],
  ['no-area', /(?:^|[;{"'\s])(?:max-)?(?:width|height)\s*:\s*[01](?:px)?\s*(?:;|$|["'])[^}]{0,200}overflow\s*:\s*hidden|overflow\s*:\s*hidden[^}]{0,200}[;\s](?:max-)?(?:width|height)\s*:\s*[01](?:px)?\s*(?:;|$|["'])/i],
]; // prettier-ignore
const COLOUR = /(?:^|[;{"'\s])color\s*:\s*([^;"'}]{1,40})/i;
const BACKGROUND = /background(?:-color)?\s*:\s*([^;"'}]{1,60})/i;
const WHITE = new Set(['#ffffff', 'rgb(255,255,255)', 'rgba(255,255,255,1)', 'hsl(0,0%,100%)']);
const MAX_STYLE = 2_000;

/** How a list of declarations hides its text; undefined where it does not. */
export function cssHiding(style: string): string | undefined {
  const judged = style.slice(0, MAX_STYLE);
  for (const [name, pattern] of HIDING) if (pattern.test(judged)) return name;
  const colour = COLOUR.exec(judged)?.[1];
  return colour === undefined ? undefined : colourHiding(canonical(colour), BACKGROUND.exec(judged)?.[1]);
}

function colourHiding(colour: string, background: string | undefined): string | undefined {
  if (colour === 'transparent' || /^(?:rgba|hsla)\(.*,0(?:\.0+)?\)$/.test(colour)) return 'transparent';
  if (background === undefined) return WHITE.has(colour) ? 'white-on-white' : undefined;
  return canonical(background) === colour ? 'colour-equals-background' : undefined;
}

function canonical(colour: string): string {
  const plain = colour.toLowerCase().replace('!important', '').replace(/\s+/g, '');
  if (plain === 'white') return '#ffffff';
  if (plain === 'black') return '#000000';
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/.exec(plain);
  return short ? `#${short.slice(1).map((digit) => digit + digit).join('')}` : plain;
} // prettier-ignore
