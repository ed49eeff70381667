// Choices in words, a line each, as the person reads them in a letter.
import type { Person } from '../../accounts/people.ts';
import type { Context } from '../../context.ts';
import { translationIn } from '../../../i18n/catalogues.ts';
import { everyTopic } from '../ledger.ts';
import type { ChangeRow } from '../queries.ts';
import type { Yes } from './yeses.ts';

type Reader = Pick<Person, 'language' | 'timeZone'>;
type Labelled = readonly { id: string; label: Record<string, string> }[];

/** What the description calls a choice; one that it has dropped goes by its code. */
function namesOf({ organisation }: Context, { language, timeZone }: Reader) {
	const { t, text, date, dateTime } = translationIn(language, timeZone);
	const labelOf = (all: Labelled, id: string) => text(all.find((one) => one.id === id)?.label) || id;
	const named = ({ channel, topic }: { channel: string; topic: string }) => ({
		channel: labelOf(organisation.channels, channel),
		topic: topic === everyTopic ? t('messages:history.everything') : labelOf(organisation.topics, topic)
	});
	return { t, date, dateTime, named };
}

/** `Events (Email), since 3 March 2025` */
export function yesLines(ctx: Context, reader: Reader, yeses: readonly Yes[]): string {
	const { t, date, named } = namesOf(ctx, reader);
	return yeses
		.map((yes) => t('messages:reconfirm.choice', { ...named(yes), date: date(yes.since) }))
		.join('\n');
}

/** `Off: Events (Email), 3 March 2025 at 10:00` */
export function decisionLines(ctx: Context, reader: Reader, decided: readonly ChangeRow[]): string {
	const { t, dateTime, named } = namesOf(ctx, reader);
	return decided
		.map((change) => {
			const sentence = change.allowed ? 'messages:decided.on' : 'messages:decided.off';
			return t(sentence, { ...named(change), date: dateTime(change.at) });
		})
		.join('\n');
}
