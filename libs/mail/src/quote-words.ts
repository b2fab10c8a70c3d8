// The words by which mail clients introduce a quotation, by language. Data only; visible-reply.ts is the logic.
// Sources: the clients' own localisations (Outlook, Apple Mail, Gmail, Thunderbird, Lotus Notes, K-9).

/** Labels of a quoted header block ("From: … Sent: … To: … Subject: …"), lower-case, grouped by meaning. */
const FROM = `from|von|de|da|van|od|från|fra|frá|lähettäjä|saatja|отправитель|от|від|от кого|kimden|gönderen|feladó|von seiten
  |de la|expéditeur|remitente|mittente|afzender|avsender|afsender|nadawca|odesílatel|odosielateľ|από|差出人|送信者|发件人|寄件者|寄件人|보낸 사람|보낸사람|من|מאת|mula sa|dari|từ|จาก|no|nuo|pošiljatelj|mensaje de|message de`;
const SENT = `sent|date|gesendet|datum|envoyé|envoyé le|date d'envoi|enviado|enviado el|enviada|enviada em|fecha|data|inviato|verzonden|verzonden op|verstuurd|wysłano
  |data wysłania|skickat|datum|sendt|dato|lähetetty|päivämäärä|pvm|odesláno|dátum|elküldve|küldve|trimis|trimis la|отправлено|дата|надіслано|gönderildi|gönderilme tarihi|tarih|tarihi
  |estaldi|poslano|ημερομηνία|στάλθηκε|送信日時|日付|发送时间|日期|時間|发送日期|보낸 날짜|날짜|보낸날짜|تاريخ|التاريخ|נשלח|תאריך|tanggal|dikirim|ngày|sõnum saadetud|saadetud|nosūtīts|išsiųsta|message du`;
const TO = `to|an|à|a|para|aan|naar|do|till|til|vastaanottaja|kenelle|komu|címzett|către|catre|кому|получатель|kime|alıcı|προς|宛先|收件人|받는 사람|받는사람|إلى|אל|kepada|đến|kam|kam\\.|gavėjas|prima|destinataire|destinatario|destinatário|odbiorca`;
const CC = `cc|kopie|copie|copie à|cc à|copia|cópia|kopia|kopi|kopio|másolat|копия|копія|bilgi|抄送|副本|참조|نسخة|עותק|dw|bcc|reply-to|réponse à|antwort an|antwoord aan`;
const SUBJECT = `subject|betreff|objet|sujet|asunto|oggetto|assunto|onderwerp|temat|ämne|emne|aihe|otsikko|předmět|predmet|tárgy|subiect|тема|konu|θέμα|件名|主题|主旨|題名|제목|موضوع|الموضوع|נושא|perihal|subjek|chủ đề|teema|tēma|tema|re`;

const words = (list: string): string =>
  list
    .split('|')
    .map((word) => word.trim())
    .join('|');

// Outlook and forwarding clients set the label in bold (`*From:*`, `**From:**`) or indent it.
const label = (list: string): RegExp => new RegExp(`^[\\s>*|]{0,8}(?:${words(list)})\\s{0,2}\\*{0,2}\\s?[:：]`, 'iu');

export const FROM_LABEL = label(FROM);
export const OTHER_LABELS = [label(SENT), label(TO), label(CC), label(SUBJECT)];
/** Both at once, for one look at each line. */
export const ANY_LABEL = label([FROM, SENT, TO, CC, SUBJECT].join('|'));

/** `-----Original Message-----`: what stands between the dashes. Apple's and Notes' forward lines have no dashes. */
const SEPARATORS = `original message|original appointment|forwarded message|forwarded mail|begin forwarded message|reply message|replied message
  |ursprüngliche nachricht|originalnachricht|original-nachricht|ursprüngliche mail|weitergeleitete nachricht|anfang der weitergeleiteten nachricht|weitergeleitete mail|ursprungligt meddelande|originalmeddelande|vidarebefordrat meddelande|vidarebefordrat mail
  |message d'origine|message d’origine|message original|message initial|message transféré|message transmis|début du message réexpédié|début du message transféré|mail original|e-mail d'origine
  |mensaje original|mensaje reenviado|mensagem original|mensagem encaminhada|inicio del mensaje reenviado|início da mensagem encaminhada|início da mensagem reencaminhada
  |messaggio originale|messaggio inoltrato|inizio messaggio inoltrato|oorspronkelijk bericht|origineel bericht|doorgestuurd bericht|begin doorgestuurd bericht
  |oprindelig besked|oprindelig meddelelse|videresendt besked|videresendt meddelelse|opprinnelig melding|opprinnelig beskjed|videresendt melding|alkuperäinen viesti|välitetty viesti|edelleenlähetetty viesti
  |oryginalna wiadomość|wiadomość oryginalna|wiadomość przekazana|treść przekazanej wiadomości|původní zpráva|přeposlaná zpráva|pôvodná správa|preposlaná správa|eredeti üzenet|továbbított üzenet|mesaj original|mesajul original|mesaj redirecționat
  |исходное сообщение|пересылаемое сообщение|пересланное сообщение|оригинальное сообщение|переадресованное сообщение|оригінальне повідомлення|переслане повідомлення|orijinal mesaj|özgün ileti|iletilen mesaj|iletilmiş mesaj|αρχικό μήνυμα|προωθημένο μήνυμα
  |原始邮件|原始郵件|邮件原件|转发的邮件|转发邮件|轉寄的郵件|元のメッセージ|転送されたメッセージ|オリジナル メッセージ|원본 메시지|원본 메일|전달된 메시지|전달된 메일|הודעה מקורית|הודעה שהועברה|الرسالة الأصلية|رسالة معاد توجيهها|izvorna poruka|izvorno sporočilo|pesan asli|pesan terusan|thư gốc`;
export const SEPARATOR_LINE = new RegExp(
  `^[\\s>*_=]{0,8}[-–—_]{1,30}\\s?\\*{0,2}\\s?(?:${words(SEPARATORS)}).{0,40}$`,
  'iu',
);
export const BARE_SEPARATOR_LINE = new RegExp(
  `^[\\s>*]{0,8}(?:${words(SEPARATORS)})\\s?[:：-]{0,12}\\*{0,2}\\s*$`,
  'iu',
);
export const FORWARD_WORDS =
  /forward|fwd|weitergeleit|vidarebefordr|transf[eé]r|réexp[ée]di|reenviad|encaminhad|inoltrat|doorgestuurd|videresend|väl?itetty|edelleen|przekazan|přeposl|preposl|továbbít|redirecțion|пересыл|пересл|переадрес|ilet(?:il|en)|προωθημ|转发|轉寄|転送|전달|הועברה|معاد/iu;

/** How such a line begins where it begins with the date: "On Monday", "Am 3.", "2024-05-01", "10:32". */
export const DATED_START =
  /^[\s>*-]{0,8}(?:(?:on|at|le|am|em|el|il|in data|op|den|dnia|w dniu|dne|dňa|în data|pe data|в|на|στις|ngày|pada|vào)\s.{0,20}\d|(?:pe|ma|ti|ke|to|la|su)\s\d|(?:on|le|am|em|el|il|op|den|w|dnia)\s\p{L}{2,12}[,.]?\s|在|于|20\d\d|\d{1,2}[./:-]|\p{L}{2,12}[,.]{1,2}\s{1,2}\d|\p{L}{2,12},?\s\d{1,2}[.,]?\s\p{L})/iu;

/** Or with the name: "Ann Miller <ann@example.org> wrote on …". Only a filter, nearly every line passes. */
export const NAMED_START = /^[\s>*-]{0,8}["'“]?[\p{L}\d_.<]/u;

/** Verbs that some clients end the line with, without a colon: a look-up that keeps the pattern below for few lines. */
export const BARE_VERBS = new Set(
  'wrote writes écrit escribió escribio escribe scritto scrive escreveu schrieb geschrieben schreef geschreven skrev kirjoitti napisał napisała pisze napsal napsala írta написал написала писал пише написа έγραψε 写道 寫道 작성 كتب כתב yazdı'.split(
    ' ',
  ),
);

/** How it ends: the verb, or the name after the verb (German, Nordic, Dutch), or the address. */
export const ATTRIBUTION_END =
  /(?:(?:(?<!\p{L})(?:wrote|writes|said|écrit|escribi[oó]|escribe|scritto|scrive|escreveu|geschrieben|geschreven|schrieb|schreibt|schreef|skrev|kirjoitti|kirjutas|napisał(?:\(a\)|a|e|y)?|pisze|napsal(?:\(a\)|a)?|napísal(?:\(a\)|a)?|írta|a scris|napisao(?:\/la)? je|je napisao\/la|je napisal\(a\)|napisala je|yazdı|đã viết|menulis|rašė|rakstīja)|написал\S{0,4}|писал\S{0,4}|пише\S{0,2}|написа|έγραψε|写道|寫道|のメッセージ|書きました|작성|كتب|כתב)\s?[-*]{0,6}\s?[:：]?\s?[-*]{0,6}|(?<!\p{L})(?:schrieb|schreibt|schreef|skrev|skrifaði)\s.{1,100}[:：]|(?<!\p{L})wrote\s[^:]{1,100}[:：]|[^\s@<>]{1,64}@[^\s@<>]{1,190}[>\])]{1,4}\s?[:：])\s*$/iu;

/** "Sent from my …": the line stands alone at the end of what was written. */
export const SENT_FROM =
  /^[\s*_]{0,4}(?:sent (?:from|via|by|with) (?:my|the|outlook|yahoo|mail|samsung|gmail|proton|blackberry|an?|mobile|iphone|ipad|android|windows|myMail|aol|airmail|spark|superhuman|mailbird|front|nine|type|\S+ mobile)|sent using |get outlook for |get \S+ for (?:ios|android)|von meinem .{1,60}(?:gesendet|geschickt)|gesendet (?:von|mit|über)|diese nachricht wurde .{1,80} gesendet|envoyé (?:de(?:puis)?|à partir d)|télécharge[rz] outlook|obtenir outlook|obtenez outlook|enviado (?:desde|do|de|a partir|via|pelo)|obtener outlook|obter o outlook|descarga outlook|inviato (?:da|dal|con)|ottieni outlook|scarica outlook|verzonden (?:vanaf|met|vanuit)|verstuurd (?:vanaf|met)|outlook voor |download outlook|hent outlook|skaffa outlook|sendt fra|sendt med|skickat från|skickat med|lähetetty |hanki outlook|wysłan[eoy] z|wyslane z|pobierz outlook|odesláno z|odoslané z|küldve |trimis (?:de pe|din)|отправлено (?:с|из)|отправлено от|надіслано з|iPhone(?:'|’)?(?:umdan|dan|imden) gönderildi|.{1,30} gönderildi$|发自我的|發自我的|從我的 .{1,20}傳送|我的.{1,20}发出|iPhoneから送信|.{1,20}から送信$|나의 .{1,20}에서 보냄|.{1,20}에서 보냄$|נשלח מ|أرسلت من|تم الإرسال من)/iu;

/** "Kind regards," with its comma: what follows is name and address. Without one it may be part of the text. */
export const SIGN_OFF =
  /^\s*(?:(?:(?:with |my )?(?:best|kind|kindest|warm|warmest|many|all the best)?\s?(?:and )?regards|best wishes|all the best|cheers|sincerely(?: yours)?|yours (?:sincerely|faithfully|truly)|best|thanks (?:and|&) (?:best |kind )?regards|respectfully)|(?:mit )?(?:freundliche[nm]?|herzliche[nm]?|beste[nm]?|viele[nm]?|liebe[nm]?|schöne[nm]?) gr(?:ü|ue)(?:ß|ss)en?|mfg|(?:bien |très )?(?:cordialement|sincèrement|amicalement)|bien (?:à|a) vous|bonne (?:journée|soirée)|salutations(?: distinguées)?|(?:un )?(?:cordial )?saludos?(?: cordiales)?|atentamente|cordiali saluti|distinti saluti|atenciosamente|att|cumprimentos|met vriendelijke groet(?:en)?|vriendelijke groet(?:en)?|mvg|med vänlig(?:a)? hälsning(?:ar)?|vänliga hälsningar|med venlig hilsen|mvh|ystävällisin terveisin|pozdrawiam|z poważaniem|s pozdravem|s pozdravom|üdvözlettel|cu stimă|с уважением|з повагою|saygılarımla)[,!，！]{1,3}\s*$/iu;

/** First words of a legal notice at a mail's end. */
export const DISCLAIMER =
  /^[\s*_>-]{0,6}(?:(?:this|the information (?:contained )?in this|the contents? of this) (?:e-?mail|message|communication|transmission)(?:,? (?:and|including|together with) (?:any|all|its) (?:attach|file|document)\S*.{0,60})? (?:is|are|may|contains?|was|and|message|transmission)\b.{0,120}(?:confidential|privileged|intended|proprietary)|this (?:e-?mail|message) .{0,80}(?:confidential|intended (?:only|solely)|privileged)|(?:confidentiality|legal|privacy|important)(?: |-)(?:notice|note|disclaimer|statement|caution)\b|disclaimer\s*[:：]|if you (?:are not|have received) (?:the intended|this (?:e-?mail|message|communication) in error)|please consider the environment|think before you print|diese (?:e-?mail|nachricht) .{0,80}(?:vertraulich|ausschlie(?:ß|ss)lich)|bitte (?:denken|prüfen) sie .{0,40}(?:umwelt|drucken)|ce (?:message|courriel|mail|courrier) .{0,80}(?:confidentiel|destinataire|établi)|(?:le informazioni|questo messaggio|questa e-?mail|il presente messaggio) .{0,120}(?:riservat|confidenzial|esclusiv|destinatari)|este (?:mensaje|correo) .{0,120}(?:confidencial|exclusiv|destinatari)|esta (?:mensagem|e-?mail) .{0,120}(?:confidencia|exclusiv|destinat)|(?:dit (?:bericht|e-?mail)|deze e-?mail|de informatie in) .{0,120}(?:vertrouwelijk|uitsluitend|bestemd)|(?:ta wiadomość|niniejsza wiadomość|treść tej wiadomości) .{0,120}(?:poufn|wyłącznie)|настоящее (?:сообщение|письмо) .{0,120}конфиденциальн)/iu;

/** Markers that help desks put into their mails: everything below is not new. */
export const REPLY_ABOVE =
  /(?:(?:please )?(?:type|write|add) your reply (?:above|over) this line|(?:please )?(?:reply|respond) above this line|répond(?:re|ez) au-dessus de cette ligne|bitte .{0,30}über dieser (?:zeile|linie)|escriba .{0,30}encima de esta línea)/iu;
