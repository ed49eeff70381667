// Promise: every letter can be seen, in every language, before anybody gets it.
import { translationIn } from '../../i18n/catalogues.ts';
import type { Context } from '../context.ts';
import { after, dayOf, instant } from '../platform/clock.ts';
import { pages, type Letter, type Letters, type LetterValues, type Template } from './letters.ts';
import { writeLetter, type Written } from './writing.ts';

export interface Preview extends Written {
	template: Template;
	language: string;
}

type Writer = Pick<Context, 'organisation' | 'settings'>;

type ValueName = { [Name in Template]: keyof Letters[Name] }[Template];

/** These name a certificate; everywhere else a code is one of six digits. */
const withClaim: ReadonlySet<Template> = new Set([
	'withdrawal-requested',
	'withdrawal-done',
	'withdrawal-done-here',
	'child-destroyed'
]);

/** Invented values, of the length that real ones have. */
function valuesFor(template: Template, now: Date, language: string): Record<ValueName, string | number> {
	const inDays = (days: number) => instant(after(now, days, 'days'));
	const onDay = (days: number) => dayOf(after(now, days, 'days'));
	const notice = notices[language] ?? (notices.en as string);
	const { t } = translationIn(language);
	return {
		code: withClaim.has(template) ? 'K7QM-4XTW-9PRD-2HVN' : '482915',
		count: 10,
		link: 'https://privacy.example.com/sign-in/code',
		topic: '',
		notice,
		summary: notice.split('\n\n')[0] ?? '',
		signedInAt: inDays(0),
		changedAt: inDays(0),
		expiresAt: inDays(7),
		eraseAt: inDays(14),
		destroyAt: inDays(14),
		endsAt: inDays(14),
		dueAt: inDays(14),
		dueOn: onDay(30),
		effectiveOn: onDay(30),
		programme: t('mail:sms.programme'),
		frequency: t('mail:sms.frequency'),
		contact: '+34 910 000 000',
		settings: 'https://privacy.example.com/messages',
		way: 'SMS',
		systems: t('mail:sms.programme'),
		untilOn: onDay(30),
		because: notice.split('\n\n')[0] ?? '',
		choices: `${t('mail:sms.programme')}\n${t('mail:sms.frequency')}`
	};
}

const notices: Readonly<Record<string, string>> = {
	en: 'This paragraph stands where the organisation tells what happened, in its own words.\n\nThis is a second one: what it has done, and what you can do.',
	ko: '이 문단 자리에 조직이 무슨 일이 있었는지 직접 설명하는 글이 들어갑니다.\n\n두 번째 문단입니다. 어떤 조치를 했고 무엇을 하실 수 있는지 적습니다.',
	es: 'En lugar de este párrafo, la organización cuenta con sus palabras qué ha pasado.\n\nEste es el segundo: qué ha hecho y qué puede hacer usted.',
	ar: 'مكان هذه الفقرة تكتب المؤسسة بكلماتها ما حدث.\n\nوهذه فقرة ثانية: ما فعلته المؤسسة، وما يمكنك أنت فعله.'
};

/** What can be refused, for the one letter that shows the way out. */
const refusable = ({ organisation }: Writer) =>
	organisation.topics.find(({ essential, channels }) => !essential && channels.includes('email'));

/** Every letter in every language of the description, with invented values. */
export function previews(writer: Writer, now: Date): Preview[] {
	const topic = refusable(writer);
	const unsubscribeUrl = new URL(`/unsubscribe/${'preview-'.repeat(20)}`, writer.settings.origin).href;
	return writer.organisation.languages.flatMap((language) =>
		(Object.keys(pages) as Template[]).map((template) => {
			const about = template === 'topic-sample' && topic ? { topic: topic.id, unsubscribeUrl } : {};
			const label = topic?.label[language] ?? '';
			const values: LetterValues = { ...valuesFor(template, now, language), topic: label };
			const letter: Letter = { to: 'person@example.com', language, timeZone: 'UTC', values, ...about };
			return { template, language, ...writeLetter(writer, template, letter) };
		})
	);
}
