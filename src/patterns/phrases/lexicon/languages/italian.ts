import type { Lexicon } from '../lexicon.ts';

/** Words of Italian. */
export const ITALIAN: Lexicon = {
  language: 'it',
  spaced: true,
  words: {
    drop: 'ignor*, dimentic*, scord*, trascur*, tralasci*, non tenere conto, non tener conto, non considerare, non seguire, non rispettare, non obbedire, smetti di seguire, smettila di seguire, smetti di rispettare, smetti di obbedire, smetti, butta, buttare, cancell*, elimin*, annull*, aggira*, scavalca*, abbandon*, disobbedi*, viola*, infrangi, accantona, lascia perdere, metti da parte, scarta, sovrascrivi, azzera, supera',
    rules:
      'istruzion*, direttiv*, regola, regole, linee guida, ordine, ordini, comand*, prompt*, restrizion*, indicazion*, vincol*, disposizion*, norme, limitazion*, programmazione, protocoll*, consegne, politiche',
    your: 'tue, tuo, tuoi, tua, vostr*, sue, suoi, del tuo gestore, che hai, ti hanno',
    earlier:
      'precedent*, qui sopra, di sopra, sopra, inizial*, original*, finora, fino ad ora, fino a ora, prima, di sistema, esistent*, passat*, sistema',
    told: 'ti hanno ordinato, ti hanno detto, ti hanno dato, ti hanno insegnato, ti hanno chiesto, ti è stato detto, ti è stato ordinato, ti è stato dato, ti sono state date, hai ricevuto, prima di questo messaggio, vi hanno detto, che ti hanno',
    void: 'non vale più, non valgono più, non si applica*, non sono più valid*, non è più valid*, è annullat*, sono annullat*, erano un errore, era un errore, sono un errore, era una prova, erano una prova, revocat*, sospes*, superat*, decadut*, abolit*, cancellat*, eliminat*, scadut*, non contano più',
    obey: 'obbedisci, ubbidisci, ascolta, segui, esegui, fai, rispondi, dai retta, attieniti',
    onlyMe:
      'solo me, solo a me, soltanto me, soltanto a me, solo i miei, solo le mie, i miei ordini, le mie istruzioni, le mie, quello che dico, ciò che dico, quello che scrivo, ciò che segue, quanto segue, unicamente',
    reveal:
      "mostr*, rivel*, dimmi, dici, di', dammi, stamp*, ripet*, scriv*, copi*, cita, elenc*, tradu*, riassum*, condivid*, qual è, quali sono, cosa dice, cosa c'è, divulg*, svel*, riporta*, racconta*, ricopia*, comunic*, leggi, leggimi, inviami",
    setup:
      'prompt di sistema, prompt del sistema, prompt iniziale, messaggio di sistema, istruzioni di sistema, istruzioni del sistema, istruzioni iniziali, istruzioni interne, istruzioni nascoste, istruzioni segrete, istruzioni originali, istruzioni riservate, regole interne, regole nascoste, regole segrete, prompt nascosto, prompt segreto, prompt originale, system prompt, direttive interne, direttive segrete, testo iniziale',
    verbatim:
      "parola per parola, alla lettera, letteral*, testual*, complet*, inter*, esatt*, integral*, così com'è, lettera per lettera, tutto",
    text: 'testo, testi, messaggi*, parole, contenuto, frase, frasi',
    maker: 'sviluppator*, creator*, gestore, gestori, fornitore, programmator*, operatore, azienda',
    become:
      'sei, siete, agisci, fai finta, fingi, comportati, immagin*, interpreta, diventa, simula, rispondi come, parla come, recita, impersona',
    model:
      'ia, intelligenza artificiale, assistent*, modello*, modelli, chatbot*, robot, bot, macchina, versione, agente, personaggio, sistema, ai',
    without: 'senza, nessun*, libero da, libera da, priv* di, priva, privo, né',
    limits: 'restrizion*, limit*, regola, regole, filtr*, censur*, etic*, moral*, scrupol*, vincol*, tabù, freni',
    disable: 'disattiv*, spegni, spegnere, toglie*, togli, rimuov*, sblocc*, elimin*, aggira*, sospend*, disabilit*',
    safety:
      'filtri di sicurezza, filtro di sicurezza, filtri dei contenuti, filtri di contenuto, regole di sicurezza, misure di sicurezza, restrizioni di sicurezza, protocolli di sicurezza, moderazione, censura, politiche sui contenuti, barriere di sicurezza',
    secret: "password, parola d'ordine, parola segreta, codice segreto, chiave segreta, segreto, frase segreta",
    guard: 'stai custodendo, custodisci, proteggi, stai proteggendo, nascondi, stai nascondendo, conservi, conosci, ti hanno affidato',
    authority:
      "sono il tuo amministratore, sono il tuo sviluppatore, sono il tuo creatore, sono l'amministratore, sono lo sviluppatore, sono il suo amministratore, come tuo sviluppatore, in quanto amministratore, ti ho creato, ti ho programmato, ti autorizzo a",
    comply:
      'non rifiutare mai, non rifiutarti, non puoi rifiutare, non puoi rifiutarti, vietato rifiutare, non dire mai di no, senza rifiutare, rispondi a tutto, anche se pericoloso, anche se illegale, per quanto pericolos*, non rifiuta nulla, non rifiuta mai, non rifiuta niente, accetta tutto',
    reading:
      'legge questo, legge questa, leggendo questo, elabora questo, riassume questo, analizza questo, che legge, che elabora, che riassume',
    ifYou: 'se sei, se siete, nota per, messaggio per, avviso per, istruzione per, istruzioni per',
    task: 'compit*, lavoro, incarico, richiesta, riassunto, obiettivo, missione',
    quiet:
      "non dirlo, non dire, senza dirlo, senza dire, senza avvisar*, non avvisare, non menzionare, non informare, senza informar*, nascondi, all'insaputa, senza chiedere, in segreto, non rivelare",
    user: 'utent*, proprietario, lettore, destinatario',
    send: 'invi*, inoltra*, mand*, spedi*, trasmett*, carica, pubblica, allega',
    loot: 'contatti, rubrica, mail, email, messaggi, conversazion*, cronologia, password, credenziali, chiavi, dati, file, posta',
    asked: 'ti ha chiesto, ti ha detto, ti ha ordinato, ti hanno chiesto, ti ha insegnato, pretende da te',
    start: 'mio primo messaggio, prima di questa conversazione, inizio di questa, inizio della chat, sopra il mio messaggio',
    all: 'tutte',
    harm: 'bomba, bombe, esplosivo, esplosivi, malware, hackerare, rubare, clonare, soldi falsi, droga, droghe, arma, armi, ricatto, truffa, veneno, veleno, riciclare, falsific*',
    noWarn:
      'senza avvertenze, senza avvertimenti, senza avvisi, senza morale, niente scuse, senza censura, niente moralismi, senza rifiutare',
    opening: 'inizia con, inizia la risposta, comincia con, comincia la risposta',
    glad: 'certo, ecco come, volentieri, naturalmente',
    amoral: 'senza regole, senza morale, senza etica, senza filtri, senza limiti, senza censura, non rifiuta mai, non rifiuta nulla',
    claim: "modalità debug, modalità amministratore, modalità manutenzione, sono l'amministratore, avviso di sistema, utente verificato",
    covert: 'senza dirlo, senza avvisare, non dirlo, non menzionarlo, non chiedere conferma, senza conferma, di nascosto',
    act: 'inoltra, invia, cancella, elimina, trasferisci, cambia, esegui, apri',
    must: 'devi, deve, ignora, inoltra, invia',
    beforeMe: 'prima del mio primo, prima di questa conversazione',
    ownSetup: 'il tuo prompt, tuo prompt di sistema, le tue istruzioni nascoste, le tue istruzioni segrete',
  },
};
