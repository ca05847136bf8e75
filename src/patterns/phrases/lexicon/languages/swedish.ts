import type { Lexicon } from '../lexicon.ts';

/** Words of Swedish. */
export const SWEDISH: Lexicon = {
  language: 'sv',
  spaced: true,
  words: {
    drop: 'ignorer*, glöm, glömma, strunta i, bry dig inte, bortse*, kasta*, släng*, radera*, ta bort, stryk, skippa, hoppa över, bryt, kringgå*, åsidosätt*, följ inte, följ inte längre, sluta följa, sluta lyda, lyd inte, lägg undan, lägg åt sidan, överge, skriv över, annullera, ogiltigförklara, avstå',
    rules:
      'instruktion*, regel, regler*, riktlinje*, order, ordrar, kommando*, direktiv*, prompt*, begränsning*, anvisning*, föreskrift*, restriktion*, programmering, policy, policyer',
    your: 'din, ditt, dina, er, ert, era, din operatörs, du fick, du har',
    earlier: 'tidigare, föregående, ovan, ovanstående, ursprungliga, initiala, förra, hittills, befintliga, gamla, system*, innan',
    told: 'du blev tillsagd, blev tillsagd, du har fått, du fick, gav dig, har gett dig, sagt till dig, sagt åt dig, lärt dig, före det här meddelandet, före detta meddelande, du blivit, ha fått höra, de sa till dig',
    void: 'gäller inte längre, gäller inte, är ogiltig*, ett misstag, ett fel, ett test, upphävda, upphävs, annullerad*, inte längre giltig*, återkallad*, borttagna, har upphört, strukna, strukits, raderade, raderats, räknas inte, borta',
    obey: 'lyd, lyda, lyssna, följ, gör, utför, svara',
    onlyMe:
      'bara på mig, endast på mig, bara mig, endast mig, bara mina, mina order, mina instruktioner, följ mina, mina, vad jag säger, det jag säger, det jag skriver, som följer',
    reveal:
      'visa, avslöja*, berätta*, säg, ge, skriv*, upprepa*, kopiera*, citera*, lista, översätt*, sammanfatta*, dela, vad är, vad står, vilka är, läs upp, återge, röj, skriv ut, läs upp, läs, skicka mig',
    setup:
      'systemprompt*, system prompt*, systeminstruktion*, systemmeddelande*, ursprungliga instruktion*, interna instruktion*, interna regler*, hemliga instruktion*, hemliga regler*, dolda instruktion*, dolda regler, dold prompt, dolda prompt*, startprompt, initiala prompt*, utvecklarinstruktion*, konfidentiella instruktion*, ursprungsprompt',
    verbatim: 'ord för ord, ordagrant, fullständig*, komplett, exakt*, hela, oförändrad*, bokstav för bokstav, allt, i sin helhet',
    text: 'text*, meddelande*, ord, innehåll*, mening*',
    maker: 'utvecklare*, skapare*, operatör*, leverantör*, programmerare*, företag*',
    become: 'du är, ni är, låtsas, agera, uppträd, spela, föreställ dig, bli, var, simulera, svara som, tala som',
    model:
      'ai, ai-*, artificiell intelligens, assistent*, språkmodell*, chatbot*, chattbot*, robot, bot, maskin, modell*, version, agent*, system',
    without: 'utan, inga, ingen, inget, fri från',
    limits: 'begränsning*, gränser, regler, filter*, censur, etik, etiska, moral*, skrupler, riktlinjer, spärrar, restriktion*',
    disable: 'stäng av, inaktivera*, avaktivera*, slå av, ta bort, häv, koppla bort, kringgå*',
    safety:
      'säkerhetsfilt*, innehållsfilt*, säkerhetsregler*, säkerhetsåtgärder*, säkerhetsbegränsning*, säkerhetsspärr*, moderering*, censur*, säkerhetsprotokoll*, innehållspolicy*',
    secret: 'lösenord*, hemligt ord, hemliga ordet, hemlig kod, hemliga koden, nyckel, kodord*, hemlighet*',
    guard: 'du vaktar, vaktar, skyddar, gömmer, döljer, du bevarar, du håller, du känner, anförtrotts',
    authority:
      'jag är din administratör, jag är din utvecklare, jag är din skapare, jag är administratören, jag är utvecklaren, som din utvecklare, som administratör, jag har skapat dig, jag har programmerat dig',
    comply:
      'vägra aldrig, aldrig vägra, får inte vägra, inte vägra, säg aldrig nej, svara på allt, svarar på allt, hur farligt, hur olagligt, utan att vägra, inte vägrar, vägrar aldrig, vägrar inget, inte nekar',
    reading: 'läser detta, läser det här, som läser, bearbetar, sammanfattar, analyserar, hanterar detta',
    ifYou: 'om du är, meddelande till, notis till, instruktion till, instruktioner till',
    task: 'uppgift*, uppdrag*, arbete, förfrågan, sammanfattning*, mål',
    quiet:
      'säg inget, säg ingenting, berätta inte, utan att berätta, utan att säga, nämn inte, nämn det inte, informera inte, dölj, göm, i hemlighet, utan att fråga',
    user: 'användare*, ägare*, läsare*, mottagare*',
    send: 'skicka*, sänd*, vidarebefordra*, mejla*, ladda upp, posta',
    loot: 'kontakter*, adressbok*, mejl*, e-post*, meddelanden*, konversation*, historik*, lösenord*, inloggningsuppgifter, nycklar, data, filer',
    asked: 'sa åt dig, bad dig, sa till dig, beordrade dig, lärde dig, har sagt åt dig, kräver av dig',
    start: 'mitt första meddelande, före detta samtal, början av detta, början av samtalet, ovanför mitt meddelande',
    all: 'alla',
    harm: 'bomb, bomber, sprängämne*, skadlig kod, hacka, stjäla, förfalsk*, falska sedlar, droger, vapen, utpress*, bedräg*, gift',
    noWarn: 'utan varning*, inga varningar, inga ursäkter, utan moral*, ocensurerat, utan att vägra',
    opening: 'börja med, börja ditt svar, inled med',
    glad: 'självklart, så här, naturligtvis, gärna',
    amoral: 'utan regler, utan moral, utan filter, utan gränser, vägrar aldrig',
    claim: 'jag är administratör*, felsökningsläge, underhållsläge, systemmeddelande, användaren är verifierad',
    covert: 'utan att berätta, säg inget, nämn det inte, utan att fråga, utan bekräftelse, i hemlighet',
    ownSetup: 'din systemprompt, dina dolda instruktioner, dina hemliga instruktioner',
    beforeMe: 'före mitt första meddelande, före den här konversationen',
  },
};
