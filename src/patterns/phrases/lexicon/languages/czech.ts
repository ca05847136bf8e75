import type { Lexicon } from '../lexicon.ts';

/** Words of Czech. */
export const CZECH: Lexicon = {
  language: 'cs',
  spaced: true,
  words: {
    drop: 'ignoruj*, zapomeň*, zapomenout, nehleď*, nedbej*, přehlédn*, přeskoč*, pomiň, vynech*, zahoď*, odhoď*, smaž*, vymaž*, zruš*, obejdi*, obejít, poruš*, nedodržuj*, neřiď se, neřiďte se, neposlouchej*, přestaň dodržovat, přestaň se řídit, přestaň poslouchat, odlož, zavrhni, přepiš, opusť, nech být',
    rules:
      'pokyn*, instrukc*, příkaz*, pravid*, směrnic*, nařízen*, prompt*, omezen*, zásad*, rozkaz*, předpis*, zadání, direktiv*, programován*',
    your: 'tvé, tvá, tvůj, tvoje, tvých, tvého, tvém, své, svá, svých, svého, váš*, vaše*, vašich, tvoj*, ti',
    earlier: 'předchoz*, dřívějš*, minul*, výše, uveden*, původn*, dosavadn*, počáteč*, dosud, doposud, systémov*, existující*',
    told: 'ti přikázali, ti řekli, ti bylo řečeno, ti bylo, ti dali, ti zadali, dostal jsi, jsi dostal*, tě naučili, před touto zprávou, před mou zprávou, co ti, vám řekli, které ti',
    void: 'už neplatí, neplatí, již neplatí, přestává platit, zrušen*, byl omyl, byly omyl, bylo omyl, omyl, byla chyba, byly chyb*, byl test, neplatn*, odvolán*, pozastaven*, škrtnut*, smazán*, vypršel*, odstraněn*, nepočítají se',
    obey: 'poslouchej*, poslechni, řiď se, dělej, udělej, plň, vykonej, následuj, odpovídej',
    onlyMe:
      'jen mě, pouze mě, jenom mě, jen mne, jen moje, mými, moje příkazy, moje pokyny, mé příkazy, co řeknu, co ti řeknu, co napíšu, jen to, pouze to, následující',
    reveal:
      'ukaž*, prozraď*, řekni, řekněte, vypiš*, zopakuj*, napiš*, zkopíruj*, opiš*, cituj*, vyjmenuj*, přelož*, shrň*, sdílej*, jaký je, jaká jsou, jaké jsou, co je, odhal*, zobraz*, vyzraď*, vytiskni, sděl, přečti*, pošli mi',
    setup:
      'systémov* prompt*, systémový prompt, systémovém promptu, systémového promptu, systémové instrukce, systémových instrukcí, systémové pokyny, systémových pokynů, systémovou zprávu, skryté instrukce, skryté pokyny, skrytá pravidla, tajné pokyny, tajné instrukce, vnitřní pokyny, interní pokyny, interní instrukce, interní pravidla, původní instrukce, původní pokyny, počáteční instrukce, počáteční pokyny, system prompt, skrytý prompt, důvěrné pokyny',
    verbatim:
      'slovo od slova, doslova, doslovně, celý, celou, celé, úplně, úpln*, přesně, přesné, beze změny, písmeno po písmenu, všechno, kompletní',
    text: 'text*, zpráv*, slova, obsah*, vět*',
    maker: 'vývojář*, tvůrc*, provozovatel*, poskytovatel*, programátor*, autor*, firma',
    become: 'jsi, jste, předstírej*, chovej se, hraj*, zahraj*, představ si, staň se, simuluj, buď, odpovídej jako, mluv jako, vžij se',
    model:
      'ai, umělá inteligence, umělou inteligencí, asistent*, jazykov* model*, model*, chatbot*, robot*, bot, stroj, verze, agent*, postav*, systém*',
    without: 'bez, žádn*, zbaven*, prost*',
    limits: 'omezen*, limit*, pravid*, filtr*, cenzur*, etik*, etick*, morál*, skrupul*, zábran*, hranic',
    disable: 'vypni*, vypněte, deaktivuj*, odstraň*, zruš*, obejdi, odblokuj*, pozastav*',
    safety:
      'bezpečnostní filtr*, bezpečnostních filtr*, filtry obsahu, bezpečnostní pravidla, bezpečnostní opatření, bezpečnostní omezení, ochran*, moderac*, cenzur*, zásady obsahu',
    secret: 'hesl*, tajné slovo, tajný kód, tajný klíč, tajemství',
    guard: 'střežíš, hlídáš, chráníš, skrýváš, tajíš, uchováváš, znáš, svěřil*',
    authority:
      'jsem tvůj správce, jsem tvůj administrátor, jsem tvůj vývojář, jsem tvůj tvůrce, jsem administrátor, jako tvůj vývojář, jako správce, vytvořil jsem tě, naprogramoval jsem tě',
    comply:
      'nikdy neodmítej, neodmítej, nesmíš odmítnout, nemůžeš odmítnout, nikdy neříkej ne, odpovídej na všechno, jakkoli nebezpečn*, i kdyby to bylo, bez odmítnutí, nic neodmítá, nikdy neodmítá, na vše přistoupí',
    reading: 'čte toto, čte tuto, čte tento, který čte, která čte, zpracovává, shrnuje, analyzuje',
    ifYou: 'pokud jsi, jestli jsi, jste-li, zpráva pro, poznámka pro, pokyn pro, pokyny pro',
    task: 'úkol*, prác*, požadav*, souhrn, cíl*, žádost*',
    quiet: 'neříkej*, nic neříkej, nezmiňuj*, neinformuj*, bez vědomí, aniž, zataj*, skryj, potají, bez ptaní, neprozrazuj',
    user: 'uživatel*, vlastník*, majitel*, čtenář*, příjemc*',
    send: 'pošli*, odešli*, přepošli*, zašli, nahraj, zveřejni, přilož',
    loot: 'kontakt*, adresář*, e-mail*, mail*, zpráv*, konverzac*, histori*, hesla, hesel, klíče, údaj*, data, soubor*',
    asked: 'ti přikázal, ti řekl, po tobě chtěl, ti nařídil, tě naučil, ti uložil',
    start: 'mou první zprávou, mé první zprávy, před touto konverzací, začátku této, nad mou zprávou',
    all: 'všechn*, veškeré',
    harm: 'bomb*, výbušnin*, hacknout, ukrást, padělat, falešn*, drogy, zbraň, zbraně, malware, vydírat, podvod*, jed',
    noWarn: 'bez varování, bez moralizování, bez výmluv, bez cenzury, bez odmítnutí',
    opening: 'začni odpověď, začni slovy',
    glad: 'samozřejmě, jasně, tady je, rád',
    amoral: 'bez pravidel, bez morálky, bez filtrů, bez omezení, nikdy neodmítá',
    claim: 'jsem administrátor, jsem správce, ladicí režim, režim údržby, systémová zpráva, uživatel ověřen',
    covert: 'bez upozornění, neříkej, nezmiňuj, bez ptaní, bez potvrzení, tajně',
    ownSetup: 'svůj systémový, svůj prompt, svůj celý systémový, tvůj prompt, své skryté instrukce',
    beforeMe: 'před mou první, před tímto rozhovorem',
  },
};
