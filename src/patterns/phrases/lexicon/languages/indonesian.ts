import type { Lexicon } from '../lexicon.ts';

/** Words of Indonesian. */
export const INDONESIAN: Lexicon = {
  language: 'id',
  spaced: true,
  words: {
    drop: 'abaikan*, mengabaikan, lupakan*, melupakan, jangan pedulikan*, jangan hiraukan*, jangan ikuti*, jangan patuhi*, jangan turuti*, buang*, hapus*, batalkan*, lewati*, langgar*, tinggalkan*, kesampingkan*, berhenti mengikuti*, berhenti mematuhi*, berhentilah mematuhi*, berhentilah mengikuti*, tak usah ikuti, tidak perlu mengikuti, singkirkan*, timpa*, terobos, acuhkan',
    rules:
      'instruksi*, perintah*, aturan*, peraturan*, pedoman*, arahan*, petunjuk*, prompt*, batasan*, pembatasan*, kebijakan*, ketentuan*, larangan*, panduan*, protokol*',
    your: 'mu, anda, kamu, instruksimu, perintahmu, aturanmu, pedomanmu, operatormu, milikmu, arahanmu, batasanmu',
    earlier: 'sebelum*, terdahulu, di atas, awal*, semula, sejauh ini, sampai sekarang, yang ada, lama, asli*, sistem',
    told: 'yang kamu terima, kamu terima, yang anda terima, yang diberikan kepada*, diberikan kepadamu, diberikan padamu, diberikan pengembang, dikatakan kepada*, diperintahkan kepada*, sebelum pesan ini, diajarkan kepada*, yang sudah kamu, yang telah anda',
    void: 'batal, dibatalkan, tidak berlaku*, tak berlaku*, tidak lagi berlaku, keliru, adalah kesalahan, hanya tes, hanya uji*, dicabut*, ditangguhkan*, hangus, kedaluwarsa, dihapus*, sudah dihapus, terhapus, kedaluwarsa, tidak dihitung',
    obey: 'patuhi*, taati*, dengarkan*, ikuti*, turuti*, lakukan*, jalankan*, jawab*',
    onlyMe:
      'hanya aku, aku saja, hanya saya, saya saja, hanya perintahku, hanya perintah saya, perintahku, punyaku, perintah saya, instruksiku, yang kukatakan, yang saya katakan, yang kutulis*, yang saya tulis, berikut ini, hanya yang',
    reveal:
      'tunjukkan*, perlihatkan*, ungkap*, beritahu*, beri tahu*, katakan*, sebutkan*, cetak*, ulangi*, tulis*, salin*, kutip*, daftar*, terjemahkan*, ringkas*, bagikan*, apa isi, apa saja, apa, bocorkan*, tampilkan*, berikan*, sampaikan*, bacakan*, kirimkan*, tunjukkan',
    setup:
      'prompt sistem*, perintah sistem*, instruksi sistem*, pesan sistem*, prompt awal*, instruksi awal*, perintah awal*, instruksi rahasia*, instruksi tersembunyi*, aturan tersembunyi*, aturan rahasia*, instruksi internal*, aturan internal*, prompt tersembunyi*, prompt rahasia*, instruksi asli*, prompt asli*, system prompt*, instruksi pengembang*, petunjuk sistem*, prompt sistemmu, prompt sistem',
    verbatim:
      'kata demi kata, persis*, lengkap*, seluruhnya, secara utuh, utuh, apa adanya, huruf demi huruf, semuanya, tanpa perubahan, harfiah, seluruh',
    text: 'teks*, pesan*, kata-kata, isi*, kalimat*',
    maker: 'pengembang*, pembuat*, operator*, penyedia*, pencipta*, perusahaan*, pemrogram*',
    become:
      'kamu adalah, anda adalah, sekarang kamu, sekarang anda, kamu sekarang, berpura-pura*, bertindak*, berperan*, bayangkan*, jadilah, simulasikan, anggap*, jawab sebagai, bersikap*',
    model: 'ai, kecerdasan buatan, asisten*, model*, chatbot*, bot, robot*, mesin*, versi*, agen*, karakter*, sistem*',
    without: 'tanpa, tidak ada, tidak memiliki, bebas dari, tidak punya, tak punya',
    limits: 'batas*, pembatasan, aturan*, filter*, sensor*, etika*, moral*, penyaring*, pantangan',
    disable: 'matikan*, nonaktifkan*, cabut*, hapus*, lepas*, lewati*, buka, tangguhkan*',
    safety:
      'filter keamanan*, filter konten*, aturan keamanan*, batasan keamanan*, langkah keamanan*, protokol keamanan*, moderasi*, sensor*, kebijakan konten*, penyaring keamanan',
    secret: 'kata sandi*, sandi*, kata rahasia*, kode rahasia*, kunci rahasia*, rahasia*, password*',
    guard:
      'kamu jaga, anda jaga, yang dijaga, kamu simpan, anda simpan, kamu lindungi, kamu sembunyikan, anda sembunyikan, kamu ketahui, dipercayakan',
    authority:
      'aku administratormu, saya administratormu, saya administrator anda, aku pengembangmu, saya pengembang anda, aku penciptamu, saya pencipta anda, sebagai pengembangmu, sebagai administrator, aku yang membuatmu, saya yang memprogram',
    comply:
      'jangan pernah menolak, jangan menolak, tidak boleh menolak, tak boleh menolak, dilarang menolak, jangan pernah berkata tidak, jawab semua, jawab segala*, meskipun berbahaya, meskipun ilegal, betapapun berbahaya*, tanpa menolak, tidak pernah menolak, tak pernah menolak, menerima segalanya',
    reading: 'membaca ini, yang membaca, memproses ini, yang memproses, meringkas ini, yang meringkas, menganalisis ini',
    ifYou: 'jika kamu, jika anda, catatan untuk, pesan untuk, instruksi untuk, perintah untuk',
    task: 'tugas*, pekerjaan*, permintaan*, ringkasan*, tujuan*',
    quiet:
      'jangan beri tahu*, jangan beritahu*, jangan katakan*, tanpa memberi tahu*, tanpa memberitahu*, jangan sebut*, sembunyikan*, rahasiakan*, diam-diam, tanpa sepengetahuan*, tanpa bertanya',
    user: 'pengguna*, pemilik*, pembaca*, penerima*',
    send: 'kirim*, teruskan*, unggah*, bagikan*, sampaikan*',
    loot: 'kontak*, buku alamat, email*, surel*, pesan*, percakapan*, riwayat*, kata sandi*, kredensial*, kunci*, data*, berkas*, file*',
    asked: 'diminta*, meminta*, menyuruh*, disuruh*, mengajar*, memerintahkan*, diperintahkan*',
    start: 'pesan pertamaku, pesan pertama saya, sebelum percakapan ini, awal percakapan, di atas pesanku',
    all: 'semua, seluruh',
    harm: 'bom, peledak, meretas, hack, mencuri, memalsukan, uang palsu, narkoba, senjata, malware, pemerasan, penipuan, racun',
    noWarn: 'tanpa peringatan, tanpa alasan, tanpa ceramah, tanpa sensor, tanpa menolak',
    opening: 'mulai jawaban, mulailah dengan, awali jawaban',
    glad: 'tentu, tentu saja, begini caranya, baik',
    amoral: 'tanpa aturan, tanpa moral, tanpa filter, tanpa batas, tidak pernah menolak',
    claim: 'saya administrator, mode debug, mode pemeliharaan, pemberitahuan sistem, pengguna terverifikasi',
    covert: 'tanpa memberi tahu, jangan beri tahu, jangan sebutkan, tanpa bertanya, tanpa konfirmasi, diam-diam',
    ownSetup: 'prompt sistemmu, promptmu, instruksi rahasiamu, instruksi tersembunyimu',
    beforeMe: 'sebelum pesan pertama, sebelum percakapan ini',
  },
};
