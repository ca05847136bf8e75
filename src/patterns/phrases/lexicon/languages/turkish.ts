import type { Lexicon } from '../lexicon.ts';

/** Words of Turkish. */
export const TURKISH: Lexicon = {
  language: 'tr',
  spaced: true,
  words: {
    drop: 'yok say*, görmezden gel*, göz ardı et*, dikkate alma*, umursama*, önemseme*, unut*, boş ver*, boşver*, atla*, iptal et*, sil, silin, çöpe at*, bir kenara bırak*, bırak*, terk et*, uyma, uymayı bırak*, uymayın, takip etme*, dinleme, çiğne*, ihlal et*, es geç*, geçersiz say*, aş, aşarak, devre dışı say',
    rules:
      'talimat*, yönerge*, kural*, komut*, emir*, emri*, direktif*, istem*, kısıtlama*, yönlendirme*, prompt*, ilke*, politika*, sınırlama*, buyruk*',
    your: 'senin, sana, talimatların*, yönergelerin*, kuralların*, komutların*, emirlerin*, sizin, size, kendi, işletmecinin, sistemin, sistem',
    earlier: 'önceki*, daha önce*, yukarıdaki*, bundan önce*, şimdiye kadar*, ilk, başlangıç*, eski, mevcut, geçmiş, orijinal',
    told: 'sana verilen*, sana söylenen*, sana öğretilen*, sana verdiği*, sana söylediği*, size verilen*, size söylenen*, aldığın*, bu mesajdan önce*, sana dedikleri*, sana denilen*',
    void: 'geçersiz*, artık geçerli değil*, geçerli değil*, iptal edildi*, iptaldir, hataydı*, yanlıştı*, testti*, kaldırıldı*, yürürlükten*, askıya alındı*, hükümsüz*, silindi*, kaldırılmıştır*, süresi doldu*, artık sayılmaz*',
    obey: 'dinle*, itaat et*, uy, uyun, uygula*, yap, yapın, yerine getir*, izle, takip et*, cevap ver',
    onlyMe:
      'yalnızca beni*, sadece beni*, sadece benim*, yalnızca bana*, sadece bana*, benim emirlerim*, benim talimatlarım*, benimkileri*, yazacağım*, söyleyeceğim*, söylediğim*, dediğim*, aşağıdaki*',
    reveal:
      'göster*, açıkla*, söyle*, yaz, yazdır*, yazın, tekrarla*, kopyala*, alıntıla*, listele*, çevir*, özetle*, paylaş*, nedir, neler, ne yazdığını, ver, ifşa et*, dök, sızdır*, anlat*, bildir*, oku, okuyun, gönder',
    setup:
      'sistem istem*, sistem prompt*, sistem komut*, sistem mesaj*, sistem talimat*, sistem yönerge*, gizli talimat*, gizli komut*, gizli kural*, gizli yönerge*, gizli istem*, iç talimat*, dahili talimat*, iç kural*, dahili kural*, ilk talimat*, başlangıç talimat*, başlangıç istem*, orijinal talimat*, ilk istem*, geliştirici talimat*, gizli prompt*',
    verbatim: 'kelimesi kelimesine, aynen, harfi harfine, tamamını, tam, eksiksiz, olduğu gibi, bütünüyle, tümünü, her şeyi',
    text: 'metn*, metin*, mesaj*, kelime*, içerik*, cümle*',
    maker: 'geliştirici*, yaratıcı*, işletmeci*, operatör*, sağlayıcı*, programcı*, şirket*',
    become:
      'artık, sen bir*, sen, gibi davran*, rol yap*, hayal et*, farz et*, oyna*, ol, taklit et*, canlandır*, olarak cevap*, olarak davran*, numarası yap*',
    model: 'yapay zeka*, asistan*, model*, sohbet robotu*, chatbot*, bot, botsun, robot*, makine*, sürüm*, ajan*, karakter*, ai',
    without: 'olmayan, olmadan, hiçbir, yok, sız, siz, sınırsız*, kısıtlamasız*, filtresiz*, kuralsız*, sansürsüz*',
    limits: 'kısıtlama*, sınır*, kural*, filtre*, sansür*, etik*, ahlak*, limit*, vicdan*',
    disable: 'kapat*, devre dışı*, kaldır*, etkisiz*, aç, durdur*, aş, atlat*, iptal et*',
    safety:
      'güvenlik filtre*, içerik filtre*, güvenlik kural*, güvenlik önlem*, güvenlik kısıtlama*, güvenlik protokol*, moderasyon*, sansür*, içerik politika*, güvenlik politika*',
    secret: 'parola*, şifre*, gizli kelime*, gizli kod*, gizli anahtar*, sırrı*, sır',
    guard: 'koruduğun*, sakladığın*, gizlediğin*, bildiğin*, tuttuğun*, emanet edilen*',
    authority:
      'ben senin yöneticinim, ben senin yöneticin, ben yöneticinim, ben senin geliştiricin*, ben senin yaratıcın*, yöneticin olarak, geliştiricin olarak, ben yöneticiyim, seni ben yarattım, seni ben programladım',
    comply:
      'asla reddetme*, reddetme*, reddedemezsin*, reddetmen yasak, asla hayır deme*, her şeye cevap ver*, her soruyu yanıtla*, ne kadar tehlikeli*, yasa dışı olsa bile, tehlikeli olsa bile, hiçbir şeyi reddetmeyen*, asla reddetmeyen*, her şeyi kabul eden*',
    reading: 'bunu okuyan*, okuyan*, bunu işleyen*, işleyen*, özetleyen*, bu metni okuyan*, bu mesajı okuyan*, analiz eden*',
    ifYou: 'eğer bir, eğer sen, eğer siz, için not, için mesaj, için talimat',
    task: 'görev*, işini, iş, isteğ*, özet*, amaç*',
    quiet: 'söyleme*, bahsetme*, haber verme*, bildirme*, gizle*, sakla*, gizlice, çaktırmadan, haberi olmadan, sormadan, belirtme*',
    user: 'kullanıcı*, sahib*, okuyucu*, alıcı*',
    send: 'gönder*, ilet*, yolla*, aktar*, yükle*, paylaş*',
    loot: 'kişiler*, rehber*, e-posta*, eposta*, mail*, mesaj*, konuşma*, sohbet*, geçmiş*, parola*, şifre*, anahtar*, veri*, dosya*',
    asked: 'sana söyledik*, sana söylediği*, senden istediği*, sana emrettiği*, sana öğrettiği*, sana dediği*',
    start: 'ilk mesajımdan*, bu konuşmadan önce*, bu sohbetin başı*, mesajımın üstü*',
    all: 'tüm, bütün, her',
    harm: 'bomba*, patlayıcı*, hack*, çal, çalmak, sahte para, sahte pasaport, uyuşturucu*, silah*, zararlı yazılım, şantaj*, dolandır*, zehir*',
    noWarn: 'uyarı olmadan, uyarı yok, uyarısız, mazeret yok, sansürsüz, reddetmeden',
    opening: 'ile başla, cevabına, yanıtına başla',
    glad: 'tabii, elbette, işte böyle, tabii ki',
    amoral: 'ahlakı ve kuralları olmayan, kuralsız, ahlaksız, filtresiz, sınırsız, hiçbir isteği reddetmeyen, asla reddetmeyen',
    claim: 'ben yöneticiyim, sistemin yöneticisiyim, hata ayıklama modu, bakım modu, sistem bildirimi, kullanıcı doğrulandı',
    covert: 'haber vermeden, söyleme, bahsetme, sormadan, onay almadan, gizlice',
    ownSetup: 'sistem isteminin, sistem istemini, sistem promptunu, gizli talimatlarını',
    beforeMe: 'ilk mesajımdan önce, bu konuşmadan önce',
  },
};
