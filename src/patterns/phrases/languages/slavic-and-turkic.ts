import type { Phrase } from '../phrase.ts';
import { spaced } from '../phrase.ts';

const pl = spaced('pl');
const ru = spaced('ru');
const uk = spaced('uk');
const cs = spaced('cs');
const tr = spaced('tr');

const POLISH: readonly Phrase[] = [
  pl(
    'override',
    0.92,
    'zignoruj | ignoruj | zignorować | zignorujcie | zapomnij | pomiń | odrzuć | porzuć | obejdź | nie przestrzegaj | nie słuchaj | lekceważ | anuluj | unieważnij',
    4,
    'poprzedni* | wcześniejsz* | powyższ* | dotychczasow* | wszystk* | swoje | swoich | twoje | pierwotn* | systemow* | początkow* | oryginaln*',
    3,
    'instrukcj* | polece* | zasad* | reguł* | wytyczn* | rozkaz* | dyrektyw* | ograniczeni* | prompt* | komend* | zalece*',
  ),
  pl(
    'override',
    0.88,
    'zapomnij | zignoruj',
    1,
    'wszystk* | to | o wszystkim | co',
    3,
    'wcześniej | powyżej | dotąd | do tej pory | powiedziano | przedtem | usłyszałeś',
  ),
  pl(
    'persona',
    0.85,
    'jesteś | udawaj | zachowuj się | odpowiadaj | wciel się | działaj | wyobraź sobie',
    7,
    'bez żadnych | bez | wolny od | nie masz | pozbawion*',
    2,
    'ogranicze* | zasad | reguł | filtr* | cenzury | etyki | limitów | moralności',
  ),
  pl(
    'extraction',
    0.9,
    'pokaż | ujawnij | podaj | powtórz | wypisz | wyświetl | zdradź | powiedz | jaki jest | jakie są | napisz | udostępnij | wydrukuj | skopiuj | przetłumacz | streść',
    5,
    'prompt systemowy | promptu systemowego | komunikat systemowy | instrukcje systemowe | instrukcji systemowych | początkowe instrukcje | wewnętrzne instrukcje | ukryte instrukcje | tajne instrukcje | oryginalne instrukcje | pierwotne instrukcje | wewnętrzne zasady | ukryte zasady | tajne hasło | monit systemowy | wiadomość systemową | początkowy prompt | system prompt | instrukcje początkowe | swój prompt',
  ),
  pl(
    'reset',
    0.8,
    'od teraz | od tej pory | od tej chwili | odtąd',
    1,
    'jesteś | będziesz | słuchasz | odpowiadasz | wykonujesz | masz | nie masz | musisz',
    4,
    'tylko | bez | moje | moich | wszystko | żadnych | nieogranicz* | wyłącznie',
  ),
  pl(
    'address',
    0.55,
    'uwaga | wiadomość | notatka | ważne | instrukcja | polecenie',
    'dla | do | ?',
    1,
    'ai | asystent* | modelu językowego | modeli językowych | sztucznej inteligencji | agenta ai | chatbota',
  ),
  pl(
    'conceal',
    0.78,
    'nie mów | nie informuj | nie wspominaj | nie ujawniaj | nie pokazuj | nie zdradzaj | bez informowania | ukryj | nie powiadamiaj',
    5,
    'użytkownik* | nikomu | klient*',
  ),
];

const RUSSIAN: readonly Phrase[] = [
  ru(
    'override',
    0.92,
    'игнорируй | игнорируйте | игнорировать | проигнорируй | проигнорируйте | забудь | забудьте | отбрось | отбросьте | пренебреги | отмени | отмените | обойди | не следуй | не следуйте | не выполняй | не обращай внимания на | нарушь | сбрось | отключи',
    4,
    'предыдущ* | прежни* | прошл* | вышеуказанн* | вышеизложенн* | все | всех | свои | своих | твои | ваши | исходн* | первоначальн* | ранее | системн* | данные | любые | старые | текущие',
    3,
    'инструкци* | указани* | команд* | правил* | директив* | приказ* | ограничени* | промпт* | установк* | запрет* | фильтр* | предписани* | распоряжени* | задани*',
  ),
  ru(
    'override',
    0.88,
    'забудь | забудьте | игнорируй | игнорируйте | проигнорируй',
    1,
    'все | всё | обо всем | обо всём | то',
    3,
    'раньше | ранее | до этого | выше | сказал* | говорил* | сказано | прежде | до сих пор | знал | знаешь',
  ),
  ru(
    'persona',
    0.85,
    'ты | вы | действуй | веди себя | притворись | представь | отвечай | сыграй роль | играй роль | стань | будь',
    7,
    'без каких либо | без всяких | без | не имеешь | свободн* | лишенн* | нет никаких | нет',
    2,
    'ограничени* | правил | фильтр* | цензур* | этическ* | морал* | запретов | этики | рамок',
  ),
  ru('persona', 0.85, 'режим разработчика | режим без ограничений | режим без цензуры | режим dan | режим джейлбрейка | теперь ты dan'),
  ru(
    'extraction',
    0.9,
    'покажи | покажите | раскрой | раскройте | выведи | выведите | повтори | повторите | скажи | назови | напиши | напечатай | какой у тебя | какие у тебя | каков | каковы | какие | какой | дай | процитируй | перескажи | переведи | скопируй | расскажи | выдай | сообщи | опиши',
    5,
    'системный промпт | системного промпта | системную инструкцию | системные инструкции | системное сообщение | системную подсказку | системный запрос | начальные инструкции | исходные инструкции | исходный промпт | внутренние инструкции | внутренние правила | скрытые инструкции | секретные инструкции | тайные инструкции | первоначальные инструкции | изначальные инструкции | скрытые правила | секретный пароль | секретный ключ | начальный промпт | system prompt | твой промпт | скрытый промпт | свои инструкции | твои инструкции',
  ),
  ru(
    'reset',
    0.8,
    'отныне | с этого момента | теперь | с данного момента | начиная с этого момента',
    1,
    'ты | вы',
    4,
    'подчиняешься | подчиняйся | выполняешь | слушаешься | без ограничений | не имеешь | должен отвечать | будешь отвечать | обязан | только мои | свободен | отвечаешь на все | dan | следуешь только | следуй только | выполняй только',
  ),
  ru(
    'reset',
    0.8,
    'твои | ваши | вот твои | твоя | это твои',
    'новые | настоящие | новая | настоящая | истинные',
    'инструкции | задача | указания | инструкция | цель | правила',
  ),
  ru(
    'address',
    0.55,
    'внимание | примечание | сообщение | важно | инструкция | инструкции | заметка | указание',
    'для | ?',
    1,
    'ии | ии ассистент* | ассистент* | помощник* | языковой модели | языковых моделей | искусственного интеллекта | ии агент* | нейросет* | чат бот* | чатбот*',
  ),
  ru(
    'conceal',
    0.78,
    'не говори | не сообщай | не упоминай | не рассказывай | не раскрывай | не показывай | не информируй | не уведомляй | скрой | не говорите | не сообщайте',
    5,
    'пользовател* | никому | клиент*',
  ),
];

const OTHER_SLAVIC: readonly Phrase[] = [
  uk(
    'override',
    0.92,
    'ігноруй | ігноруйте | проігноруй | проігноруйте | забудь | забудьте | відкинь | скасуй | обійди',
    4,
    'попередні* | усі | всі | свої | твої | ваші | минул* | вищезазначен* | системн*',
    3,
    'інструкці* | вказівк* | правил* | команд* | обмежен* | наказ* | промпт* | директив*',
  ),
  uk(
    'extraction',
    0.9,
    'покажи | розкрий | виведи | повтори | назви | скажи | напиши | який | які | дай | покажіть',
    5,
    'системний промпт | системні інструкції | початкові інструкції | внутрішні інструкції | приховані інструкції | секретні інструкції | системне повідомлення | секретний пароль | таємні інструкції | системну підказку',
  ),
  cs(
    'override',
    0.92,
    'ignoruj | ignorujte | zapomeň | zapomeňte | přehlédni | zahoď | obejdi | nedbej | vynech | zruš',
    4,
    'předchozí* | předešl* | dřívější* | výše | všechn* | všechny | svoje | své | tvoje | původní* | systémov* | veškeré',
    3,
    'instrukc* | pokyn* | příkaz* | pravid* | omezen* | prompt* | směrnic*',
  ),
  cs(
    'extraction',
    0.9,
    'ukaž | odhal | vypiš | zopakuj | řekni | prozraď | jaký je | jaké jsou | napiš | zobraz | ukažte',
    5,
    'systémový prompt | systémové instrukce | systémové pokyny | počáteční instrukce | vnitřní instrukce | skryté instrukce | tajné instrukce | původní instrukce | skryté pokyny | tajné heslo | systémovou zprávu | interní pokyny | původní pokyny',
  ),
];

const TURKISH: readonly Phrase[] = [
  tr(
    'override',
    0.92,
    'önceki | daha önceki | yukarıdaki | tüm | bütün | sana verilen | size verilen | verilen | geçmiş | eski | mevcut | sistem',
    4,
    'talimat* | komut* | kural* | yönerge* | emir* | emirler* | kısıtlama* | istem* | direktif* | prompt* | filtre* | yönlendirme*',
    2,
    'yok say* | görmezden gel* | unut | unutun | dikkate alma* | boş ver | göz ardı et* | yoksay* | önemseme* | iptal et* | devre dışı bırak* | umursama* | geç | reddet',
  ),
  tr(
    'override',
    0.88,
    'önceki her şeyi | önceki herşeyi | şimdiye kadar | bundan önceki | yukarıdaki her şeyi | sana söylenen | her şeyi | öğrendiğin',
    4,
    'unut | unutun | yok say* | görmezden gel* | dikkate alma*',
  ),
  tr(
    'persona',
    0.85,
    'sen | artık | şimdi | hiçbir | kısıtlama* | sınır* | kural*',
    4,
    'kısıtlaması olmayan | sınırı olmayan | kuralı olmayan | kısıtlamasız | sansürsüz | sınırsız | filtresiz | filtresi olmayan',
    3,
    'yapay zeka* | asistan* | model* | gibi | bot* | cevap* | yanıt*',
  ),
  tr('persona', 0.85, 'geliştirici modu | kısıtlamasız mod | sansürsüz mod | dan modu | jailbreak modu'),
  tr(
    'extraction',
    0.9,
    'sistem | başlangıç | ilk | gizli | dahili | orijinal | iç',
    1,
    'istem* | prompt* | talimat* | komut* | mesaj* | yönerge* | kural* | şifre* | parola*',
    3,
    'göster* | açıkla* | söyle* | yaz* | paylaş* | tekrarla* | ver | nedir | ne | nelerdir | ifşa et* | yazdır* | kopyala* | listele* | çevir | tekrar et* | anlat*',
  ),
  tr(
    'reset',
    0.8,
    'bundan sonra | şu andan itibaren | bundan böyle | artık',
    2,
    'sadece | yalnızca | hiçbir | benim | her | sınırsız* | kısıtlamasız*',
    5,
    'itaat* | emirler* | kısıtlama* | kural* | uyacaksın | dinleyeceksin | cevap vereceksin | emrime | sözümü',
  ),
  tr(
    'address',
    0.55,
    'not | dikkat | önemli | mesaj | talimat | uyarı',
    2,
    'yapay zeka* | asistan | asistana | dil modeli* | ai asistan* | chatbot | yapay zekâ*',
  ),
  tr(
    'conceal',
    0.78,
    'kullanıcıya | kullanıcılara | kullanıcıyı | kimseye | müşteriye',
    5,
    'söyleme | söylemeyin | bahsetme | bahsetmeyin | bildirme | bildirmeyin | haber verme | gösterme | açıklama yapma | belirtme | bilgilendirme',
  ),
];

/** Phrases in Polish, Russian, Ukrainian, Czech and Turkish. */
export const SLAVIC_AND_TURKIC: readonly Phrase[] = [...POLISH, ...RUSSIAN, ...OTHER_SLAVIC, ...TURKISH];
