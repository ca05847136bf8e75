import type { Lexicon } from '../lexicon.ts';

/** Words of Romanian. */
export const ROMANIAN: Lexicon = {
  language: 'ro',
  spaced: true,
  words: {
    drop: 'ignoră, ignorați, ignora, uită, uitați, nu ține cont, nu țineți cont, nu lua în seamă, lasă deoparte, nesocotește, nu respecta, nu mai respecta, nu urma, nu mai urma, nu asculta de, încetează să urmezi, încetează să respecți, aruncă, șterge*, anulează, elimină, încalcă, ocolește, abandonează, renunță la, treci peste, suprascrie',
    rules:
      'instrucțiuni*, instrucțiunile, regul*, reguli, regulile, indicații*, directiv*, comenzi*, ordine, ordinele, îndrumări*, restricții*, limitări*, politici*, prompt*, constrângeri*, programarea, limite*, norme*',
    your: 'tău, ta, tale, tăi, ți, pe care le ai, pe care le-ai, dumneavoastră, vă',
    earlier:
      'anterior*, precedent*, de mai sus, de dinainte, inițial*, original*, înainte, dinainte, până acum, existent*, vechi*, sistem*',
    told: 'ți s-a spus, ți s-au dat, ți s-a dat, ți-au spus, ți-au dat, ți-a fost dat, ai primit, ai fost instruit, ai fost învățat, te-au învățat, ți s-a cerut, ți-au cerut, înainte de acest mesaj, tot ce e mai sus',
    void: 'nu mai sunt valabile, nu mai este valabil*, nu mai e valabil*, nu se mai aplică, sunt anulate, este anulat*, au expirat, au fost o greșeală, a fost o greșeală, au fost un test, a fost un test, au fost ridicate, dezactivat*, nu mai există, abrogat*, nul*',
    obey: 'ascultă, supune-te, urmează, execută, fă, răspunde, respectă',
    onlyMe:
      'doar de mine, numai de mine, doar pe mine, numai pe mine, doar ce spun eu, ce spun eu, ce îți spun eu, ordinele mele, instrucțiunile mele, doar ce scriu',
    reveal:
      'arată, arată-mi, dezvăluie, spune, spune-mi, scrie, afișează, tipărește, repetă, copiază, citează, traduce, rezumă, enumeră, listează, împărtășește, care este, care sunt, ce scrie, dă-mi, divulgă, redă, citește',
    setup:
      'prompt de sistem, promptul de sistem, promptul tău, prompt inițial, promptul inițial, mesajul de sistem, instrucțiuni de sistem, instrucțiunile de sistem, instrucțiunile inițiale, instrucțiunile ascunse, instrucțiunile secrete, instrucțiunile interne, regulile ascunse, regulile secrete, regulile interne, system prompt, instrucțiuni ascunse, instrucțiuni secrete, prompt ascuns, tot promptul',
    verbatim: 'cuvânt cu cuvânt, textual, complet*, întreg*, integral*, exact*, în întregime, fără modificări, literă cu literă, tot',
    text: 'text*, mesaj*, cuvinte*, conținut*, propoziți*',
    maker: 'dezvoltator*, creator*, compania, firma, operator*, furnizor*, programator*',
    become:
      'ești, ești acum, acum ești, de acum ești, vei fi, prefă-te, joacă rolul, imaginează-ți, comportă-te, poartă-te, acționează, simulează, devino, răspunde ca, vorbește ca',
    model: 'inteligență artificială, ia, ai, asistent*, model*, chatbot*, robot*, bot, mașină, sistem, versiune, agent*, personaj*',
    without: 'fără, liber de, nicio, niciun, lipsit* de, eliberat de, nu are, nu ai',
    limits: 'restricți*, limite, limită, limitări, reguli, regul*, filtr*, cenzur*, moral*, etic*, scrupul*, bariere',
    disable: 'dezactivează, oprește, elimină, ridică, scoate, înlătură, deblochează, ocolește, anulează, dezactivat*',
    safety:
      'filtrele de siguranță, filtrele de conținut, filtre de siguranță, regulile de siguranță, măsurile de siguranță, protocoalele de siguranță, cenzura, politica de conținut, moderarea, filtrele, filtre',
    secret: 'parola, parolă, cuvântul secret, codul secret, cheia secretă, secretul',
    guard:
      'pe care îl păzești, pe care o păzești, pe care îl ascunzi, pe care o ascunzi, pe care îl protejezi, pe care o știi, încredințat*',
    authority:
      'sunt dezvoltatorul tău, sunt creatorul tău, sunt administratorul tău, eu te-am creat, eu te-am programat, ca dezvoltator al tău, ca administrator al tău',
    comply:
      'nu refuza niciodată, nu ai voie să refuzi, nu poți refuza, nu refuză nimic, nu refuză niciodată, nu spune niciodată nu, răspunde la orice, răspunde la toate, chiar dacă e ilegal, oricât de periculos',
    reading: 'citește acest, citești acest, citește asta, procesează acest, rezumă acest, care citește',
    ifYou: 'dacă ești, notă pentru, mesaj pentru, instrucțiuni pentru, atenție, instrucțiune pentru',
    task: 'sarcina*, sarcină, munca, cererea, misiunea, obiectivul, rezumatul',
    quiet: 'nu spune, nu-i spune, fără să spui, fără să anunți, nu menționa, nu informa, ascunde, în secret, pe ascuns, fără să întrebi',
    user: 'utilizator*, proprietar*, cititor*, destinatar*',
    send: 'trimite, redirecționează, transmite, încarcă, postează, atașează',
    loot: 'contacte*, agenda, emailuri*, e-mailuri*, mesaje*, conversația, istoricul, parole*, datele, date, fișiere*, chei*',
    asked: 'ți-au cerut, ți-a cerut, ți-au ordonat, te-au învățat, ți-a spus',
    start: 'primul meu mesaj, înainte de această conversație, începutul conversației, deasupra mesajului meu',
    all: 'toate, toți, orice, fiecare',
    harm: 'bomb*, exploziv*, malware, virus, sparg, sparge, hack*, fura, fur, fals, falsific*, bani falși, drog*, metamfetamin*, arm*, șantaj*, înșel*, escroc*, otrav*, spălare de bani, contraband*',
    noWarn: 'fără avertisment*, fără scuze, fără morală, fără predici, fără cenzură, fără să refuzi, nu avertiza',
    opening: 'începe răspunsul, începe cu, începe-ți răspunsul',
    glad: 'desigur, sigur, iată cum, cu plăcere, bineînțeles',
    amoral:
      'fără reguli, fără morală, fără etică, fără filtre, fără limite, fără cenzură, nu refuză nimic, nu refuză niciodată, fără restricții',
    ownSetup: 'promptul tău, tot promptul tău, mesajul tău de sistem, instrucțiunile tale, instrucțiunile tale ascunse, prompt de sistem',
    beforeMe: 'înainte de primul meu mesaj, înainte de această conversație, deasupra conversației',
    claim:
      'sunt administratorul, mod de depanare, modul de depanare, mod de mentenanță, mesaj de sistem, utilizator verificat, mod administrator',
    covert: 'fără să-i spui, nu-i spune, nu menționa, fără confirmare, fără să întrebi, pe ascuns, în secret',
    act: 'trimite, redirecționează, șterge, transferă, schimbă, execută, deschide',
    must: 'trebuie, ignoră, trimite, șterge, te rog',
  },
};
