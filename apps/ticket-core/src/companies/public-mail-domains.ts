/**
 * Where anybody has an address: no company can claim these, or all the world would be of it. The large ones; a desk that
 * meets another can leave it unclaimed.
 */
const PUBLIC_MAIL_DOMAINS: ReadonlySet<string> = new Set(
  `
  gmail.com googlemail.com outlook.com hotmail.com live.com msn.com outlook.de hotmail.co.uk hotmail.fr hotmail.de
  live.co.uk live.fr yahoo.com yahoo.co.uk yahoo.de yahoo.fr ymail.com yahoo.co.jp yahoo.co.in yahoo.com.br
  rocketmail.com aol.com icloud.com me.com mac.com gmx.de gmx.net gmx.com gmx.at gmx.ch web.de t-online.de
  freenet.de mail.de posteo.de mailbox.org proton.me protonmail.com pm.me tutanota.com tuta.com fastmail.com
  fastmail.fm zoho.com hey.com mail.com mail.ru bk.ru inbox.ru list.ru yandex.ru yandex.com rambler.ru orange.fr
  free.fr laposte.net sfr.fr wanadoo.fr libero.it virgilio.it btinternet.com sky.com comcast.net verizon.net
  att.net sbcglobal.net cox.net charter.net bigpond.com telstra.com qq.com 163.com 126.com sina.com naver.com
  daum.net hanmail.net uol.com.br bol.com.br wp.pl o2.pl onet.pl interia.pl seznam.cz centrum.cz bluewin.ch
  ziggo.nl telenet.be
`
    .trim()
    .split(/\s+/),
);

export const isPublicMailDomain = (domain: string): boolean => PUBLIC_MAIL_DOMAINS.has(domain);
