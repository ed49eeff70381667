import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isStopLike, meaningOf } from './reading.ts';
import { words, type Meaning } from './words.ts';

const all = (Object.keys(words) as Meaning[]).flatMap((meaning) =>
	Object.values(words[meaning])
		.flat()
		.map((word) => ({ meaning, word }))
);

const fullWidth = (text: string) =>
	text.replace(/[!-~]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0));
const isArabic = (text: string) => /\p{Script=Arabic}/u.test(text);
const withVowels = (text: string) => [...text].map((letter) => `${letter}\u064e`).join('');
const withoutHamza = (text: string) => text.replace(/[أإآ]/g, 'ا');
const lengthened = (text: string) => [...text].join('\u0640');

/** Ways to type a word that change nothing of it. */
const spellings: Record<string, (word: string) => string> = {
	'as it is': (word) => word,
	small: (word) => word.toLowerCase(),
	capitals: (word) => word.toUpperCase(),
	'full width': fullWidth,
	decomposed: (word) => word.normalize('NFD'),
	composed: (word) => word.normalize('NFC'),
	'without hamza': withoutHamza,
	'with vowel signs': (word) => (isArabic(word) ? withVowels(word) : word),
	lengthened: (word) => (isArabic(word) ? lengthened(word) : word)
};
const gap = fc
	.array(
		fc.constantFrom(
			' ',
			'.',
			'-',
			'!',
			'…',
			'\t',
			'\n',
			'\u00a0',
			'\u3000',
			'_',
			'"',
			'’',
			'\u200e',
			'\u200b'
		),
		{
			maxLength: 3
		}
	)
	.map((signs) => signs.join(''));

test('no word means two things', () => {
	for (const { word, meaning } of all) expect(meaningOf(word), word).toBe(meaning);
});

test.each([
	'STOP',
	'STOPALL',
	'STOP ALL',
	'UNSUBSCRIBE',
	'CANCEL',
	'END',
	'QUIT',
	'REVOKE',
	'OPTOUT',
	'OPT OUT',
	'OPT-OUT',
	'REMOVE',
	'ARRET',
	'ALTO',
	'PARAR',
	'BAJA',
	'CANCELAR',
	'수신거부',
	'수신 거부',
	'거부',
	'해지',
	'그만',
	'إيقاف',
	'ايقاف',
	'توقف',
	'الغاء',
	'إلغاء',
	'Stop.',
	' stop ',
	'S T O P',
	'ＳＴＯＰ',
	'“Stop!”',
	'STOPP'
])('%s stops', (text) => expect(meaningOf(text)).toBe('stop'));

test('however a word is typed, it says the same', () => {
	fc.assert(
		fc.property(
			fc.constantFrom(...all),
			fc.constantFrom(...Object.keys(spellings)),
			fc.array(gap, { minLength: 1, maxLength: 60 }),
			({ word, meaning }, spelling, gaps) => {
				const letters = [...(spellings[spelling] as (word: string) => string)(word)];
				const typed = letters.map((letter, at) => (gaps[at % gaps.length] ?? '') + letter).join('');
				expect(meaningOf(typed + (gaps[0] ?? ''))).toBe(meaning);
			}
		)
	);
});

test('a word with anything beside it is no keyword', () => {
	const beside = fc.string({ minLength: 1 }).filter((text) => /[\p{L}\p{N}]/u.test(text));
	fc.assert(
		fc.property(fc.constantFrom(...all), beside, ({ word }, text) => {
			const together = `${word} zzz ${text}`;
			expect(meaningOf(together)).toBeUndefined();
		})
	);
});

test('whatever is sent, it is read without harm', () => {
	fc.assert(
		fc.property(fc.string({ unit: 'binary', maxLength: 3_000 }), (text) => {
			expect(typeof isStopLike(text)).toBe('boolean');
			meaningOf(text);
		})
	);
	const started = performance.now();
	for (const text of [
		'dont '.repeat(4_000),
		'لا '.repeat(6_000),
		'no deje '.repeat(3_000),
		'문자 '.repeat(5_000)
	])
		isStopLike(text);
	expect(performance.now() - started).toBeLessThan(1_000);
});

describe('somebody who writes in their own words that it should end', () => {
	test.each([
		"please don't text me again",
		'Stop texting me!!',
		'STOP please, this is too much',
		'take me off your list',
		'Remove my number from this',
		'I do not want any more messages',
		'no more texts',
		'Leave me alone',
		'wrong number',
		'how do I unsubscribe?',
		'quit messaging me',
		'Not interested',
		'I don’t want these anymore, stop',
		'never contact me',
		'cancel my subscription',
		'I would like to opt out',
		'who is this?? stop',
		'this is spam',
		'Do not ever call or write',
		'please no more sms',
		'더 이상 문자 보내지 마세요',
		'문자 그만 보내 주세요',
		'광고 수신 거부합니다',
		'연락하지 마',
		'이런 문자 받고 싶지 않아요',
		'제 번호 삭제해 주세요',
		'해지해 주세요',
		'문자 안 받을래요',
		'수신거부 부탁드립니다',
		'스팸 신고합니다',
		'전화하지 마세요',
		'no me escriban más',
		'Por favor, deje de enviarme mensajes',
		'quiero darme de baja',
		'Borren mi número de su lista',
		'no quiero recibir publicidad',
		'Dejen de molestar',
		'no me interesa',
		'número equivocado',
		'ya no me manden SMS',
		'déjenme en paz',
		'BASTA YA de mensajes',
		'cancelen mi suscripción',
		'من فضلك لا ترسل لي رسائل',
		'لا أريد رسائل بعد الآن',
		'أوقفوا الرسائل',
		'ألغوا اشتراكي',
		'احذف رقمي من القائمة',
		'الرقم خطأ',
		'توقفوا عن مراسلتي',
		'كفاية رسائل',
		'لا تتصل بي',
		'مزعجين',
		'🛑',
		'STOP ALL OF IT'
	])('%s', (text) => {
		expect(meaningOf(text)).toBeUndefined();
		expect(isStopLike(text)).toBe(true);
	});
});

describe('somebody who writes about something else is not taken for that', () => {
	test.each([
		'Thank you!',
		'When does the class begin?',
		'ok',
		'See you tomorrow at nine',
		'Can I pay by card?',
		'I lost my password',
		'감사합니다',
		'수업이 언제 시작하나요?',
		'비밀번호를 잊었어요',
		'내일 뵙겠습니다',
		'Muchas gracias',
		'¿A qué hora empieza la clase?',
		'He perdido mi contraseña',
		'Hasta mañana',
		'شكرا جزيلا',
		'متى يبدأ الدرس؟',
		'نسيت كلمة المرور',
		'أراك غدا'
	])('%s', (text) => {
		expect(meaningOf(text)).toBeUndefined();
		expect(isStopLike(text)).toBe(false);
	});
});
