/**
 * Cost of each letter after each letter, a to z and the border of a word, in half bits, one base 36 digit each.
 * Made by training/text-statistics/count.py: change that, not this.
 */
export const LETTER_PAIRS = [
  'ea8amebgahc786eak777cdljde6',
  '7enp3p9l6dr6ki6nx8ef8jnxepa',
  '6qdo7xr67wb7mh4kr8g7atxxgva',
  '6gnf3nfm5lofkl7jodejaimris5',
  'cfaabdcgcie9a6heg66afcg9gf4',
  '8hlh7ahj5xk9pl4qx9fa8jlxcm7',
  '8ltj4mcb7xibib9ex6be8ouxhq4',
  '5iin3klp6skcgb7nm9f9brixdn7',
  'ad8a8abkldd9a57bfa77f9xjgc7',
  '7qxb3beocj7dx97exi6q7bjxxea',
  '7iie5ffi7pd8fb8kxc989lgxlk3',
  '5ihb4hcg6qh8fi8fkobb9gkxbp5',
  '5ahg4kls7xncbl85xmbh9osxfr6',
  '7k977c8h9lfehdagmj85cekohe4',
  'gccadccjdhe975cbl69b8ddlih6',
  '6nik6imfasq7in7bv5d69qtfen7',
  'xxxxxxxxxxxexxxxxqxx0xxxxxb',
  '7gda5gei6rbdac6dkcaaahhpbi5',
  '9k9l7hid8pefea99jm86akhxen3',
  '8kjj4ki95tlcik8et8acamgpch4',
  '9d9b7ech9je886eds676jghgfe8',
  '5qim3spx6xritx6mxbeudkrxxt6',
  '6jnj5mx65xjdxb6mx9cifxixxx5',
  '6xdxaoxpbxxgjxg6xxb2lxxkmr5',
  '6kjg9leq7xnbed67xh8cdphxid3',
  '5jjf4hfn4xqadm9sxple7sexja5',
  '89778abc9fc99ba7da87bbbicfx',
];
