// What seeded customers write about. Every text is put together from these, so that common, rare and very rare words exist.
export const THINGS =
  `printer,invoice,login,password,VPN,export,dashboard,calendar,mailbox,backup,licence,subscription,webhook,
API key,mobile app,report,single sign-on,payment,refund,delivery,tracking number,account,profile picture,language setting,
time zone,notification,search,import,CSV file,attachment,two-factor code,laptop,monitor,headset,docking station,firewall,
certificate,domain,DNS record,database,server,upgrade,contract,quote,purchase order,warehouse,scanner,label printer,
meeting room,badge`
    .split(',')
    .map((word) => word.trim());

export const PROBLEMS =
  `does not work any more,is very slow since this morning,shows a white page,asks for a code that never arrives,
was charged twice,cannot be found,ends with an error,is missing from our plan,should be changed to the new address,
loses its settings,is not synchronised,was delivered broken,needs to be renewed before Friday,is in the wrong language,
crashes when two people use it,shows last year's numbers,cannot be opened on a phone,was deleted by mistake,
is refused by our proxy,takes ten minutes to load,needs approval by finance,has the wrong tax number,
stopped after the update,sends every mail twice`
    .split(',')
    .map((text) => text.trim());

const OPENINGS = [
  'Hello, we noticed that the',
  'Good morning, since yesterday the',
  'Could you please have a look: the',
  'Our whole team waits because the',
  'Thanks for the quick answer, but the',
  'I tried what you said and the',
  'We have restarted everything and still the',
  'As far as I can see the',
];
const ENDINGS = [
  'Please tell us when it will be solved.',
  'A screenshot is attached.',
  'It happens on Windows and on Linux.',
  'Nobody changed anything on our side.',
  'It is urgent because of the month-end closing.',
  'There is no hurry, next week is early enough.',
  'The customer number is in the signature.',
];
/** Words that are in one of some hundreds of texts only. */
const RARE =
  `quarantine,kerberos,thunderstorm,firmware,deduplication,reconciliation,marmalade,oscilloscope,gooseberry,tarpaulin,
latency,checksum,escrow,sextant,bandwidth,overdraft,palimpsest,goniometer,forklift,timesheet`
    .split(',')
    .map((word) => word.trim());

/** Some 400 texts of messages. */
export const TEXTS = Array.from({ length: 400 }, (_, n) => {
  const pick = (list, step) => list[(n * step + Math.floor(n / list.length)) % list.length];
  const rare = n % 20 === 7 ? ` The log says something about ${RARE[Math.floor(n / 20)]}.` : '';
  return `${pick(OPENINGS, 3)} ${pick(THINGS, 7)} ${pick(PROBLEMS, 5)}. ${pick(ENDINGS, 2)}${rare}`;
});
export const SUBJECTS = THINGS.flatMap((thing) =>
  PROBLEMS.map((problem) => `${thing[0].toUpperCase()}${thing.slice(1)} ${problem}`),
);

const FIRST =
  `Ada,Ben,Carla,Dmitri,Elif,Farid,Greta,Hana,Ivan,Jana,Kofi,Lena,Marta,Noor,Olga,Pavel,Quentin,Rosa,Samir,Tove,Uma,Vera,Wen,Ximena,Yara,Zoe,
Anton,Bianca,Chidi,Dora,Emil,Fatima,Gustav,Helga,Ines,Jorge,Katja,Liam,Mira,Nils`
    .split(',')
    .map((name) => name.trim());
const SYLLABLES =
  `ba,den,fel,gar,hol,jen,kra,lin,mor,nak,ost,per,ros,sal,tor,ulm,ver,wil,zan,bri,dal,eck,fri,gos,hen`.split(',');
export const personName = (n) => {
  const [a, b, c] = [n % 25, Math.floor(n / 25) % 25, Math.floor(n / 625) % 25];
  const last = `${SYLLABLES[a]}${SYLLABLES[b]}${n >= 15_625 ? SYLLABLES[c] : ''}`;
  return `${FIRST[(n * 7) % FIRST.length]} ${last[0].toUpperCase()}${last.slice(1)}`;
};
