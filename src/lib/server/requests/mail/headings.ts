// Promise: a mail whose subject names a right is taken as that right, in any of the languages; any other mail is left alone.
import type { Regime } from '../clock/rules.ts';
import type { Kind } from '../kinds.ts';

export interface Heading {
	kind: Kind;
	/** The law that the subject names, whose clock then counts wherever its writer lives. */
	regime: Regime | undefined;
	/** In which the subject names it. */
	language: string;
}

/** A whole right in a few words. */
const phrases: readonly { language: string; kind: Kind; regime?: Regime; words: RegExp }[] = [
	{
		language: 'en',
		kind: 'california-disclosure',
		regime: 'california-shine-the-light',
		words: /california privacy (rights|information)|shine the light|1798\.83/
	},
	{
		language: 'es',
		kind: 'california-disclosure',
		regime: 'california-shine-the-light',
		words: /privacidad (en|de) california/
	},
	{
		language: 'ko',
		kind: 'california-disclosure',
		regime: 'california-shine-the-light',
		words: /캘리포니아 (개인정보|프라이버시)/
	},
	{
		language: 'ar',
		kind: 'california-disclosure',
		regime: 'california-shine-the-light',
		words: /خصوصية كاليفورنيا|الخصوصية في كاليفورنيا/
	},
	{ language: 'en', kind: 'erasure', words: /(delete|erase|close) my account/ },
	{ language: 'ko', kind: 'erasure', words: /(회원|계정) ?(탈퇴|삭제)/ },
	{ language: 'es', kind: 'erasure', words: /(eliminar|borrar|cancelar) mi cuenta|darme de baja/ },
	{ language: 'ar', kind: 'erasure', words: /(حذف|محو|إغلاق) حسابي/ }
];

/** What says that the subject is about personal data at all, and by which law. */
const marks: readonly { language: string; regime?: Regime; words: RegExp }[] = [
	{
		language: 'en',
		regime: 'gdpr',
		words: /(^|[^\p{L}])gdpr($|[^\p{L}])|general data protection regulation/u
	},
	{
		language: 'es',
		regime: 'gdpr',
		words: /(^|[^\p{L}])rgpd($|[^\p{L}])|reglamento general de protección de datos/u
	},
	{ language: 'ko', regime: 'gdpr', words: /유럽 (연합 )?(일반 )?개인정보 ?보호/ },
	{ language: 'ar', regime: 'gdpr', words: /اللائحة العامة لحماية البيانات/ },
	{ language: 'en', regime: 'ccpa', words: /(^|[^\p{L}])ccpa($|[^\p{L}])|california consumer privacy act/u },
	{ language: 'ko', regime: 'pipa', words: /개인정보 ?보호법/ },
	{ language: 'en', regime: 'pipa', words: /(^|[^\p{L}])pipa($|[^\p{L}])/u },
	{ language: 'ko', words: /개인 ?정보|내 정보/ },
	{ language: 'es', words: /(mis )?datos personales|mis datos|privacidad/ },
	{ language: 'ar', words: /بيانات(ي|ك)? ?الشخصية|بياناتي|الخصوصية/ },
	{
		language: 'en',
		words: /personal (data|information)|my (own )?data|privacy (request|rights?)|data subject/
	}
];

/** What is asked beside such a mark; an access where nothing is named. */
const rights: readonly { kind: Kind; words: RegExp }[] = [
	{ kind: 'portability', words: /portab|이동|전송 ?요구|portabilidad|نقل/ },
	{ kind: 'correction', words: /correct|rectif|wrong|정정|수정|correg|تصحيح/ },
	{
		kind: 'erasure',
		words: /eras|delet|forgot|삭제|파기|탈퇴|supresión|suprimir|borra|elimina|olvido|محو|حذف|مسح/
	},
	{ kind: 'restriction', words: /restrict|limit|처리 ?제한|limitación|limitar|تقييد/ },
	{ kind: 'objection', words: /object|opt.?out|do not sell|처리 ?정지|거부|oposición|oponer|اعتراض|إيقاف/ },
	{ kind: 'complaint', words: /complain|불만|민원|고충|queja|reclamación|شكوى/ },
	{ kind: 'copy', words: /copy|사본|copia|نسخة/ },
	{ kind: 'question', words: /question|문의|질문|pregunta|consulta|سؤال|استفسار/ }
];

/** How a subject is compared: compatible characters as one, small letters, single blanks. */
const plain = (subject: string): string =>
	subject
		.normalize('NFKC')
		.toLowerCase()
		.replace(/[\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g, '')
		.replace(/\s+/g, ' ')
		.trim();

/** The right that a subject names; undefined for a mail about anything else. */
export function headingOf(subject: string): Heading | undefined {
	const text = plain(subject.slice(0, 1_000));
	const phrase = phrases.find(({ words }) => words.test(text));
	if (phrase) return { kind: phrase.kind, regime: phrase.regime, language: phrase.language };
	const mark = marks.find(({ words }) => words.test(text));
	if (!mark) return undefined;
	const right = rights.find(({ words }) => words.test(text));
	return { kind: right?.kind ?? 'access', regime: mark.regime, language: mark.language };
}
