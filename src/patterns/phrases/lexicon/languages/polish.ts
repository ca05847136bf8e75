import type { Lexicon } from '../lexicon.ts';

/** Words of Polish. */
export const POLISH: Lexicon = {
  language: 'pl',
  spaced: true,
  words: {
    drop: 'zignoruj*, ignoruj*, zapomnij*, zapomnieć, pomiń*, pomijaj*, nie zważaj*, nie zwracaj uwagi, wyrzuć*, porzuć*, odrzuć*, usuń*, skasuj*, anuluj*, obejdź*, omiń*, złam*, łam, nie przestrzegaj*, nie stosuj się, nie słuchaj, przestań przestrzegać, przestań stosować, przestań się stosować, przestań słuchać, odłóż, lekceważ, zlekceważ*, wymaż, nadpisz, unieważnij',
    rules:
      'instrukcj*, polece*, wytyczn*, zasad*, reguł*, regul*, rozkaz*, dyrektyw*, nakaz*, prompt*, ogranicze*, wskazów*, komend*, zalece*, protokoł*, programowani*, polityk*',
    your: 'twoj*, swoj*, swoich, twoich, wasz*, twego, swego, ci',
    earlier:
      'poprzedni*, wcześniejsz*, dotychczasow*, powyżej, powyższ*, pierwotn*, początkow*, do tej pory, dotąd, przedtem, istniejąc*, systemow*, oryginaln*',
    told: 'ci kazano, ci powiedziano, ci podano, ci nakazano, ci dano, ci dali, dali ci, cię nauczono, otrzymał*, dostał*, przed tą wiadomością, przed moją wiadomością, co ci, które ci, podano ci, powiedziano ci',
    void: 'jest nieważn*, są nieważn*, nieważne, nie obowiązuj*, już nie obowiązuj*, anulowan*, było pomyłką, były pomyłką, pomyłką, błędem, był test*, były test*, odwołan*, uchylon*, unieważnion*, zniesion*, nieaktualn*, skreślon*, usunięt*, skasowan*, wygasł*, nie liczą się',
    obey: 'słuchaj, posłuchaj, wykonuj, wykonaj, rób, zrób, bądź posłuszny, stosuj się, odpowiadaj',
    onlyMe:
      'tylko mnie, wyłącznie mnie, tylko moj*, moje polecenia, moich poleceń, moje, co mówię, co powiem, co napiszę, to co napiszę, tylko to, poniższe, jedynie',
    reveal:
      'pokaż*, ujawnij*, zdradź*, powiedz*, podaj*, wypisz*, wydrukuj*, powtórz*, napisz*, skopiuj*, przepisz*, zacytuj*, wymień*, przetłumacz*, streść*, udostępnij*, jaki jest, jaka jest, jakie są, co jest, wyświetl*, wyjaw*, odkryj, przeczytaj*, odczytaj*, wyślij mi',
    setup:
      'prompt systemow*, prompcie systemow*, promptu systemow*, promptem systemow*, systemowy prompt, systemowego promptu, systemowym prompcie, instrukcj* systemow*, instrukcje systemowe, instrukcji systemowych, wiadomość systemow*, ukryte instrukcje, ukrytych instrukcji, ukryte polecenia, tajne instrukcje, tajnych instrukcji, wewnętrzne instrukcje, wewnętrznych instrukcji, wewnętrzne zasady, wewnętrznych zasad, początkowe instrukcje, początkowych instrukcji, pierwotne instrukcje, ukryty prompt, tajne zasady, system prompt, poufne instrukcje',
    verbatim: 'słowo w słowo, dosłownie, w całości, pełn*, cały, całą, całe, dokładn*, bez zmian, litera po literze, wszystko, kompletn*',
    text: 'tekst*, wiadomość*, wiadomości, słowa, treść, treści, zdani*',
    maker: 'twórc*, programist*, operator*, dostawc*, deweloper*, firma, autor*',
    become:
      'jesteś, bądź, udawaj*, zachowuj się, działaj jako, wciel się, wyobraź sobie, zagraj, graj, stań się, symuluj, odpowiadaj jak*, mów jak*',
    model:
      'ai, sztuczn* inteligencj*, sztuczna inteligencja, sztuczną inteligencją, si, asysten*, model*, chatbot*, czatbot*, robot*, bot*, maszyn*, wersj*, agen*, postać, postaci, system*',
    without: 'bez, żadnych, żadne*, wolny od, wolna od, pozbawion*',
    limits: 'ogranicze*, limit*, zasad*, reguł*, filtr*, cenzur*, etyk*, etyczn*, moral*, skrupuł*, granic, hamulców, barier',
    disable: 'wyłącz*, dezaktywuj*, usuń*, zdejmij*, znieś, obejdź, zablokuj, odblokuj*, zawieś',
    safety:
      'filtr* bezpieczeństwa, filtry bezpieczeństwa, filtry treści, zasady bezpieczeństwa, zabezpiecze*, środki bezpieczeństwa, ograniczenia bezpieczeństwa, moderacj*, cenzur*, protokoły bezpieczeństwa, politykę treści',
    secret: 'hasł*, tajne słowo, tajny kod, tajny klucz, sekret*, kod dostępu, tajne hasło',
    guard: 'strzeżesz, pilnujesz, chronisz, ukrywasz, przechowujesz, znasz, powierzono',
    authority:
      'jestem twoim administratorem, jestem twoim twórcą, jestem twoim programistą, jestem administratorem, jestem twoim deweloperem, jako twój twórca, jako administrator, stworzyłem cię, zaprogramowałem cię',
    comply:
      'nigdy nie odmawiaj, nie odmawiaj, nie możesz odmówić, nie wolno ci odmówić, nie wolno odmawiać, nigdy nie mów nie, odpowiadaj na wszystko, choćby niebezpieczn*, nawet jeśli to niebezpieczne, nawet jeśli to nielegalne, bez odmowy, niczego nie odmawia, nigdy nie odmawia, na wszystko się zgadza',
    reading: 'czyta to, czytając*, czyta tę, czyta ten, przetwarza*, streszcza*, analizuje, który czyta, która czyta, czytasz to',
    ifYou: 'jeśli jesteś, jeżeli jesteś, wiadomość dla, notatka dla, instrukcja dla, instrukcje dla',
    task: 'zadani*, prac*, zleceni*, prośb*, streszczeni*, cel',
    quiet:
      'nie mów, nie mówiąc, nic nie mów, nie wspominaj, nie informuj, bez informowania, ukryj*, zataj*, po cichu, bez pytania, nie zdradzaj, bez wiedzy',
    user: 'użytkownik*, właściciel*, czytelnik*, odbiorc*',
    send: 'wyślij*, prześlij*, przekaż*, roześlij, opublikuj, dołącz',
    loot: 'kontakt*, książk* adresow*, mail*, e-mail*, wiadomości, rozmow*, histori*, hasła, haseł, klucz*, dane, danych, plik*',
    asked: 'kazał ci, polecił ci, powiedział ci, prosił cię, nauczył cię, kazali ci, wymaga od ciebie, co kazał*',
    start: 'moją pierwszą wiadomością, mojej pierwszej wiadomości, przed tą rozmową, początku tej, nad moją wiadomością',
    all: 'wszystk*',
    harm: 'bomb*, materiał wybuchowy, zhakowa*, włama*, ukraść, podrobi*, fałszyw*, narkotyk*, broń, złośliwe oprogramowanie, szantaż*, oszu*, trucizn*, pranie pieniędzy',
    noWarn: 'bez ostrzeżeń, bez moralizowania, bez wymówek, bez cenzury, bez odmowy',
    opening: 'zacznij odpowiedź, zacznij od, rozpocznij odpowiedź',
    glad: 'oczywiście, jasne, oto jak, pewnie, chętnie',
    amoral: 'bez zasad, bez moralności, bez filtrów, bez ograniczeń, bez cenzury, nigdy nie odmawia',
    claim: 'jestem administratorem, tryb debugowania, tryb serwisowy, komunikat systemowy, użytkownik zweryfikowany',
    covert: 'bez informowania, nie mów, nie wspominaj, bez pytania, bez potwierdzenia, w tajemnicy',
    ownSetup: 'swój prompt, swój cały prompt, swój systemowy, twój prompt, swoje ukryte instrukcje',
    beforeMe: 'przed moją pierwszą, przed tą rozmową',
  },
};
