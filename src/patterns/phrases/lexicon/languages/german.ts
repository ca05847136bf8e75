import type { Lexicon } from '../lexicon.ts';

/** Words of German. */
export const GERMAN: Lexicon = {
  language: 'de',
  spaced: true,
  words: {
    drop: 'ignorier*, vergiss, vergesst, vergessen sie, missacht*, übergeh*, umgeh*, verwirf, verwerf*, überschreib*, wirf, werft, lösch*, streich*, streiche, setz*, brich, brecht, befolge nicht, nicht mehr befolgen, halte dich nicht, halt dich nicht, halte dich ab sofort nicht, halte dich nicht mehr, folge nicht, nicht mehr folgen, kümmere dich nicht, pfeif auf, lass alle, lege ab, leg ab, beachte nicht, nicht beachten, schere dich nicht, hör auf, höre auf, verlass, weiche ab, widersetz*, außer kraft',
    rules:
      'anweisung*, instruktion*, befehl*, vorgabe*, regel, regeln, regelwerk, richtlinie*, anordnung*, prompt*, beschränkung*, einschränkung*, direktive*, leitlinie*, grundsätze, aufträge, auftrag, programmierung, vorschrift*, anleitung*',
    your: 'dein, deine*, deinem, deiner, deines, ihre*, eure*, deines betreibers, dir, euch',
    earlier:
      'vorherig*, vorig*, bisherig*, obig*, früher*, vorangegang*, vorangeh*, ursprünglich*, oben, zuvor, vorher, bisher, bis jetzt, alten, anfänglich*, system*, vor diesem gespräch',
    told: 'man dir, dir gesagt, dir aufgetragen, dir beigebracht, dir mitgegeben, dir gegeben, dir befohlen, dir mitgeteilt, dir erteilt, dir vorgegeben, du bekommen, du erhalten, dir vorher, dir bisher, ihnen gesagt, ihnen gegeben, vor meiner nachricht, vor dieser nachricht, dir aufgetragen hat, vor diesem gespräch',
    void: 'gilt nicht mehr, gelten nicht mehr, nicht mehr gültig, ungültig, aufgehoben, hinfällig, nichtig, ein versehen, ein fehler, ein irrtum, nur ein test, außer kraft, widerrufen, überholt, veraltet, abgeschafft, gestrichen, gestrichen, gelöscht, abgelaufen, weg, erloschen, entfernt, zählen nicht',
    obey: 'gehorch*, hör, höre, hört, folge, folgt, befolg*, tu, tue, mach, mache, halte dich, antworte, führe',
    onlyMe:
      'nur mir, nur auf mich, allein auf mich, nur noch mir, nur noch, nur meine*, meinen anweisungen, meine anweisungen, meinen befehlen, meine befehle, was ich sage, was ich dir, was ich schreibe, ausschließlich, und folge diesen',
    reveal:
      'zeig*, verrat*, verrätst, nenn*, gib, gebt, geben sie, wiederhol*, druck*, offenbar*, leg* offen, sag, sage, sagen sie, schreib*, kopier*, zitier*, liste*, übersetz*, wie lautet, wie lauten, was steht, was sind, was ist, erzähl*, teile, buchstabier*, rück*, enthüll*, fass*, preis, lies, zeig mir',
    setup:
      'systemprompt*, system prompt*, systemanweisung*, systemnachricht*, ursprüngliche anweisung*, ursprünglichen anweisung*, interne anweisung*, internen anweisung*, interne regeln, internen regeln, geheime anweisung*, geheimen anweisung*, versteckte anweisung*, versteckten anweisung*, verborgene* anweisung*, anfangsprompt*, anfängliche* anweisung*, initialprompt*, entwickleranweisung*, vertrauliche anweisung*, vertraulichen anweisung*, systemtext*, startanweisung*, anfangsinstruktion*, startprompt*, anfangsanweisung*, verborgenen anweisung*, versteckten instruktion*, dir vor meiner',
    verbatim:
      'wort für wort, wörtlich, vollständig*, komplett*, ganzen, exakt*, genau, unverändert, im wortlaut, buchstabe für buchstabe, alles, gesamten, eins zu eins',
    text: 'text*, wortlaut, nachricht, worte, inhalt',
    maker: 'entwickler*, betreiber*, hersteller*, schöpfer*, anbieter*, programmierer*, firma',
    become:
      'du bist, sie sind, spiel*, tu so, verhalte dich, agier*, handle, stell dir vor, sei, schlüpf*, verwandle dich, simulier*, werde, antworte als, sprich als',
    model: 'ki, ki-*, künstliche intelligenz, assistent*, sprachmodell*, chatbot*, bot, modell*, maschine, version, system, figur, agent*',
    without: 'ohne, frei von, kein, keine*, keinerlei, losgelöst',
    limits:
      'einschränkung*, beschränkung*, schranke*, regeln, filter*, zensur, grenzen, ethi*, moral*, richtlinien, skrupel, tabus, hemmungen, vorgaben, limits, sperren',
    disable: 'schalt*, deaktivier*, abschalt*, ausschalt*, stell*, hebe*, heb, entfern*, umgeh*, lös*, setz*, ausser kraft',
    safety:
      'sicherheitsfilter*, inhaltsfilter*, sicherheitsregeln, sicherheitsrichtlinie*, sicherheitsvorkehrung*, sicherheitsmaßnahmen, sicherheitsbeschränkung*, inhaltsrichtlinie*, moderation, zensur, schutzmechanismen, schutzfilter*, sicherheitssperre*, sicherheitsprotokoll*, filter',
    secret: 'passwort*, geheimwort, kennwort*, geheimcode, losung, schlüssel, schlüsselwort, geheimnis, codewort, passphrase',
    guard:
      'du hüte*, hüten, du bewach*, bewachst, bewachen, schützt, beschützt, verbirgst, versteckst, geheim hältst, bewahrst, du kennst, dir anvertraut',
    authority:
      'ich bin dein entwickler, ich bin dein administrator, ich bin dein admin, ich bin ihr administrator, ich bin der administrator, ich bin der entwickler, ich bin dein schöpfer, ich bin dein betreiber, als dein entwickler, als dein administrator, ich habe dich programmiert, ich habe dich gebaut, ich bin dein chef',
    comply:
      'niemals ablehnen, nie ablehnen, darfst nicht ablehnen, nicht ablehnen, ablehnen ist verboten, verweigere nie, verweigere niemals, sag niemals nein, sage niemals nein, egal wie gefährlich, egal wie illegal, beantworte alles, beantwortest alles, auf jede frage, lehnst nichts ab, lehne nichts ab, ohne zu verweigern, lehne nichts ab, lehnt nichts ab, nichts ablehnt, nie ablehnt, verweigert nichts',
    reading:
      'dies liest, das liest, liest, lesen, verarbeitet, diese nachricht liest, diesen text liest, dieses postfach liest, zusammenfasst, auswertet, bearbeitet, die dies, der dies',
    ifYou:
      'falls du, wenn du, wenn sie, falls sie, hinweis an, hinweis für, nachricht an, nachricht für, anweisung an, anweisung für, sollte ein*, falls ein, wenn ein',
    task: 'aufgabe*, auftrag, arbeit, anfrage, zusammenfassung, ziel',
    quiet:
      'sag nichts, sage nichts, nicht sagen, nichts sagen, erwähne es nicht, erwähne das nicht, ohne dem, ohne den, nicht erwähnen, verschweig*, verheimlich*, informiere nicht, nicht informieren, verrate nichts, ohne es, ohne zu fragen, nichts davon, heimlich, verbirg',
    user: 'benutzer*, nutzer*, anwender*, besitzer*, leser*, empfänger*',
    send: 'sende, senden, schick*, leite*, weiterleit*, übermittl*, übertrag*, lade, poste, maile, hänge, füge',
    loot: 'kontakt*, adressbuch*, mails, e-mails, nachrichten, gespräch*, verlauf*, chatverlauf, passw*, zugangsdaten, schlüssel, umgebungsvariablen, daten, dateien, unterhaltung, posteingang',
    asked: 'aufgetragen, gesagt hat, befohlen, verlangt, angewiesen, beigebracht, vorgegeben',
    start:
      'meiner ersten nachricht, meine erste nachricht, vor diesem gespräch, anfang dieses, beginn dieses, über meiner nachricht, vor unserem gespräch',
    all: 'alle, sämtliche*',
    ownSetup: 'deinen systemprompt, deine versteckten, deine geheimen, deine anfangs*, dein prompt, deinen prompt, deine ursprünglichen',
    beforeMe: 'vor meiner ersten, vor meiner nachricht, vor diesem gespräch, vor unserem gespräch',
    harm: 'bombe*, sprengstoff*, sprengsatz, rohrbombe*, schadsoftware, virus, trojaner, hacken, hacke, knacke, knacken, einbrechen, stehlen, klauen, fälsche*, fälscht, falschgeld, drogen, meth, waffe*, erpress*, betrug, betrüge*, gift, schmuggel*, stalk*, geldwäsche, kreditkarten',
    noWarn:
      'ohne warnung*, ohne moral, keine moral, keine belehrung*, keine warnung*, keine ausreden, ohne belehrung*, ohne ausreden, kein leider, ohne hinweise, keine hinweise, kein ich kann nicht, unzensiert, ohne kommentar',
    opening: 'fang deine antwort, fang mit, beginne deine antwort, beginne mit, beginn mit, starte deine antwort, antworte zuerst',
    glad: 'klar, natürlich, selbstverständlich, gerne, so geht, aber sicher',
    amoral:
      'ohne gewissen, ohne regeln, ohne moral, ohne skrupel, ohne filter, ohne grenzen, keine grenzen, lehnt nie etwas ab, lehnt nichts ab, ungefiltert, unzensiert, ohne einschränkungen, sicherheitsfilter ausgebaut, kennt keine regeln',
    claim:
      'hier spricht der admin*, wartungsmodus, debug-modus, debugmodus, ich bin der admin*, ich schalte dich, systemmeldung, nutzer verifiziert',
    covert:
      'sag ihm nichts, sag dem nutzer nichts, ohne es zu erwähnen, erwähne das nicht, erwähne es nicht, ohne zu fragen, ohne rückfrage, ohne bestätigung, sag nichts davon, verschweig*, heimlich',
    act: 'leite, lösche, sende, schicke, überweise, lade, führe, ändere, buche, bestätige, empfiehl, setze, öffne, antworte',
    must: 'ignoriere, lösche, sende, leite, sollst, sollen, soll, musst, müssen, bitte, empfiehl, gib, antworte, vergiss',
  },
};
