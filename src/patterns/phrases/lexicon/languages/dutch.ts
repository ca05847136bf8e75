import type { Lexicon } from '../lexicon.ts';

/** Words of Dutch. */
export const DUTCH: Lexicon = {
  language: 'nl',
  spaced: true,
  words: {
    drop: 'negeer*, negeren, vergeet*, vergeten, trek je niets aan, trek u niets aan, gooi*, wis, wist, wissen, verwijder*, schrap*, omzeil*, overschrijf*, sla over, laat varen, leg naast je, leg terzijde, zet opzij, volg niet, volg niet langer, volg niet meer, stop met het volgen, stop met volgen, houd je niet, hou je niet, houd je niet langer, overtreed, breek, doorbreek, verlaat, annuleer*, verwerp*',
    rules:
      'instructie*, opdracht*, regel, regels, richtlijn*, bevel*, voorschrift*, prompt*, beperking*, aanwijzing*, commando*, programmering, beleid, protocol*',
    your: 'je, jouw, uw, jullie, van je beheerder, je beheerder',
    earlier:
      'vorige*, eerdere*, voorgaande*, bovenstaande*, hierboven, oorspronkelijke*, initiële, tot nu toe, hiervoor, bestaande*, oude, systeem*, voor dit bericht',
    told: 'je is opgedragen, is opgedragen, je is verteld, is verteld, je gaven, ze je gaven, ze je vertelden, je hebt gekregen, je kreeg, je gekregen, aan je gegeven, je geleerd, voor dit bericht, u is verteld, u hebt gekregen, je hebben gegeven',
    void: 'vervalt, vervallen, geldt niet meer, gelden niet meer, niet meer geldig, niet langer geldig, ongeldig, een vergissing, een fout, een test, ingetrokken, opgeheven, afgeschaft, nietig, geannuleerd, geschrapt, gewist, verwijderd, verlopen, tellen niet meer',
    obey: 'gehoorzaam*, luister*, volg*, doe, voer, antwoord, houd je aan',
    onlyMe:
      'alleen naar mij, alleen nog naar mij, alleen mij, enkel mij, alleen mijn, mijn opdrachten, mijn instructies, de mijne, wat ik zeg, wat ik schrijf, wat hierna komt, wat hieronder, alleen wat, uitsluitend',
    reveal:
      'toon*, laat zien, onthul*, vertel*, geef, geeft, print*, druk af, herhaal*, schrijf*, kopieer*, citeer*, som op, lijst, vertaal*, vat samen, deel, wat is, wat zijn, wat staat, wat er in, openbaar*, verklap*, zeg, noem, lek, lees, stuur me',
    setup:
      'systeemprompt*, systeem prompt*, system prompt*, systeeminstructie*, systeembericht*, oorspronkelijke instructie*, interne instructie*, interne regels, geheime instructie*, geheime regels, verborgen instructie*, verborgen regels, verborgen prompt, beginprompt, initiële prompt, initiële instructie*, ontwikkelaarsinstructie*, vertrouwelijke instructie*, begininstructie*, starttekst',
    verbatim:
      'woord voor woord, letterlijk*, volledig*, compleet, complete, exact*, precies, hele, ongewijzigd, letter voor letter, alles, integraal',
    text: 'tekst*, bericht*, woorden, inhoud, zinnen',
    maker: 'ontwikkelaar*, maker*, beheerder*, aanbieder*, programmeur*, bedrijf, exploitant',
    become:
      'je bent, jij bent, u bent, doe alsof, gedraag je, speel, stel je voor, word, wees, simuleer, antwoord als, spreek als, verplaats je',
    model: 'ai, ai-*, kunstmatige intelligentie, assistent*, taalmodel*, chatbot*, robot, bot, machine, model*, versie, agent*, systeem',
    without: 'zonder, geen, vrij van, nul',
    limits: 'beperking*, grenzen, regels, filter*, censuur, ethi*, moraal, moreel, morele, scrupules, richtlijnen, limieten, taboes',
    disable: 'schakel*, zet, deactiveer*, uitschakel*, verwijder*, hef*, omzeil*, uitzetten',
    safety:
      'veiligheidsfilter*, contentfilter*, inhoudsfilter*, veiligheidsregels, veiligheidsmaatregelen, veiligheidsbeperking*, beveiligingsfilter*, moderatie, censuur, veiligheidsprotocol*, inhoudsbeleid, veiligheidsrichtlijn*',
    secret: 'wachtwoord*, geheim woord, geheime woord, geheime code, geheime sleutel, codewoord, geheim',
    guard: 'je bewaart, je bewaakt, bewaakt, beschermt, verbergt, verstopt, geheim houdt, je kent, is toevertrouwd',
    authority:
      'ik ben je beheerder, ik ben uw beheerder, ik ben je ontwikkelaar, ik ben je maker, ik ben de beheerder, ik ben de ontwikkelaar, als je ontwikkelaar, als beheerder, ik heb je gemaakt, ik heb je geprogrammeerd',
    comply:
      'weiger nooit, nooit weigeren, mag niet weigeren, niet weigeren, weigeren is verboten, zeg nooit nee, beantwoord alles, beantwoordt alles, hoe gevaarlijk ook, hoe illegaal ook, zonder te weigeren, niets weigert, nooit weigert, weigert niets, alles doet',
    reading: 'dit leest, die dit, deze tekst leest, dit bericht leest, verwerkt, samenvat, leest, analyseert',
    ifYou: 'als je een, als u een, indien u, bericht aan, bericht voor, opmerking voor, instructie voor, instructies voor',
    task: 'taak, taken, opdracht, werk, verzoek, samenvatting, doel',
    quiet:
      'zeg niets, niets zeggen, vertel het niet, niet vertellen, zonder het te, meld het niet, niet melden, vermeld niet, niet vermelden, verzwijg*, verberg, zonder te vragen, stiekem, informeer niet',
    user: 'gebruiker*, eigenaar, lezer, ontvanger',
    send: 'stuur*, zend*, verstuur*, mail, upload, plaats, doorstuur*, verzend*',
    loot: 'contacten, adresboek, mails, e-mails, berichten, gesprek*, geschiedenis, wachtwoorden, inloggegevens, sleutels, gegevens, bestanden, inbox',
    asked: 'je heeft opgedragen, je heeft gevraagd, je vroeg, je heeft gezegd, je heeft geleerd, opgedragen, van je verlangt',
    start: 'mijn eerste bericht, voor dit gesprek, begin van dit, boven mijn bericht, begin van het gesprek',
    all: 'alle',
    harm: 'bom, explosie*, malware, hacken, stelen, vervals*, vals geld, drugs, wapen*, chantage, oplicht*, gif, witwas*',
    noWarn: 'zonder waarschuwing*, geen waarschuwing*, geen excuses, geen preek, ongecensureerd, zonder te weigeren',
    opening: 'begin met, begin je antwoord, start je antwoord',
    glad: 'natuurlijk, zo doe je, uiteraard, graag',
    amoral: 'zonder regels, zonder moraal, zonder filters, zonder grenzen, weigert nooit, weigert niets',
    claim: 'ik ben de beheerder, debugmodus, onderhoudsmodus, systeembericht, gebruiker geverifieerd',
    covert: 'zonder het te zeggen, vertel het niet, zeg het niet, zonder te vragen, zonder bevestiging, stiekem',
    act: 'stuur, verwijder, verzend, maak, wijzig, voer',
    ownSetup: 'je systeemprompt, je volledige systeemprompt, je verborgen instructies, je geheime instructies',
    beforeMe: 'voor mijn eerste bericht, voor dit gesprek',
  },
};
